import type { Readable } from 'node:stream';
import type { AstroJobsError } from '../job/errors.js';
import type { OutcomeFile } from '../job/outcome-file.js';
import type { JobResult } from '../job/result.js';
import type { JobState, JobStatus, Progress } from '../job/status.js';
import type { KeyStore } from '../keys/key-store.js';
import type { WorkerList } from './worker-list.js';

/** A status and the version of it that a change is made against. */
export interface JobRecord {
  /** The job as it stands. */
  status: JobStatus;
  /** Grows with every change of the job, and is never used twice for one id, not even after `remove`. */
  revision: number;
  /** Seconds until the lease ends unless it is renewed, by the store's clock; not above 0 once it has. Only while `processing`. */
  leaseRemaining?: number;
}

/** A stored file that can be read whole or in part. */
export interface StoredFile {
  /** Its name in `output/`. */
  name: string;
  /** Bytes. */
  size: number;
  /** Unix seconds. */
  modifiedAt: number;
  /** Where it is on this machine, if it is a file here. Only to be read. */
  path?: string;
  /** Its bytes from `start` up to and including `end` (as in an HTTP range). */
  read(range?: { start?: number; end?: number }): Readable;
}

/** What a settled job leaves: its result document, and files by the name they shall have in `output/`. */
export interface Outcome {
  /** Its result document. */
  result: JobResult;
  /** Files that it leaves: name in `output/` → its bytes, or its path on this machine. */
  files: Readonly<Record<string, OutcomeFile>>;
  /**
   * Text for the end of its log, there before the change can be seen; a change that is refused may have added it all the same. A log
   * that cannot be written costs the log, not the outcome.
   */
  log?: string;
}

/** Which jobs are to be run. */
export interface RunnableOptions {
  /** Unix seconds. */
  now: number;
  /** Jobs at most. */
  limit: number;
  /** `rate_key` of jobs that the caller has started lately ('' for none), each once, the latest last. @default none */
  served?: readonly string[];
}

/** Which jobs a page shows: those that pass every filter given. Filters apply before the page is cut. */
export interface ListOptions {
  /** Only jobs in one of these states. */
  states?: readonly JobState[];
  /** Only jobs with this `rate_key`. */
  rateKey?: string;
  /** Only jobs with this among their `tags`. */
  tag?: string;
  /** Jobs on the page, at most; fewer only on the last page, or in the place of damaged ones. @default 100 */
  limit?: number;
  /** The `next` of the page before, with the same filters; `invalid_params` is thrown for what is none. */
  after?: string;
}

/** A page of jobs. */
export interface JobPage {
  /** Newest first by `created_at`. Not to be changed: a store may give the same, frozen, to all who ask. */
  jobs: JobStatus[];
  /** Cursor of the next page; absent on the last. */
  next?: string;
  /** Jobs whose documents cannot be read, whatever the filters; they hide no other job. */
  damaged: {
    /** The id of the job. */
    job_id: string;
    /** What is wrong with it, for a person. */
    problem: string;
  }[];
}

/** Who may read and write the files of a jobs directory: its owner only, or the group that it belongs to as well. */
export type Access = 'private' | 'group';

/** What a store can do, as data: callers decide by these fields, never by the class of a store. */
export interface StoreCapabilities {
  /** Jobs outlive the process. */
  durable: boolean;
  /** Who else can see the same jobs. */
  shared: 'process' | 'host' | 'network';
  /** `create` takes a transaction of the caller's. */
  transactions?: boolean;
  /** `StoredFile.path` is given. */
  localFiles: boolean;
  /** The jobs directory, absolute, if another process can open the same jobs by a `FileSystemJobStore` on it. */
  dir?: string;
  /** With `dir`: who may use it. */
  access?: Access;
}

/** A transaction that the caller has begun on the database of the store; for PostgreSQL, a connected `Client` of the package `pg`. */
export interface StoreTransaction {
  /** Runs one statement in the transaction. */
  query(
    sql: string,
    values: unknown[],
  ): Promise<{
    /** The rows that it gave. */
    rows: unknown[];
  }>;
}

/** A job to be made. */
export interface NewJob {
  /** Its first status. */
  status: JobStatus;
  /** The bytes of its image. */
  image: AsyncIterable<Uint8Array>;
}

/** The record of a job that was made, or was there already. */
export interface Created {
  /** The job as it is stored. */
  record: JobRecord;
  /** False where the id existed already. */
  created: boolean;
}

/** What became of one of many jobs that were to be made. */
export type CreateOutcome =
  | Created
  | {
      /** Why there is no job. */
      error: AstroJobsError;
    };

/** How long a check may take. */
export interface CheckOptions {
  /** Milliseconds in which there must be an answer. @default as long as for any other request */
  withinMs?: number;
}

/**
 * Where jobs and their files live. A store keeps documents and swaps them atomically; it does not know what a
 * job may become (`job/transitions.ts`), who runs it (the queue) or how (the worker).
 *
 * Ids are checked by the caller. Every method rejects with an `AstroJobsError`: `storage_full`, `storage_failed`,
 * `corrupt_document`. `describeStore` of `astro-jobs/testing` tells whether an implementation keeps what is promised here.
 */
