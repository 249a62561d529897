import { AstroJobsError } from '../../job/errors.js';
import type { JobStore } from '../../store/job-store.js';

/**
 * Keeps the number of jobs that wait or run below a limit. Jobs that are being stored count as if they were there, so that ten
 * thousand submits at once do not all find the store empty; other processes are seen when the store is counted.
 */
export class Admission {
  readonly #store: JobStore;
  readonly #maxJobs: number;
  #counted = 0;
  /** Admitted since the store was counted. */
  #since = 0;
  /** Admitted, and not yet in the store. */
  #arriving = 0;
  #counting: Promise<void> | undefined;
  #known = false;

  constructor(store: JobStore, maxJobs: number) {
    this.#store = store;
    this.#maxJobs = maxJobs;
  }

  /**
   * Stores one more job, unless the limit is reached.
   * @throws AstroJobsError `too_many_jobs`
   */
  admit<T>(store: () => Promise<T>): Promise<T> {
    return this.admitMany(1, store);
  }

  /** Stores so many more jobs, or none of them where they are too many. @throws AstroJobsError `too_many_jobs` */
  async admitMany<T>(jobs: number, store: () => Promise<T>): Promise<T> {
    if (!this.#known || !this.#hasPlacesFor(jobs)) await this.#count();
    if (!this.#hasPlacesFor(jobs)) {
      throw new AstroJobsError(
        'too_many_jobs',
        `${this.#counted + this.#since} jobs wait or run already (maxJobs ${this.#maxJobs}); submit again later`,
      );
    }
    this.#since += jobs;
    this.#arriving += jobs;
    try {
      return await store();
    } finally {
      this.#arriving -= jobs;
    }
  }

  #hasPlacesFor(jobs: number): boolean {
    return this.#counted + this.#since + jobs <= this.#maxJobs;
  }

  #count(): Promise<void> {
    this.#counting ??= this.#recount().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #recount(): Promise<void> {
    // Those may be stored before the store is counted or after: counted twice for a moment, never missed.
    const arriving = this.#arriving;
    const since = this.#since;
    const { queued, processing } = await this.#store.counts(['queued', 'processing']);
    this.#counted = queued + processing;
    this.#since += arriving - since;
    this.#known = true;
  }
}
