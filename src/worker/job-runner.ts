import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnalysisOutcome, Analyze } from '../analysis/analyze.js';
import type { ErrorCode } from '../job/error-codes.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { Logger } from '../job/logger.js';
import { parseParams } from '../job/params.js';
import type { FailedResult } from '../job/result.js';
import { type JobStatus, nowSeconds } from '../job/status.js';
import { claimed, failed, released, solved } from '../job/transitions.js';
import { isDeadHere, thisWorker } from '../process/machine.js';
import { makeScratch, sweepScratch } from '../process/scratch.js';
import type { JobStore, Outcome } from '../store/job-store.js';
import { JobLog } from './job-log.js';
import { type Claim, isClaimable, Lease, LeaseLost } from './lease.js';
import type { JobSpan, JobTracer } from './tracing.js';

export interface JobRunnerOptions {
  store: JobStore;
  /** The road from image to result. */
  analyze: Analyze;
  /** A job of a dead worker is taken up again after this many seconds. */
  leaseSeconds: number;
  /** How often a job whose worker dies is taken up in all. */
  maxAttempts: number;
  logger: Logger;
  tracer: JobTracer;
  /** @default the system's temporary folder */
  scratchDir?: string;
  /** Cap of `task.log`, bytes. @default 10 MiB */
  maxLogBytes?: number;
}

/** What became of a claimed job. `lost`: somebody else has it, and this process changed nothing. */
export type RunEnd = 'done' | 'error' | 'released' | 'lost';

const SETTLE_PATIENCE_MS = 60_000;
const LINE_AT_ONCE = 32;
/** Times as long as reading it took. */
const LINE_KEPT_FOR = 10;
const DEFAULT_MAX_LOG = 10 * 1024 * 1024;

