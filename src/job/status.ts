import { z } from 'zod';
import type { ErrorCode } from './error-codes.js';
import { isJobId } from './id.js';
import type { Known } from './known.js';
import type { SolveParams } from './param-table.js';
import { type WrittenExport, writtenExportSchema } from './written-exports.js';

export const JOB_STATES = ['queued', 'processing', 'done', 'error'] as const;
export type JobState = (typeof JOB_STATES)[number];

const seconds = z.number();

/** How far a job is: a stage, and the fraction of it that is done when that can be known. */
export const progressSchema = z.looseObject({
  stage: z.string(),
  /** 0 to 1. */
  fraction: z.number().optional(),
  /** Which attempt at the job this is, from 1. */
  attempt: z.int().optional(),
  /** Of a waiting job: 1 is the next to be run. */
  place: z.int().optional(),
  /** Seconds until a waiting job is expected to start, or a running one to end, by how long the last jobs took. */
  estimate_seconds: z.number().optional(),
});
export interface Progress extends Known<z.output<typeof progressSchema>> {}

/**
 * `status.json`. The first six fields are the contract's and always there; a document written by
 * another program may have only those. All times are Unix seconds with fraction.
 */
export const statusSchema = z.looseObject({
  job_id: z.string().refine(isJobId, 'a job id of 32 lower-case hex digits'),
  state: z.enum(JOB_STATES),
  message: z.string().nullable().default(null),
  params: z.record(z.string(), z.unknown()).default({}),
  created_at: seconds,
  updated_at: seconds,

  started_at: seconds.optional(),
  finished_at: seconds.optional(),
  filename: z.string().optional(),
  /** How often a worker has taken the job up. */
  attempts: z.int().optional(),
  max_attempts: z.int().optional(),
  /** Higher runs earlier; within one priority, see `inFairOrder` of the stores. */
  priority: z.int().optional(),
  /** Not to be run before this instant. */
  not_before: seconds.optional(),
  /** How long the solve may take, reckoned when the job was queued: shorter jobs go before longer ones. */
  expected_seconds: seconds.optional(),
  /** Whose job it is: clients take turns, and limits are counted by it. */
  rate_key: z.string().optional(),
  /** Words by which the job is found in lists; what another program has put there instead is left out. */
  tags: z.array(z.string()).optional().catch(undefined),
  /** Whatever the submitter wanted to keep with the job. */
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
  /** Files to be made of the job when it is solved; then also how they are called. */
  exports: z.array(writtenExportSchema).optional().catch(undefined),
  progress: progressSchema.optional(),
  /** `machine` tells boots and containers of one host name apart, so that a pid is only looked up where it means something. */
  worker: z.looseObject({ host: z.string(), pid: z.int(), machine: z.string().optional() }).optional(),
  /** Who may settle the job: only the holder of this token, renewed at least every `seconds`. */
  lease: z.looseObject({ token: z.string(), seconds: z.number() }).optional(),
  cancel_requested_at: seconds.optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});
type StatusFields = Omit<
  Known<z.output<typeof statusSchema>>,
  'state' | 'params' | 'metadata' | 'exports' | 'finished_at' | 'error'
>;

/** What every status holds, whatever its state. */
export interface StatusBase extends StatusFields {
  /** As submitted, defaults included; a job of another program may have only some. */
  params: Partial<SolveParams>;
  /** As submitted: any JSON. */
  metadata?: Record<string, unknown>;
  /** Files to be made of the job when it is solved; then also how they are called. */
  exports?: WrittenExport[];
}

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
  error: { code: ErrorCode; message: string };
}

/** `state` tells which it is, and `isSettled` whether anything more will happen to it. */
export type JobStatus = UnsettledStatus | DoneStatus | FailedStatus;
export type SettledStatus = DoneStatus | FailedStatus;

/** A status as it was read; what a settled job of another program may lack is filled in. */
export function asStatus(document: z.output<typeof statusSchema>): JobStatus {
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
