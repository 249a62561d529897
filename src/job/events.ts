import type { Logger } from './logger.js';
import type { JobStatus } from './status.js';

/** What an `AstroJobs` tells its listeners; each carries the status of that moment. */
export interface JobEvents {
  /** The job is durable and waits to be run. */
  queued: JobStatus;
  /** A worker has taken it up; again after the death of an earlier worker. */
  processing: JobStatus;
  /** A new stage or fraction in `status.progress`. */
  progress: JobStatus;
  done: JobStatus;
  /** Ended in `error`; `status.error.code` says why, `cancelled` included. */
  failed: JobStatus;
  /** After `done` and after `failed`. */
  settled: JobStatus;
}

export type JobEventName = keyof JobEvents;
export type JobListener<Name extends JobEventName> = (status: JobEvents[Name]) => void;

/** An emitter whose listeners cannot hurt the host: what one throws or rejects with goes to the logger. */
export class JobEmitter {
  readonly #listeners = new Map<JobEventName, Set<JobListener<JobEventName>>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** How many listeners there are, of all events. */
  get size(): number {
    let size = 0;
    for (const listeners of this.#listeners.values()) size += listeners.size;
    return size;
  }

  /** Returns how to stop listening. */
  on<Name extends JobEventName>(name: Name, listener: JobListener<Name>): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(name, listeners);
    }
    listeners.add(listener);
    return () => this.off(name, listener);
  }

  off<Name extends JobEventName>(name: Name, listener: JobListener<Name>): void {
    this.#listeners.get(name)?.delete(listener);
  }

  emit<Name extends JobEventName>(name: Name, status: JobEvents[Name]): void {
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
