export interface GateOptions {
  /** Calls that run side by side. */
  places: number;
  /** Of these, with the same key. @default all */
  placesPerKey?: number;
  /** Calls that may wait for a place; of one key half of them. @default no limit */
  waiting?: number;
  /** What a call is rejected with that may not even wait. */
  refusal?: () => Error;
}

interface Waiting {
  key: string;
  proceed(): void;
}

/**
 * Lets a limited number of calls run at a time; the others wait in the order in which they came. No key can take all places if
 * `placesPerKey` is lower, so whoever takes long holds up only those with the same key.
 */
export class Gate {
  readonly #options: Required<GateOptions>;
  readonly #insideOf = new Map<string, number>();
  readonly #queue: Waiting[] = [];
  #inside = 0;

  constructor({
    places,
    placesPerKey = places,
    waiting = Number.POSITIVE_INFINITY,
    refusal = () => new Error('Too many calls wait already'),
  }: GateOptions) {
    this.#options = { places, placesPerKey, waiting, refusal };
  }

  /**
   * Resolves, once there is a place, with how to leave it.
   * @throws `refusal`; the reason of `signal` when that comes first
   */
  async enter(key = '', signal?: AbortSignal): Promise<() => void> {
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

  async run<T>(act: () => Promise<T>, key = ''): Promise<T> {
    const leave = await this.enter(key);
    try {
      return await act();
    } finally {
      leave();
    }
  }

  #isFreeFor(key: string): boolean {
    const { places, placesPerKey } = this.#options;
    return this.#inside < places && (this.#insideOf.get(key) ?? 0) < placesPerKey;
  }

  #take(key: string): void {
    this.#inside += 1;
    this.#insideOf.set(key, (this.#insideOf.get(key) ?? 0) + 1);
  }

  /** A place is handed on at once: a newcomer cannot come before those who wait. */
  #leave(key: string): void {
    this.#inside -= 1;
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
    const { waiting, refusal } = this.#options;
    if (Number.isFinite(waiting)) {
      const ofKey = this.#queue.filter((other) => other.key === key).length;
      if (this.#queue.length >= waiting || ofKey >= Math.ceil(waiting / 2)) throw refusal();
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
