import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { AnalysisOutcome, Analyze } from '../analysis/analysis.js';
import { anySignal } from '../async/any-signal.js';
import { DEFAULTS } from '../defaults.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import { failedResult } from '../job/failed-result.js';
import type { AfterResult } from '../job/hooks.js';
import type { Logger } from '../job/logger.js';
import { parseParams } from '../job/params.js';
import type { JobResult } from '../job/result.js';
import type { Attempt } from '../job/solve-report.js';
import { nowSeconds, type Progress } from '../job/status.js';
import { claimed, failed } from '../job/transitions.js';
import { isDeadHere, thisWorker } from '../process/machine.js';
import { makeScratch, sweepScratch } from '../process/scratch.js';
import type { JobRecord, JobStore } from '../store/job-store.js';
import { callAfterResult } from './after-result.js';
import { JobLog } from './job-log.js';
import { isClaimable, Lease, LeaseLost } from './lease.js';
import { RunTimes } from './run-times.js';
import { RunnableJobs } from './runnable-jobs.js';
import type { Claim, RunEnd, Runner, RunOptions } from './runner.js';
import { type HeldJob, Settlement } from './settlement.js';
import type { JobSpan, JobTracer } from './tracing.js';

export interface JobRunnerOptions {
  store: JobStore;
  /** The pipeline from image to result. */
  analyze: Analyze;
  /** Begins to load what the pipeline needs. */
  prepare(): void;
  /** Length of the lease, seconds: the job of a dead worker is claimable so long after the last renewal. */
  leaseSeconds: number;
  /** How often a job whose worker dies is taken up in all. */
  maxAttempts: number;
  logger: Logger;
  tracer: JobTracer;
  /** @default the system's temporary folder */
  scratchDir?: string;
  /** Told of each job that a run has settled. */
  afterResult?: AfterResult;
  /** Cap of `task.log`, bytes. @default 10 MiB */
  maxLogBytes?: number;
}

/** Attempts of the solver that the status of a running job tells of. */
const TOLD_ATTEMPTS = 20;

/** Longest pause between two looks at whether the job was cancelled. */
const WATCH_MS = 500;

/** One claimed job on its way to its end. */
interface Run {
  claim: Claim;
  lease: Lease;
  log: JobLog;
  /** Ends the analysis: the lease is lost, or the worker stops. */
  signal: AbortSignal;
  stopping?: AbortSignal;
  times: RunTimes;
  /** What came out, once it did. */
  result?: JobResult;
}

