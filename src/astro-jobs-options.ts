import type { JobHooks } from './job/hooks.js';
import type { JobQueue } from './queue/job-queue.js';
import type { JobStore } from './store/job-store.js';
import type { RunningLimits, RunningOptions } from './wiring.js';

/** How an `AstroJobs` stores, runs and solves its jobs. */
export interface AstroJobsOptions extends RunningOptions {
  /** The jobs directory, unless there is a `store`. @default process.env.JOBS_DIR ?? '/srv/astro_jobs' */
  dir?: string;
  /** Where jobs live. @default a `FileSystemJobStore` in `dir` */
  store?: JobStore;
  /** Who runs them. @default an `InProcessQueue` */
  queue?: JobQueue;
  /** Jobs side by side, for the default queue. @default process.env.ASTRO_JOBS_CONCURRENCY ?? the number of cores */
  concurrency?: number;
  limits?: Partial<JobLimits>;
  /** What the host does before an image becomes a job, and after each job that this process has run. */
  hooks?: JobHooks;
}

export interface JobLimits extends RunningLimits {
  /** Jobs that may wait or run at once; `submit` refuses more with `too_many_jobs`. @default no limit */
  maxJobs: number;
}
