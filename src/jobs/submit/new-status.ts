import { assertJobId, jobIdForKey, newJobId } from '../../job/id.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { Asked } from '../../job/transitions.js';
import type { CheckedSubmitOptions, SubmitOptions } from './options.js';

/** A submission that nothing is wrong with but, perhaps, its image. */
export interface Admissible {
  id: string;
  filename: string;
  asked: Asked;
  options: CheckedSubmitOptions;
  /** Of what was asked for, where it has an idempotency key. */
  requestHash?: string | undefined;
}

/** The id of the job that is submitted so. @throws AstroJobsError `invalid_id` */
export function idOf({ jobId, idempotencyKey }: SubmitOptions): string {
  if (jobId !== undefined) return assertJobId(jobId);
  return idempotencyKey === undefined ? newJobId() : jobIdForKey(idempotencyKey);
}

/** The first status of a job. */
export function newStatus(
  { id, filename, asked, options, requestHash }: Admissible,
  { now, maxAttempts }: { now: number; maxAttempts: number },
): JobStatus {
  return {
    job_id: id,
    state: 'queued',
    message: 'Queued',
    ...asked,
    created_at: now,
    updated_at: now,
    filename: safeFileName(filename),
    attempts: 0,
    max_attempts: maxAttempts,
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.delaySeconds && { not_before: now + options.delaySeconds }),
    ...(options.rateKey !== undefined && { rate_key: options.rateKey }),
    ...(requestHash !== undefined && { request_hash: requestHash }),
    ...(options.tags?.length && { tags: [...options.tags] }),
    ...(options.metadata && { metadata: { ...options.metadata } }),
    ...(options.exports?.length && { exports: options.exports }),
  };
}
