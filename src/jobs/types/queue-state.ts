// Written by `npm run derive` from the schemas.
import type { JobStatus } from '../../job/status.js';

/** A process that runs jobs. */
export interface WorkerState {
  /** Host name of its machine. */
  host: string;
  /** Its process id there. */
  pid: number;
  /** `busy`: it runs the jobs below; `idle`: it is known to live, and waits; `lost`: it has let the leases of all its jobs end. */
  state: 'busy' | 'idle' | 'lost';
  /** Jobs that it runs side by side, at most; where it has said so. */
  concurrency?: number;
  /** What it runs, the longest running first. */
  jobs: JobStatus[];
}

/** What waits, and who runs what, at this moment. */
export interface QueueState {
  /** Name of the queue: `in-process`, `detached`, `bullmq` or another. */
  queue: string;
  /** Jobs in each state. */
  counts: {
    /** Jobs that wait. */
    queued: number;
    /** Jobs that are being run. */
    processing: number;
    /** Jobs that were solved. */
    done: number;
    /** Jobs that were not. */
    error: number;
  };
  /** The waiting job that was submitted first, and how long ago. */
  oldest?: {
    /** The id of the job. */
    job_id: string;
    /** Seconds since it was submitted. */
    seconds: number;
  };
  /** Processes that run jobs, and those that wait for some: as they said to the queue or the store within the last half minute. */
  workers: WorkerState[];
  /** Jobs that another program runs, which says nothing about itself. */
  elsewhere: JobStatus[];
  /** Whether more jobs run than are told of here. */
  more: boolean;
}