/** Takes jobs out of a store one by one, runs the pipeline on each and settles it as the holder of its lease. */
export class JobRunner implements Runner {
  readonly #options: JobRunnerOptions;
  readonly #runnable: RunnableJobs;
  readonly #settlement: Settlement;
  #running = 0;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#runnable = new RunnableJobs(options.store);
    this.#settlement = new Settlement(options.store, options.logger);
  }

  get leaseSeconds(): number {
    return this.#options.leaseSeconds;
  }

  /** How many jobs this process runs at this moment. */
  get running(): number {
    return this.#running;
  }

  prepare(): void {
    this.#options.prepare();
  }

  async sweep(olderThanSeconds: number): Promise<void> {
    await sweepScratch(this.#options.scratchDir);
    await this.#options.store.sweep(olderThanSeconds);
  }

  async claim(id: string): Promise<Claim | undefined> {
    const { store, leaseSeconds } = this.#options;
    const record = await store.get(id);
    const now = nowSeconds();
    if (!record || !isClaimable(record, now, isDeadHere(record.status.worker))) return undefined;
    const { status, revision } = record;
    if (status.state === 'processing') {
      // What the dead worker has left running is ended before this one competes with it for the cores.
      await sweepScratch(this.#options.scratchDir);
      if (await this.#endIfHopeless(record)) return undefined;
    }
    const token = randomUUID();
    const next = claimed(status, { token, worker: thisWorker(), leaseSeconds }, now);
    const held = await store.replace(id, revision, next);
    if (!held) return undefined;
    this.#runnable.started(status.rate_key);
    // A job that was never changed has never run.
    return { id, token, record: held, hasRun: status.updated_at !== status.created_at };
  }

  next(limit: number): Promise<string[]> {
    return this.#runnable.first(limit);
  }

  async claimNext(): Promise<Claim | undefined> {
    const tried = new Set<string>();
    for (;;) {
      const id = await this.#runnable.next(tried);
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

  async run(claim: Claim, { signal, onRenew }: RunOptions = {}): Promise<RunEnd> {
    const { store, logger, leaseSeconds, tracer } = this.#options;
    const { status } = claim.record;
    this.#running += 1;
    const watchMs = Math.min(WATCH_MS, (leaseSeconds * 1000) / 6);
    const lease = new Lease({ store, claim, leaseSeconds, logger, watchMs, onRenew });
    const log = await this.#openLog(claim);
    const stop = signal ? anySignal(signal, lease.signal) : lease.signal;
    const times = new RunTimes();
    const run: Run = { claim, lease, log, times, signal: stop, ...(signal && { stopping: signal }) };
    let end: RunEnd = 'lost';
    const { host, pid } = thisWorker();
    logger.info({ job_id: claim.id, attempt: status.attempts }, 'The job is run');
    log.note(`Attempt ${status.attempts} on ${host}, process ${pid}`);
    try {
      return await tracer.job(status, async (span) => {
        end = await this.#analyze(run, span).catch((error: unknown) => this.#afterStop(run, error));
        span.end(end);
        return end;
      });
    } catch (err) {
      logger.error({ err, job_id: claim.id }, 'The job could not be settled; another worker will take it up');
      return 'lost';
    } finally {
      this.#running -= 1;
      this.#tell(run, end);
      await lease.end();
      await log.close();
      await this.#afterResult(run, end);
    }
  }

  async #afterResult({ claim, result, stopping }: Run, end: RunEnd): Promise<void> {
    const { store, logger, afterResult } = this.#options;
    if (!afterResult || !result || (end !== 'done' && end !== 'error')) return;
    const record = await store.get(claim.id).catch(() => undefined);
    if (record) await callAfterResult(afterResult, { status: record.status, result }, { logger, stopping });
  }

  #tell({ claim, times, result }: Run, end: RunEnd): void {
    const { attempts } = claim.record.status;
    const code = end === 'error' && result?.ok === false ? result.error_code : undefined;
    const took = times.end(code ?? end, result);
    const fields = { job_id: claim.id, attempt: attempts, outcome: end, ...took };
    this.#options.logger.info({ ...fields, ...(code && { error_code: code }) }, 'The run has ended');
  }

  async #openLog({ id, hasRun }: Claim): Promise<JobLog> {
    const { store, logger, maxLogBytes = DEFAULTS.maxLogBytes } = this.#options;
    const earlier = hasRun ? await store.log(id).catch(() => undefined) : undefined;
    return new JobLog({ store, id, maxBytes: maxLogBytes, logged: earlier?.size ?? 0, logger });
  }

  async #analyze(run: Run, span: JobSpan): Promise<RunEnd> {
    const { store, analyze, scratchDir } = this.#options;
    const { claim, lease, log, signal } = run;
    await using scratch = await makeScratch(scratchDir);
    const image = await store.image(claim.id);
    if (!image)
      throw new AstroJobsError('storage_failed', 'The image of the job is gone', { jobId: claim.id });
    let path = image.path;
    if (path === undefined) {
      path = join(scratch.path, 'image');
      await pipeline(image.read(), createWriteStream(path), { signal });
    }
    let progress: Progress = { stage: 'starting' };
    let attempts: Attempt[] = [];
    const report = () =>
      lease.report({ ...progress, ...(attempts.length > 0 && { solve_attempts: attempts }) });
    const outcome = await analyze(path, parseStoredParams(claim.record.status.params), {
      filename: claim.record.status.filename ?? image.name,
      owner: claim.record.status.rate_key,
      exports: claim.record.status.exports,
      scratch: scratch.path,
      signal,
      log: (text) => log.write(text),
      onProgress: (next) => {
        progress = next;
        run.times.stage(progress.stage);
        report();
      },
      onAttempt: (attempt) => {
        run.times.attempt(attempt);
        span.attempt(attempt);
        attempts = [...attempts, attempt].slice(-TOLD_ATTEMPTS);
        report();
      },
    });
    await scratch.quieten();
    // A solve that ended while the signal came is as good as any other; a lost lease is caught by the swap.
    // Awaited here, because the files of the outcome are in the scratch folder.
    return await this.#settle(run, outcome);
  }

  /** The pipeline ended early: by a stop, by a lost lease, or by a fault of this machine. */
  async #afterStop(run: Run, error: unknown): Promise<RunEnd> {
    const { claim, log, signal } = run;
    const reason: unknown = signal.aborted ? signal.reason : error;
    if (reason instanceof LeaseLost) {
      this.#options.logger.warn({ job_id: claim.id, reason: reason.message }, 'Lost the lease of a job');
      return 'lost';
    }
    if (signal.aborted && !(reason instanceof AstroJobsError && reason.code === 'cancelled')) {
      log.note('Given back by a stopping worker');
      await log.close();
      return this.#settlement.release(heldBy(run));
    }
    const fault = toAstroJobsError(reason, 'Running the job');
    const { filename } = claim.record.status;
    return this.#settle(run, { result: failedResult(fault, { filename }), files: {} });
  }

  async #settle(run: Run, outcome: AnalysisOutcome): Promise<RunEnd> {
    const { result } = outcome;
    run.result = result;
    run.times.stage('settling');
    const log = await run.log.end(result.ok ? 'Solved' : `${result.error_code}: ${result.error}`);
    return this.#settlement.settle(heldBy(run), { ...outcome, log });
  }

  /** A job whose workers died too often, or that was cancelled while its worker was dead, ends here. */
  async #endIfHopeless({ status, revision }: JobRecord): Promise<boolean> {
    const attempts = status.attempts ?? 1;
    let end: AstroJobsError | undefined;
    if (status.cancel_requested_at !== undefined)
      end = new AstroJobsError('cancelled', 'The job was cancelled');
    else if (attempts >= (status.max_attempts ?? this.#options.maxAttempts)) {
      const text = `The worker died ${attempts} times while it worked on this image`;
      end = new AstroJobsError('worker_lost', `${text}; see the log, and retry if the machine was at fault`);
    }
    if (!end) return false;
    const next = failed(status, end.code, end.message, nowSeconds());
    const result = failedResult(end, { filename: status.filename });
    await this.#options.store.replace(status.job_id, revision, next, { result, files: {} });
    return true;
  }
}

/** The job as its lease knows it. */
function heldBy({ claim, lease, stopping }: Run): HeldJob {
  return { id: claim.id, token: claim.token, record: lease.record, ...(stopping && { stopping }) };
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
