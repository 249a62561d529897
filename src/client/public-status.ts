import type { JobStatus } from '../job/status.js';

/** A status as the server tells it: `lease`, `worker`, `rate_key` and `request_hash` are never there. */
export type PublicStatus = JobStatus & {
  /** `false`: the caller may look at the job, and not cancel, retry or remove it. */
  may_change?: boolean;
};
