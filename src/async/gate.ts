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

/** Keys of which it is known when they last had a place. */
const REMEMBERED = 1000;

/**
 * Lets a limited number of calls run at a time. Of those that wait, the key that has had no place for the longest time comes next, so
 * that many calls of one key hold up no other; calls of one key stay in the order in which they came. No key can take all places if
 * `placesPerKey` is lower, so whoever takes long holds up only those with the same key.
 */
export class Gate {
  readonly #options: Required<GateOptions>;
  readonly #insideOf = new Map<string, number>();
  readonly #queue: Waiting[] = [];
  /** Key → number of the place that it had last; the first one is the longest ago. */
  readonly #lastOf = new Map<string, number>();
  #inside = 0;
  #taken = 0;

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
    this.#taken += 1;
    this.#lastOf.delete(key);
    this.#lastOf.set(key, this.#taken);
    const [longest] = this.#lastOf.keys();
    if (this.#lastOf.size > REMEMBERED && longest !== undefined) this.#lastOf.delete(longest);
  }

  /** A place is handed on at once: a newcomer cannot come before those who wait. */
  #leave(key: string): void {
    this.#inside -= 1;
    const now = (this.#insideOf.get(key) ?? 1) - 1;
    if (now > 0) this.#insideOf.set(key, now);
    else this.#insideOf.delete(key);
    const waiting = this.#next();
    if (!waiting) return;
    this.#queue.splice(this.#queue.indexOf(waiting), 1);
    this.#take(waiting.key);
    waiting.proceed();
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined;
    const lastOf = ({ key }: Waiting) => this.#lastOf.get(key) ?? 0;
    for (const waiting of this.#queue)
      if (this.#isFreeFor(waiting.key) && (!next || lastOf(waiting) < lastOf(next))) next = waiting;
    return next;
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