/** Takes jobs out of a store one by one, walks each down the road and settles it, as the only one who may. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  #running = 0;
  /** Head of the store's line, as it was a moment ago. */
  #line: string[] = [];
  #lineUntil = Number.NEGATIVE_INFINITY;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
  }

  get leaseSeconds(): number {
    return this.#options.leaseSeconds;
  }

  /** How many jobs this process walks at this moment. */
  get running(): number {
    return this.#running;
  }

  /** Clears away what dead workers have left: orphaned solvers and scratch folders here, half-made things in the store. */
  async sweep(olderThanSeconds: number): Promise<void> {
    await sweepScratch(this.#options.scratchDir);
    await this.#options.store.sweep(olderThanSeconds);
  }

  /**
   * Claims a job that is queued and due, or whose worker is dead. Undefined when somebody else has it, or when it ended here
   * (cancelled meanwhile, or its workers died too often).
   */
  async claim(id: string): Promise<Claim | undefined> {
    const { store, leaseSeconds } = this.#options;
    const record = await store.get(id);
    const now = nowSeconds();
    if (!record || !isClaimable(record, now, isDeadHere(record.status.worker))) return undefined;
    if (record.status.state === 'processing') {
      // Whoever takes over ends what the dead one has left running, before it competes for the cores.
      await sweepScratch(this.#options.scratchDir);
      if (await this.#endIfHopeless(record.status, record.revision)) return undefined;
    }
    const token = randomUUID();
    const next = claimed(record.status, { token, worker: thisWorker, leaseSeconds }, now);
    if (!(await store.replace(id, record.revision, next))) return undefined;
    const taken = await store.get(id);
    return taken?.status.lease?.token === token ? { id, token, record: taken } : undefined;
  }

  /**
   * Claims the first job that wants to be run.
   * @throws AstroJobsError `storage_full` while nothing can be claimed
   */
  async claimNext(): Promise<Claim | undefined> {
    const tried = new Set<string>();
    for (;;) {
      const id = await this.#nextInLine(tried);
      if (id === undefined) return undefined;
      tried.add(id);
      const claim = await this.claim(id).catch((err: unknown) => {
        if (err instanceof AstroJobsError && err.code === 'storage_full') throw err;
        this.#options.logger.warn({ err, job_id: id }, 'A job could not be claimed');
        return undefined;
      });
      if (claim) return claim;
    }
  }

  /**
   * The first of the store's line that was not tried; those that cannot be claimed stay there, and behind them are others.
   * A line of ten thousand takes its time to read, so its head is kept for a while, in proportion to that time.
   */
  async #nextInLine(tried: ReadonlySet<string>): Promise<string | undefined> {
    if (performance.now() > this.#lineUntil) this.#line = [];
    for (;;) {
      for (let id = this.#line.shift(); id !== undefined; id = this.#line.shift())
        if (!tried.has(id)) return id;
      const started = performance.now();
      const ids = await this.#options.store.runnable({ now: nowSeconds(), limit: tried.size + LINE_AT_ONCE });
      const ended = performance.now();
      this.#line = ids.filter((id) => !tried.has(id));
      this.#lineUntil = ended + (ended - started) * LINE_KEPT_FOR;
      if (this.#line.length === 0) return undefined;
    }
  }

  /**
   * Walks a claimed job to its end. Never rejects. When `signal` is aborted the solve is ended and the job given back.
   */
  async run(
    claim: Claim,
    { signal, onRenew }: { signal?: AbortSignal; onRenew?: () => Promise<boolean> } = {},
  ): Promise<RunEnd> {
    const { store, logger, leaseSeconds, tracer } = this.#options;
    const { status } = claim.record;
    this.#running += 1;
    const watchMs = Math.min(500, (leaseSeconds * 1000) / 6);
    const lease = new Lease({ store, claim, leaseSeconds, logger, watchMs, onRenew });
    const maxLogBytes = this.#options.maxLogBytes ?? DEFAULT_MAX_LOG;
    const logged = await store.log(claim.id).then(
      (file) => file?.size ?? 0,
      () => 0,
    );
    const log = new JobLog({ store, id: claim.id, maxBytes: maxLogBytes, logged, logger });
    const stop = signal ? AbortSignal.any([signal, lease.signal]) : lease.signal;
    log.note(`Attempt ${status.attempts} on ${thisWorker.host}, process ${thisWorker.pid}`);
    try {
      return await tracer.job(status, async (span) => {
        const end = await this.#walk(claim, lease, log, stop, span).catch((error: unknown) =>
          this.#afterStop(claim, error, stop, log),
        );
        span.end(end);
        return end;
      });
    } catch (err) {
      logger.error({ err, job_id: claim.id }, 'The job could not be settled; another worker will take it up');
      return 'lost';
    } finally {
      this.#running -= 1;
      await lease.end();
      await log.close();
    }
  }

  async #walk(claim: Claim, lease: Lease, log: JobLog, signal: AbortSignal, span: JobSpan): Promise<RunEnd> {
    const { store, analyze, scratchDir } = this.#options;
    await using scratch = await makeScratch(scratchDir);
    const image = await store.image(claim.id);
    if (!image)
      throw new AstroJobsError('storage_failed', 'The image of the job is gone', { jobId: claim.id });
    let path = image.path;
    if (path === undefined) {
      path = join(scratch.path, 'image');
      await pipeline(image.read(), createWriteStream(path), { signal });
    }
    const outcome = await analyze(path, parseStoredParams(claim.record.status.params), {
      filename: claim.record.status.filename ?? image.name,
      scratch: scratch.path,
      signal,
      log: (text) => log.write(text),
      onProgress: (progress) => lease.report(progress),
      onAttempt: (attempt) => span.attempt(attempt),
    });
    await scratch.quieten();
    // A solve that ended while the signal came is as good as any other; a lost lease is caught by the swap.
    // Awaited here, because the files of the outcome are in the scratch folder.
    return await this.#settle(claim, outcome, log);
  }

  /** The road was left before its end: by a stop, by a lost lease, or by a fault of the house. */
  async #afterStop(claim: Claim, error: unknown, signal: AbortSignal, log: JobLog): Promise<RunEnd> {
    const reason: unknown = signal.aborted ? signal.reason : error;
    if (reason instanceof LeaseLost) {
      this.#options.logger.warn({ job_id: claim.id, reason: reason.message }, 'Lost the lease of a job');
      return 'lost';
    }
    if (signal.aborted && !(reason instanceof AstroJobsError && reason.code === 'cancelled'))
      return this.#release(claim, log);
    const fault = toAstroJobsError(reason, 'Running the job');
    const filename = claim.record.status.filename;
    const result: FailedResult = {
      ok: false,
      error: fault.message,
      error_code: fault.code,
      ...(filename !== undefined && { filename }),
    };
    return this.#settle(claim, { result, files: {} }, log);
  }

  async #settle(claim: Claim, { result, files }: AnalysisOutcome, log: JobLog): Promise<RunEnd> {
    const message = result.ok ? 'Solved' : result.error;
    log.note(result.ok ? 'Solved' : `${result.error_code}: ${result.error}`);
    await log.close();
    const settled = (status: JobStatus) =>
      result.ok
        ? solved(status, message, nowSeconds())
        : failed(status, result.error_code, message, nowSeconds());
    const kept = await this.#change(claim, settled, { result, files });
    return kept ? (result.ok ? 'done' : 'error') : 'lost';
  }

  async #release(claim: Claim, log: JobLog): Promise<RunEnd> {
    log.note('Given back by a stopping worker');
    await log.close();
    const kept = await this.#change(claim, (status) => released(status, nowSeconds()));
    return kept ? 'released' : 'lost';
  }

  /**
   * Makes a change as the holder of the lease. Somebody may ask to cancel in between, hence the loop; and a disk that is full
   * for a moment must not cost a result, hence the patience.
   */
  async #change(claim: Claim, next: (status: JobStatus) => JobStatus, outcome?: Outcome): Promise<boolean> {
    const { store, logger } = this.#options;
    const giveUpAt = performance.now() + SETTLE_PATIENCE_MS;
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        const record = await store.get(claim.id);
        if (record?.status.state !== 'processing' || record.status.lease?.token !== claim.token) return false;
        if (await store.replace(claim.id, record.revision, next(record.status), outcome)) return true;
      } catch (err) {
        if (performance.now() > giveUpAt) throw err;
        logger.warn({ err, job_id: claim.id }, 'The job cannot be settled yet; trying again');
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  /** A job whose workers died too often, or that was cancelled while its worker was dead, ends here. */
  async #endIfHopeless(status: JobStatus, revision: number): Promise<boolean> {
    const limit = status.max_attempts ?? this.#options.maxAttempts;
    let end: [ErrorCode, string] | undefined;
    if (status.cancel_requested_at !== undefined) end = ['cancelled', 'The job was cancelled'];
    else if ((status.attempts ?? 1) >= limit) {
      end = [
        'worker_lost',
        `The worker died ${status.attempts ?? 1} times while it worked on this image; see the log, and retry if the machine was at fault`,
      ];
    }
    if (!end) return false;
    const [code, message] = end;
    const result: FailedResult = {
      ok: false,
      error: message,
      error_code: code,
      ...(status.filename !== undefined && { filename: status.filename }),
    };
    await this.#options.store.replace(status.job_id, revision, failed(status, code, message, nowSeconds()), {
      result,
      files: {},
    });
    return true;
  }
}

/** Parameters from a document that another program may have written: what we do not know is left out, not refused. */
function parseStoredParams(params: Record<string, unknown>) {
  const ours = ['scale_low', 'scale_high', 'downsample', 'timeout'];
  try {
    return parseParams(params);
  } catch {
    const known = Object.entries(params).filter(([key, value]) => ours.includes(key) && value !== null);
    return parseParams(Object.fromEntries(known));
  }
}
