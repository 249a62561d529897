import { AstroJobsError } from '../job/errors.js';
import type { Logger } from '../job/logger.js';
import type { JobStatus, Progress } from '../job/status.js';
import type { JobRecord, JobStore } from '../store/job-store.js';
import type { Claim } from './runner.js';

/** Another worker has the job, or no store can be asked: stop, settle nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface LeaseOptions {
  store: JobStore;
  claim: Claim;
  leaseSeconds: number;
  logger: Logger;
  /** How often the store is asked whether the job was cancelled or taken away. */
  watchMs: number;
  /** Renews what else depends on this worker being alive; `false` means it is lost. */
  onRenew?(): Promise<boolean>;
}

const cancelled = () => new AstroJobsError('cancelled', 'The job was cancelled');

/**
 * Holds a claimed job: renews its lease, publishes its progress, and watches for cancellation. The signal is aborted with an
 * `AstroJobsError` `cancelled`, or with `LeaseLost` when the job is gone or the store could not be reached for a whole lease.
 */
export class Lease {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #options: LeaseOptions;
  #record: JobRecord;
  #progress: Progress | undefined;
  #published: string | undefined;
  #heldSince = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #ended = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#record = options.claim.record;
    this.signal = this.#controller.signal;
    this.#held();
    this.#schedule();
  }

  /** The job as it was when it was last read. */
  get record(): JobRecord {
    return this.#record;
  }

  /** Shown to whoever reads the status, soon. */
  report(progress: Progress): void {
    this.#progress = { ...progress, attempt: this.#record.status.attempts };
  }

  /** Stops renewing; resolves when no renewal is under way. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#expiry);
    await this.#beating;
  }

  /**
   * By our own clock, which does not jump: after a whole lease without renewal another worker may have the job. A timer of its
   * own, since a question to a store behind a dead connection may take longer than the lease.
   */
  #held(since = performance.now()): void {
    this.#heldSince = since;
    clearTimeout(this.#expiry);
    if (this.#ended) return;
    const left = since + this.#options.leaseSeconds * 1000 - performance.now();
    this.#expiry = setTimeout(
      () => this.#controller.abort(new LeaseLost('The store could not be reached for a whole lease')),
      left,
    );
  }

  #schedule(): void {
    if (this.#ended || this.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#beating = this.#beat().finally(() => this.#schedule());
    }, this.#options.watchMs);
  }

  async #beat(): Promise<void> {
    const { store, claim, leaseSeconds, logger } = this.#options;
    const now = performance.now();
    try {
      const record = await store.get(claim.id);
      if (this.#ended) return;
      if (record?.status.lease?.token !== claim.token) {
        this.#controller.abort(new LeaseLost('The job was taken over or removed'));
        return;
      }
      this.#record = record;
      if (record.status.cancel_requested_at !== undefined) {
        this.#controller.abort(cancelled());
        return;
      }
      const progress = JSON.stringify(this.#progress);
      const due = now - this.#heldSince > (leaseSeconds * 1000) / 3;
      if (!due && progress === this.#published) return;
      if (due && this.#options.onRenew && !(await this.#options.onRenew())) {
        this.#controller.abort(new LeaseLost('The queue has given the job to another worker'));
        return;
      }
      if (await store.renew(claim.id, this.#record.revision, this.#progress)) {
        // The clock of the lease starts when we asked, not when the answer came.
        this.#held(now);
        this.#published = progress;
      }
    } catch (err) {
      logger.warn({ err, job_id: claim.id }, 'The lease could not be renewed');
    }
  }
}

/** Whether a job in this state may be claimed now by any worker that asks. */
export function isClaimable(
  { status, leaseRemaining = 0 }: JobRecord,
  now: number,
  isDead: boolean,
): boolean {
  if (status.state === 'queued') return (status.not_before ?? 0) <= now && !belongsToAnother(status, now);
  return status.state === 'processing' && (leaseRemaining <= 0 || isDead);
}

/**
 * A queued job that another program has put here is given a minute, in which that program would start it itself; whatever date it
 * bears.
 */
function belongsToAnother(status: JobStatus, now: number): boolean {
  return status.max_attempts === undefined && Math.abs(now - status.updated_at) < 60;
}
