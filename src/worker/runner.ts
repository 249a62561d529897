import type { JobRecord } from '../store/job-store.js';

/** A job that this process holds: only who knows the token of its lease may settle it. */
export interface Claim {
  /** The id of the job. */
  id: string;
  /** The token of the lease. */
  token: string;
  /** The job as it was when it was claimed. */
  record: JobRecord;
  /** Whether an earlier attempt may have written to its log. */
  hasRun: boolean;
}

/** What became of a claimed job. `lost`: another worker has it, and this process changed nothing. */
export type RunEnd = 'done' | 'error' | 'released' | 'lost';

/** How a job is run. */
export interface RunOptions {
  /** Aborted when the worker stops: the solve is ended, and the job given back for others. */
  signal?: AbortSignal;
  /** Called with each renewal of the lease, to renew what else shows that this worker lives; `false`: it has lost the job. */
  onRenew?(): Promise<boolean>;
}

/** What a queue has jobs run by, in this process. */
export interface Runner {
  /** How long a claimed job is held without renewal, seconds. */
  readonly leaseSeconds: number;

  /** Begins to load what running a job needs, for a caller that will soon have one. */
  prepare(): void;

  /**
   * Claims a job that is queued and due, or whose worker is dead. Undefined when another worker has it, or when the job was
   * settled by this call (it was cancelled meanwhile, or its workers died too often).
   * @throws AstroJobsError of the store
   */
  claim(id: string): Promise<Claim | undefined>;

  /** Ids of the first jobs of the store that want to be run, those of clients that were served here lately last. */
  next(limit: number): Promise<string[]>;

  /**
   * Claims the first job of the store that wants to be run, passing over those that cannot be claimed.
   * @throws AstroJobsError `storage_full` while nothing can be claimed
   */
  claimNext(): Promise<Claim | undefined>;

  /** Runs a claimed job until it is settled, given back or lost. Never rejects. */
  run(claim: Claim, options?: RunOptions): Promise<RunEnd>;

  /** Clears away what dead workers have left: orphaned solvers and scratch folders here, half-made things in the store. */
  sweep(olderThanSeconds: number): Promise<void>;
}
