import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../job/logger.js';
import { type JobStatus, nowSeconds } from '../job/status.js';
import { failed, released, solved } from '../job/transitions.js';
import type { JobRecord, JobStore, Outcome } from '../store/job-store.js';
import type { RunEnd } from './runner.js';

const PATIENCE_MS = 60_000;

/** A job that this worker holds, as it knows it. */
export interface HeldJob {
  id: string;
  /** The token of the lease. */
  token: string;
  /** The newest record that this worker has seen. */
  record: JobRecord;
  /** Aborted when the worker stops: then a change that fails is not tried again, and the job is left to its lease. */
  stopping?: AbortSignal;
}

/** Makes the last change of a held job: its outcome, or its return to the queue. */
export class Settlement {
  readonly #store: JobStore;
  readonly #logger: Logger;

  constructor(store: JobStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  async settle(job: HeldJob, outcome: Outcome): Promise<RunEnd> {
    const { result } = outcome;
    const next = (status: JobStatus) =>
      result.ok
        ? solved(status, 'Solved', nowSeconds(), result.exports)
        : failed(status, result.error_code, result.error, nowSeconds());
    if (!(await this.#change(job, next, outcome))) return 'lost';
    return result.ok ? 'done' : 'error';
  }

  async release(job: HeldJob): Promise<RunEnd> {
    const kept = await this.#change(job, (status) => released(status, nowSeconds()));
    return kept ? 'released' : 'lost';
  }

  /**
   * Tried against the record that is known, and read again only when that one is outdated: a request to cancel may have come
   * in between. A disk that is full for a moment must not cost a result, hence the patience.
   */
  async #change(
    { id, token, record: known, stopping }: HeldJob,
    next: (status: JobStatus) => JobStatus,
    outcome?: Outcome,
  ): Promise<boolean> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    let record: JobRecord | undefined = known;
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        record ??= await this.#store.get(id);
        if (record?.status.state !== 'processing' || record.status.lease?.token !== token) return false;
        if (await this.#store.replace(id, record.revision, next(record.status), outcome)) return true;
        record = undefined;
      } catch (err) {
        if (stopping?.aborted || performance.now() > giveUpAt) throw err;
        this.#logger.warn({ err, job_id: id }, 'The job cannot be settled yet; trying again');
        record = undefined;
        await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
      }
    }
  }
}
