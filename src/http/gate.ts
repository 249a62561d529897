import { HttpError } from './errors.js';

interface Waiting {
  key: string;
  proceed(): void;
}

export interface GateOptions {
  /** Calls that run at a time. */
  places: number;
  /** Of these, with the same key. @default all */
  placesPerKey?: number;
  /** Calls that may wait; of one key half of them. */
  waiting: number;
}

/**
 * Lets a limited number of calls run at a time. The next wait in a queue of limited length, and further ones are refused. No key
 * can take all places, so a client whose calls take long is waited for by itself alone.
 */
export class Gate {
  #inside = 0;
  readonly #insideOf = new Map<string, number>();
  readonly #queue: Waiting[] = [];
  readonly #placesPerKey: number;

  constructor(private readonly options: GateOptions) {
    this.#placesPerKey = options.placesPerKey ?? options.places;
  }

  /**
   * Resolves, once there is a place, with how to leave it.
   * @throws HttpError 503 `busy`; the reason of `signal`
   */
  async enter(key: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#isFreeFor(key)) this.#take(key);
    else await this.#wait(key, signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave(key);
    };
  }

  #isFreeFor(key: string): boolean {
    return this.#inside < this.options.places && (this.#insideOf.get(key) ?? 0) < this.#placesPerKey;
  }

  #take(key: string): void {
    this.#inside++;
    this.#insideOf.set(key, (this.#insideOf.get(key) ?? 0) + 1);
  }

  #leave(key: string): void {
    this.#inside--;
    const now = (this.#insideOf.get(key) ?? 1) - 1;
    if (now > 0) this.#insideOf.set(key, now);
    else this.#insideOf.delete(key);
    const next = this.#queue.findIndex((waiting) => this.#isFreeFor(waiting.key));
    const [waiting] = next < 0 ? [] : this.#queue.splice(next, 1);
    if (!waiting) return;
    this.#take(waiting.key);
    waiting.proceed();
  }

  #wait(key: string, signal?: AbortSignal): Promise<void> {
    const { waiting } = this.options;
    const ofKey = this.#queue.filter((other) => other.key === key).length;
    if (this.#queue.length >= waiting || ofKey >= Math.ceil(waiting / 2)) {
      throw new HttpError('busy', 'Too many uploads at this moment; try again soon', { 'retry-after': '5' });
    }
    return new Promise((resolve, reject) => {
      const abandon = () => {
        const place = this.#queue.indexOf(entry);
        if (place >= 0) this.#queue.splice(place, 1);
        reject(signal?.reason);
      };
      const entry: Waiting = {
        key,
        proceed() {
          signal?.removeEventListener('abort', abandon);
          resolve();
        },
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.#queue.push(entry);
    });
  }
}
