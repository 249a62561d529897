export interface GateOptions {
  /** Calls that run side by side. */
  places: number;
  /** Calls that may wait for a place. @default no limit */
  waiting?: number;
}

/** Lets a limited number of calls run at a time; the others wait in the order in which they came. */
export class Gate {
  readonly #places: number;
  readonly #waitingAtMost: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ places, waiting = Number.POSITIVE_INFINITY }: GateOptions) {
    this.#places = places;
    this.#waitingAtMost = waiting;
  }

  /** Whether the next call would neither run nor be allowed to wait. */
  get isFull(): boolean {
    return this.#running >= this.#places && this.#waiting.length >= this.#waitingAtMost;
  }

  /** Resolves, once there is a place, with how to leave it. Rejects with the reason of `signal` when that comes first. */
  async enter(signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#running < this.#places) this.#running += 1;
    else await this.#turn(signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // A place is handed on, not freed: a newcomer cannot come before those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    };
  }

  async run<T>(act: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await act();
    } finally {
      leave();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = () => {
        signal?.removeEventListener('abort', abandon);
        resolve();
      };
      const abandon = () => {
        this.#waiting.splice(this.#waiting.indexOf(proceed), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.#waiting.push(proceed);
    });
  }
}
