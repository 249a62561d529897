import type { ErrorCode } from './error-codes.js';
import { AstroJobsError } from './errors.js';
import type { SolveParams } from './param-table.js';
import type { JobState, JobStatus, StatusBase } from './status.js';
import type { WrittenExport } from './written-exports.js';

/**
 * The one table of what may follow what. Nothing leaves `done`; only a retry leaves `error`;
 * a job given back by a stopping worker, or taken from a dead one, is queued again.
 */
export const TRANSITIONS: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['processing', 'error'],
  processing: ['processing', 'queued', 'done', 'error'],
  done: [],
  error: ['queued'],
};

/** Who runs a job, and the secret by which it may settle it. */
export interface Claimant {
  token: string;
  worker: NonNullable<JobStatus['worker']>;
  leaseSeconds: number;
}

type Change = Partial<StatusBase> & Pick<JobStatus, 'state' | 'finished_at' | 'error'>;

/**
 * Every change of state is made here: a pure function from one status to the next. Stores swap the next
 * one in only if no other process has changed the job meanwhile.
 */
function change(status: JobStatus, now: number, fields: Change): JobStatus {
  if (!TRANSITIONS[status.state].includes(fields.state)) {
    throw new AstroJobsError(
      'already_settled',
      `A job in state ${status.state} cannot become ${fields.state}`,
      {
        jobId: status.job_id,
      },
    );
  }
  // Each of the changes below says all that goes with its state.
  return { ...status, ...fields, updated_at: now } as JobStatus;
}

const AT_REST = { worker: undefined, lease: undefined, progress: undefined } as const;

/** queued → processing; or, for a job whose worker is dead, processing → processing under a new token. */
export function claimed(status: JobStatus, claimant: Claimant, now: number): JobStatus {
  const attempts = (status.attempts ?? 0) + 1;
  return change(status, now, {
    state: 'processing',
    message: attempts > 1 ? `Processing (attempt ${attempts})` : 'Processing',
    started_at: now,
    finished_at: undefined,
    attempts,
    worker: claimant.worker,
    lease: { token: claimant.token, seconds: claimant.leaseSeconds },
    progress: { stage: 'starting', attempt: attempts },
  });
}

/** processing → done, with what has become of the exports that were asked for. */
export function solved(
  status: JobStatus,
  message: string,
  now: number,
  exports: WrittenExport[] | undefined = status.exports,
): JobStatus {
  return change(status, now, {
    ...AT_REST,
    ...{ state: 'done', message, finished_at: now, error: undefined },
    ...(exports && { exports }),
  });
}

/** → error, with the reason. */
export function failed(status: JobStatus, code: ErrorCode, message: string, now: number): JobStatus {
  return change(status, now, {
    ...AT_REST,
    state: 'error',
    message,
    finished_at: now,
    error: { code, message },
  });
}

/** processing → queued: a stopping worker gives the job back, and the attempt does not count. */
export function released(status: JobStatus, now: number): JobStatus {
  return change(status, now, {
    ...AT_REST,
    state: 'queued',
    message: 'Given back by a stopping worker',
    started_at: undefined,
    attempts: Math.max(0, (status.attempts ?? 1) - 1),
  });
}

/** A running job is asked to stop; whoever runs it ends the solve and settles it as cancelled. */
export function cancelRequested(status: JobStatus, now: number): JobStatus {
  return change(status, now, { state: 'processing', message: 'Cancelling', cancel_requested_at: now });
}

/** What a job that is run again shall be run with, and how long that is expected to take. */
export interface Asked {
  params: SolveParams;
  expected_seconds: number;
}

/** error → queued, from the beginning. With the parameters that it had it is expected to take as long as it did. */
export function retried(status: JobStatus, now: number, asked?: Asked): JobStatus {
  const { started_at, finished_at, expected_seconds } = status;
  const took = started_at === undefined || finished_at === undefined ? 0 : finished_at - started_at;
  return change(status, now, {
    ...AT_REST,
    state: 'queued',
    message: null,
    error: undefined,
    started_at: undefined,
    finished_at: undefined,
    cancel_requested_at: undefined,
    not_before: undefined,
    ...(expected_seconds !== undefined && { expected_seconds: Math.max(expected_seconds, took) }),
    ...asked,
    attempts: 0,
  });
}
