// Written by `npm run derive` from the schemas.
import type { ErrorCode } from '../error-codes.js';
import type { SolveParams } from './solve-params.js';
import type { Attempt } from './solve-report.js';
import type { WrittenExport } from './written-exports.js';

/** How far a job is: a stage, and the fraction of it that is done when that can be known. */
export interface Progress {
  /** What is being done: `reading`, `solving`, `identifying`, `measuring`, `drawing` or `exporting`. */
  stage: string;
  /** How much of the stage is done, 0 to 1, where that can be known. */
  fraction?: number;
  /** Which attempt at the job this is, from 1. */
  attempt?: number;
  /** The tries at a solution that have ended, the last 20 at most. */
  solve_attempts?: Attempt[];
  /** Of a waiting job: its place, 1 being the next to be run. */
  place?: number;
  /** Seconds until a waiting job is expected to start, or a running one to end, by how long the last jobs took. */
  estimate_seconds?: number;
}

/** `status.json`; all times are Unix seconds with fraction. */
export interface StatusBase {
  /** The id of the job: a UUID v4 as 32 lower-case hex digits. */
  job_id: string;
  /** `queued` → `processing` → `done` or `error`; only an explicit retry leaves `error`. */
  state: 'queued' | 'processing' | 'done' | 'error';
  /** How the job stands, one line for a person. */
  message: string | null;
  /** What was asked for, defaults included; null where nothing was given. */
  params: Partial<SolveParams>;
  /** When it was submitted, Unix seconds with fraction. */
  created_at: number;
  /** When its status last changed, Unix seconds with fraction. */
  updated_at: number;
  /** When its last attempt began, Unix seconds with fraction. */
  started_at?: number;
  /** When the job ended, Unix seconds with fraction. */
  finished_at?: number;
  /** Safe form of the name of the image. */
  filename?: string;
  /** How often a worker has taken the job up. */
  attempts?: number;
  /** How often one may, until the job is given up. */
  max_attempts?: number;
  /** Higher runs earlier; 0 where none was given. */
  priority?: number;
  /** Not to be run before this instant, Unix seconds. */
  not_before?: number;
  /** How long the solve may take, seconds, reckoned when the job was queued: shorter jobs go before longer ones. */
  expected_seconds?: number;
  /** Whose job it is: clients take turns, and limits are counted by it. */
  rate_key?: string;
  /** SHA-256 of what was asked for with an idempotency key, by which a repeated request is known. */
  request_hash?: string;
  /** Words by which the job is found in lists. */
  tags?: string[];
  /** Whatever the submitter wanted to keep with the job. */
  metadata?: Record<string, unknown>;
  /** Files to be made of the job when it is solved; then also how they are called. */
  exports?: WrittenExport[];
  /** How far the job is. */
  progress?: Progress;
  /** Who runs the job. */
  worker?: {
    /** Host name of its machine. */
    host: string;
    /** Its process id there. */
    pid: number;
    /** Tells boots and containers of one host name apart, so that a pid is only looked up where it means something. */
    machine?: string;
  };
  /** Who may settle the job. */
  lease?: {
    /** Only its holder may settle the job. */
    token: string;
    /** It is renewed at least this often, seconds. */
    seconds: number;
  };
  /** When it was asked that a running job be cancelled, Unix seconds. */
  cancel_requested_at?: number;
  /** Why the job failed. */
  error?: {
    /** Why, for a program: a code of `ERROR_TABLE`, `cancelled` among them. */
    code: ErrorCode;
    /** Why, one line for a person. */
    message: string;
  };
}
