import { z } from 'zod';
import { isJobId } from './id.js';
import { attemptSchema } from './solve-report.js';
import type { Progress, StatusBase } from './types/status.js';
import { writtenExportSchema } from './written-exports.js';

export type { Progress, StatusBase } from './types/status.js';

/** The four states of a job, in the order that it passes them. */
export const JOB_STATES = ['queued', 'processing', 'done', 'error'] as const;
/** The state of a job. */
export type JobState = (typeof JOB_STATES)[number];

const seconds = z.number();

/** Validates `progress` of a status. */
export const progressSchema: z.ZodType<Progress> = z
  .looseObject({
    stage: z
      .string()
      .describe(
        'What is being done: `reading`, `solving`, `identifying`, `measuring`, `drawing` or `exporting`',
      ),
    fraction: z
      .number()
      .optional()
      .describe('How much of the stage is done, 0 to 1, where that can be known'),
    attempt: z.int().optional().describe('Which attempt at the job this is, from 1'),
    solve_attempts: z
      .array(attemptSchema)
      .optional()
      .describe('The tries at a solution that have ended, the last 20 at most'),
    place: z.int().optional().describe('Of a waiting job: its place, 1 being the next to be run'),
    estimate_seconds: z
      .number()
      .optional()
      .describe(
        'Seconds until a waiting job is expected to start, or a running one to end, by how long the last jobs took',
      ),
  })
  .describe('How far a job is: a stage, and the fraction of it that is done when that can be known');

/** The first six fields are the contract's and always there; a document written by another program may have only those. */
export const statusSchema: z.ZodType<StatusDocument> = z
  .looseObject({
    job_id: z
      .string()
      .refine(isJobId, 'a job id of 32 lower-case hex digits')
      .describe('The id of the job: a UUID v4 as 32 lower-case hex digits'),
    state: z
      .enum(JOB_STATES)
      .describe('`queued` → `processing` → `done` or `error`; only an explicit retry leaves `error`'),
    message: z.string().nullable().default(null).describe('How the job stands, one line for a person'),
    params: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('What was asked for, defaults included; null where nothing was given'),
    created_at: seconds.describe('When it was submitted, Unix seconds with fraction'),
    updated_at: seconds.describe('When its status last changed, Unix seconds with fraction'),

    started_at: seconds.optional().describe('When its last attempt began, Unix seconds with fraction'),
    finished_at: seconds.optional().describe('When the job ended, Unix seconds with fraction'),
    filename: z.string().optional().describe('Safe form of the name of the image'),
    attempts: z.int().optional().describe('How often a worker has taken the job up'),
    max_attempts: z.int().optional().describe('How often one may, until the job is given up'),
    priority: z.int().optional().describe('Higher runs earlier; 0 where none was given'),
    not_before: seconds.optional().describe('Not to be run before this instant, Unix seconds'),
    expected_seconds: seconds
      .optional()
      .describe(
        'How long the solve may take, seconds, reckoned when the job was queued: shorter jobs go before longer ones',
      ),
    rate_key: z
      .string()
      .optional()
      .describe('Whose job it is: clients take turns, and limits are counted by it'),
    request_hash: z
      .string()
      .optional()
      .describe(
        'SHA-256 of what was asked for with an idempotency key, by which a repeated request is known',
      ),
    // What another program has put there instead is left out.
    tags: z
      .array(z.string())
      .optional()
      .catch(undefined)
      .describe('Words by which the job is found in lists'),
    metadata: z
      .record(z.string(), z.unknown())
      .optional()
      .catch(undefined)
      .describe('Whatever the submitter wanted to keep with the job'),
    exports: z
      .array(writtenExportSchema)
      .optional()
      .catch(undefined)
      .describe('Files to be made of the job when it is solved; then also how they are called'),
    progress: progressSchema.optional().describe('How far the job is'),
    worker: z
      .looseObject({
        host: z.string().describe('Host name of its machine'),
        pid: z.int().describe('Its process id there'),
        machine: z
          .string()
          .optional()
          .describe(
            'Tells boots and containers of one host name apart, so that a pid is only looked up where it means something',
          ),
      })
      .optional()
      .describe('Who runs the job'),
    lease: z
      .looseObject({
        token: z.string().describe('Only its holder may settle the job'),
        seconds: z.number().describe('It is renewed at least this often, seconds'),
      })
      .optional()
      .describe('Who may settle the job'),
    cancel_requested_at: seconds
      .optional()
      .describe('When it was asked that a running job be cancelled, Unix seconds'),
    error: z
      .looseObject({
        code: z.string().describe('Why, for a program: a code of `ERROR_TABLE`, `cancelled` among them'),
        message: z.string().describe('Why, one line for a person'),
      })
      .optional()
      .describe('Why the job failed'),
  })
  .describe('`status.json`; all times are Unix seconds with fraction');

/** A job that waits, or is being run. */
export interface UnsettledStatus extends StatusBase {
  state: 'queued' | 'processing';
  finished_at?: undefined;
  error?: undefined;
}

/** A job that was solved. */
export interface DoneStatus extends StatusBase {
  state: 'done';
  finished_at: number;
  error?: undefined;
}

/** A job that was not, and why. */
export interface FailedStatus extends StatusBase {
  state: 'error';
  finished_at: number;
  error: NonNullable<StatusBase['error']>;
}

/** `state` tells which it is, and `isSettled` whether anything more will happen to it. */
export type JobStatus = UnsettledStatus | DoneStatus | FailedStatus;
/** A job to which nothing more happens by itself. */
export type SettledStatus = DoneStatus | FailedStatus;

/** A status as it stands in a file, which another program may have written. */
export interface StatusDocument extends Omit<StatusBase, 'params' | 'error'> {
  /** What was asked for; of another program any names. */
  params: object;
  /** Why the job failed, where it did. */
  error?: {
    /** Why, for a program: of another program any text. */
    code: string;
    /** Why, one line for a person. */
    message: string;
  };
}

/** A status as it was read; what a settled job of another program may lack is filled in. */
export function asStatus(document: StatusDocument): JobStatus {
  const { state, updated_at, finished_at = updated_at, message, error } = document;
  // Transitions see to it that only settled jobs have an end, and only failed ones a reason.
  if (state === 'queued' || state === 'processing') return document as UnsettledStatus;
  if (state === 'done') return { ...document, finished_at } as DoneStatus;
  const reason = error ?? { code: 'no_solution', message: message ?? 'Another program gave no reason' };
  return { ...document, finished_at, error: reason } as FailedStatus;
}

/** Nothing happens to a settled job by itself. */
export function isSettled(status: JobStatus): status is SettledStatus;
export function isSettled(status: Pick<JobStatus, 'state'>): boolean;
export function isSettled(status: Pick<JobStatus, 'state'>): boolean {
  return status.state === 'done' || status.state === 'error';
}

/** Unix seconds with fraction, the unit of every time in a status. */
export function nowSeconds(): number {
  return Date.now() / 1000;
}
