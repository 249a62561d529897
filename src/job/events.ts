import type { Logger } from './logger.js';
import type { JobStatus } from './status.js';

/**
 * What an `AstroJobs` tells its listeners, each with the status of that moment.
 *
 * - `queued`: the job is durable and waits to be run; again when it was given back.
 * - `processing`: a worker has taken it up; again after the death of an earlier worker.
 * - `progress`: a new stage or fraction in `status.progress`.
 * - `done`: it has a result.
 * - `failed`: it ended in `error`; `status.error.code` says why, `cancelled` included.
 * - `settled`: after `done` and after `failed`.
 */
export type JobEventName = 'queued' | 'processing' | 'progress' | 'done' | 'failed' | 'settled';
/** Called with the status of a job. */
export type JobListener = (status: JobStatus) => void;

/** An emitter whose listeners cannot hurt the host: what one throws or rejects with goes to the logger. */
export class JobEmitter {
  readonly #listeners = new Map<JobEventName, Set<JobListener>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether anybody listens to anything. */
  get isHeard(): boolean {
    return [...this.#listeners.values()].some((listeners) => listeners.size > 0);
  }

  /** Returns how to stop listening. */
  on(name: JobEventName, listener: JobListener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => this.off(name, listener);
  }

  off(name: JobEventName, listener: JobListener): void {
    this.#listeners.get(name)?.delete(listener);
  }

  emit(name: JobEventName, status: JobStatus): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      const failed = (error: unknown) =>
        this.#logger.error({ err: error, event: name, job_id: status.job_id }, 'A listener failed');
      try {
        const returned: unknown = listener(status);
        if (returned instanceof Promise) returned.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
  }
}
