import type { SolveParams, SolveParamsInput } from './param-table.js';
import type { JobResult } from './result.js';
import type { JobStatus } from './status.js';

/** An image that is about to become a job. */
export interface PendingSubmission {
  /** Checked, with defaults filled in. */
  params: Readonly<SolveParams>;
  /** What the image is called. */
  filename: string;
  /** Whose job it will be. */
  rateKey?: string;
  /** Words by which the job will be found. */
  tags?: readonly string[];
  /** What shall be kept with the job. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** What of it shall be otherwise; each replaces what the caller gave. */
export interface SubmissionChanges {
  /** Parameters in the place of those that were given. */
  params?: SolveParamsInput;
  /** Words by which the job will be found. */
  tags?: readonly string[];
  /** What shall be kept with the job. */
  metadata?: Readonly<Record<string, unknown>>;
}

/** A job that has just ended. */
export interface SettledJob {
  /** Its last status. */
  status: JobStatus;
  /** Its result, solved or not. */
  result: JobResult;
  /** Aborted when the hook has had its time, or its process stops. */
  signal: AbortSignal;
}

/** Called by the process that submits. What it throws refuses the image: an `AstroJobsError` as it is, anything else as `refused`. */
export type BeforeSubmit = (
  submission: PendingSubmission,
) => SubmissionChanges | undefined | Promise<SubmissionChanges | undefined>;

/**
 * Called by the process that ran a job, after its result is stored, in the place of the next job; for 30 s at most. What it throws goes to
 * the logger, and changes nothing of the job. A process that dies before it has returned does not call it again.
 */
export type AfterResult = (job: SettledJob) => unknown;

/** What a host does with jobs at their beginning and end. */
export interface JobHooks {
  /** Called before an image becomes a job. */
  beforeSubmit?: BeforeSubmit;
  /** Called after each job that this process has run. */
  afterResult?: AfterResult;
}
