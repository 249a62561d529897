import { nowSeconds } from '../job/status.js';
import type { JobStore } from '../store/job-store.js';

/** Jobs read at once beyond those that could not be claimed. */
const READ_AT_ONCE = 32;
/** Times as long as reading it took. */
const KEPT_FOR = 10;

/**
 * The first runnable jobs of a store. A queue of ten thousand takes its time to read, so its head is kept for a while, in
 * proportion to that time.
 */
export class RunnableJobs {
  readonly #store: JobStore;
  #head: string[] = [];
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(store: JobStore) {
    this.#store = store;
  }

  /** The first that was not tried; jobs that cannot be claimed stay in the queue, and behind them are others. */
  async next(tried: ReadonlySet<string>): Promise<string | undefined> {
    if (performance.now() > this.#freshUntil) this.#head = [];
    for (;;) {
      for (let id = this.#head.shift(); id !== undefined; id = this.#head.shift())
        if (!tried.has(id)) return id;
      const started = performance.now();
      const ids = await this.#store.runnable({ now: nowSeconds(), limit: tried.size + READ_AT_ONCE });
      const ended = performance.now();
      this.#head = ids.filter((id) => !tried.has(id));
      this.#freshUntil = ended + (ended - started) * KEPT_FOR;
      if (this.#head.length === 0) return undefined;
    }
  }
}
