import { nowSeconds } from '../job/status.js';
import type { JobStore } from '../store/job-store.js';

/** Jobs read at once beyond those that could not be claimed. */
const READ_AT_ONCE = 32;
/** Clients that are remembered as served. */
const SERVED_CLIENTS = 1000;
/** Times as long as reading it took. */
const KEPT_FOR = 10;

/**
 * The first runnable jobs of a store. A queue of ten thousand takes its time to read, so its head is kept for a while, in
 * proportion to that time.
 */
export class RunnableJobs {
  readonly #store: JobStore;
  /** Clients whose jobs were started here, the latest last. */
  readonly #served = new Set<string>();
  #head: string[] = [];
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(store: JobStore) {
    this.#store = store;
  }

  /** A job of this client is started: others have their turn first. */
  started(rateKey = ''): void {
    this.#served.delete(rateKey);
    this.#served.add(rateKey);
    const [oldest] = this.#served;
    if (this.#served.size > SERVED_CLIENTS && oldest !== undefined) this.#served.delete(oldest);
  }

  /** The first runnable jobs, read now. */
  first(limit: number): Promise<string[]> {
    return this.#store.runnable({ now: nowSeconds(), limit, served: [...this.#served] });
  }

  /** The first that was not tried; jobs that cannot be claimed stay in the queue, and behind them are others. */
  async next(tried: ReadonlySet<string>): Promise<string | undefined> {
    if (performance.now() > this.#freshUntil) this.#head = [];
    for (;;) {
      for (let id = this.#head.shift(); id !== undefined; id = this.#head.shift())
        if (!tried.has(id)) return id;
      const started = performance.now();
      const ids = await this.first(tried.size + READ_AT_ONCE);
      const ended = performance.now();
      this.#head = ids.filter((id) => !tried.has(id));
      this.#freshUntil = ended + (ended - started) * KEPT_FOR;
      if (this.#head.length === 0) return undefined;
    }
  }
}