export interface JobStore {
  /** What the store can do. */
  readonly capabilities: StoreCapabilities;

  /** The keys of those who may call a server on these jobs, where the store has a place for them. */
  readonly keys?: KeyStore;

  /** The processes that take jobs out of this store, where it has a place for them. */
  readonly workers?: WorkerList;

  /**
   * Resolves if jobs can be stored here, and rejects with what is in the way: a database that is away, a directory that
   * cannot be written. Leaves nothing behind.
   */
  check(options?: CheckOptions): Promise<void>;

  /** The version of its tables, for stores that migrate them. */
  schemaVersion?(): Promise<number>;

  /**
   * Makes a job durable: when it resolves, the job and every byte of its image survive the death of the process
   * and, for durable stores, of the machine. Until then no reader sees anything of it. If it rejects, nothing is left.
   * With an id that exists already nothing is changed and the job there is returned with `created: false`
   * (the image is then not read to its end).
   *
   * In a `transaction`, where the store can, the job is there and durable when the caller has committed, and nothing of it when
   * the caller has rolled back.
   */
  create(
    status: JobStatus,
    image: AsyncIterable<Uint8Array>,
    transaction?: StoreTransaction,
  ): Promise<Created>;

  /**
   * As `create` for each of them, in as few rounds to the disk or database as can be; a store that gains nothing by that leaves it out.
   * Outcomes are in the order of the jobs: what is wrong with one image costs no other job. Images are read some at a time, in any order.
   * Where two have one id the job is made once. In a `transaction` as `create`; a statement that fails has ended it for all of them.
   */
  createMany?(jobs: readonly NewJob[], transaction?: StoreTransaction): Promise<CreateOutcome[]>;

  /** The newest record; undefined when there is no such job. Never half a document. */
  get(id: string): Promise<JobRecord | undefined>;

  /**
   * Compare and swap, the only way a job changes: `next` takes effect if and only if `revision` is still the newest,
   * whoever else tries at the same instant; then it resolves with the new record, as `get` would read it. Undefined:
   * another caller was first, or the job is gone, and nothing has changed. An outcome becomes visible together with its
   * status: no reader that sees `next` misses a file of it. A change to `queued` takes the earlier outcome away. Durable
   * when it resolves. A change to `processing` under a new `lease.token` starts a lease of `next.lease.seconds`.
   */
  replace(id: string, revision: number, next: JobStatus, outcome?: Outcome): Promise<JobRecord | undefined>;

  /**
   * Starts the lease of a running job anew and stores its progress in the status. `false` when `revision` is not the
   * newest any more: the lease may be lost. The revision stays as it is. Need not be durable.
   */
  renew(id: string, revision: number, progress?: Progress): Promise<boolean>;

  /**
   * Ids of jobs that want to be run at `now` (Unix seconds), in the order in which they should be: running ones whose lease has
   * ended, and queued ones that are due. Of these higher `priority` comes first; within one, clients (`rate_key`) take turns, counting
   * what they have running and whom the caller has `served` (`inFairOrder`), and the jobs of each go by `turnOf`: `not_before` or `created_at`, whichever is later,
   * plus `expected_seconds`. A hint as to the
   * moment: a job may have been taken when the caller gets to it. No job that wants to be run is missing for ever.
   */
  runnable(options: RunnableOptions): Promise<string[]>;

  /** A page of jobs, newest first. Jobs that come or go meanwhile may be missed or not, all others are listed once. */
  list(options?: ListOptions): Promise<JobPage>;

  /** Of the queued jobs, delayed ones included, the one with the earliest `created_at`; undefined when none is queued. However many there are. */
  oldestQueued(): Promise<JobStatus | undefined>;

  /** How many jobs are in each of these states (default: all); the others are 0. Cheap for `queued` and `processing`. */
  counts(states?: readonly JobState[]): Promise<Record<JobState, number>>;

  /** The result document as it is stored, parsed but not validated. Rejects with `corrupt_document` if it is no JSON. */
  result(id: string): Promise<unknown>;

  /** The image as it was submitted, byte for byte, under the `filename` of its status if that is a safe one. */
  image(id: string): Promise<StoredFile | undefined>;

  /** Everything in the output of the job, `result.json` included, sorted by name. */
  files(id: string): Promise<StoredFile[]>;

  /** Adds to the log of a job. Whole calls do not mix; order within one caller is kept. Without a job nothing happens. */
  appendLog(id: string, text: string): Promise<void>;

  /** The log as far as it is written. */
  log(id: string): Promise<StoredFile | undefined>;

  /** Removes the job with everything that belongs to it; `false` when there was none. From then on no caller can change it. */
  remove(id: string): Promise<boolean>;

  /** Clears away what interrupted calls have left, older than this many seconds. Safe beside running jobs. */
  sweep(olderThanSeconds: number): Promise<void>;

  /**
   * Calls back with ids of jobs that have changed. Only a hint that makes listeners fast: calls may be missing, late or
   * too many, and nothing depends on them. Returns how to stop.
   */
  subscribe(listener: (id: string) => void): () => void;

  /**
   * Releases handles and connections; calls under way may reject with `closed`. Jobs stay. Waits for no server that does not answer, and
   * may be called more than once.
   */
  close(): Promise<void>;
}
