import type { AstroJobsError } from '../job/errors.js';
import type { Logger } from '../job/logger.js';
import type { JobStatus } from '../job/status.js';
import type { Coverage } from '../solver/indexes/coverage.js';
import type { CheckOptions, JobStore } from '../store/job-store.js';
import type { Runner } from '../worker/runner.js';

/** A process that takes jobs. */
export interface WorkerProcess {
  /** Host name of its machine. */
  host: string;
  /** Its process id there. */
  pid: number;
}

/** What a queue is given by the `AstroJobs` that it serves. */
export interface QueueHost {
  /** Where the jobs live. */
  store: JobStore;
  /** Claims and runs jobs, for queues that do so in this process. */
  runner: Runner;
  /** Told of what went wrong and was got over. */
  logger: Logger;
}

/** How a process runs jobs. */
export interface WorkOptions {
  /** Jobs side by side. */
  concurrency: number;
  /** Which fields its index files cover; jobs go to a worker that covers theirs. @default all */
  coverage?: Coverage;
}

/**
 * Who runs which job, when. The store is the truth about every job; a queue only sees to it that for each job that
 * wants to be run a worker claims it. What a queue forgets or does twice therefore costs time, never a job or a result.
 * Jobs start in the order of `JobStore.runnable`, none before its `not_before`, and a worker runs no more of them side by side
 * than its concurrency. `describeQueue` of `astro-jobs/testing` tells whether an implementation keeps what is promised here.
 */
export interface JobQueue {
  /** What `inspect` calls it. */
  readonly name: string;

  /** Called once, before any other verb; starts nothing. */
  attach(host: QueueHost): void;

  /** Runs jobs in this process, too, from now on; only in queues that do not do so by themselves. */
  work?(options: WorkOptions): void;

  /** The job is in the store; when this resolves, a worker will run it, even if this process dies at once (where the store is durable and shared). */
  enqueue(status: JobStatus): Promise<void>;

  /** A caller has met jobs that may lack a runner (queued, or of a dead worker). Cheap; called often; never rejects. */
  wake(): void;

  /**
   * Resolves when the queue can do its work, for those that need a database of their own.
   * @throws AstroJobsError `storage_failed` when it cannot be reached
   */
  check?(options?: CheckOptions): Promise<void>;

  /** Why no job can be run, when starting what runs them has failed again and again; who waits for a queued job is told it. */
  problem?(): AstroJobsError | undefined;

  /** Processes that are known to take jobs of this queue, also when they have none; for queues that know. */
  workers?(): Promise<readonly WorkerProcess[]>;

  /** The job was asked to cancel: a hint to the worker that runs it, which also sees it in the store. */
  cancelled(id: string): Promise<void>;

  /** Hints of changes made anywhere, as in `JobStore.subscribe`. */
  subscribe(listener: (id: string) => void): () => void;

  /**
   * Takes no more jobs; running ones have `graceSeconds` to end and are then stopped and given back. Resolves when nothing of this
   * queue runs in this process any more, and two seconds after `graceSeconds` at the latest, whatever the store and the database
   * below do. May be called at any time, also while it connects, and more than once.
   */
  close(options: { graceSeconds: number }): Promise<void>;
}
