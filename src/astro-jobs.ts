import type { AstroJobsOptions } from './astro-jobs-options.js';
import { anySignal } from './async/any-signal.js';
import { inRounds } from './async/in-rounds.js';
import { runBatch } from './batch/batch.js';
import type { Batch, BatchOptions } from './batch/options.js';
import { DEFAULTS } from './defaults.js';
import type { ExportOptions } from './export/export-source.js';
import type { ExportedFile } from './export/exported-file.js';
import type { ExportKind } from './export/formats.js';
import type { JobGeometry } from './export/geometry.js';
import type { ExportOffer } from './export/offers.js';
import { AstroJobsError } from './job/errors.js';
import { JobEmitter, type JobEventName, type JobListener } from './job/events.js';
import { knownParams, type SolveParamsInput } from './job/param-table.js';
import type { JobResult } from './job/result.js';
import { isSettled, type JobState, type JobStatus } from './job/status.js';
import {
  type DerivedFrom,
  exportOf,
  geometryOf,
  offersOf,
  type PictureOptions,
  pictureOf,
} from './jobs/derived.js';
import { Dispatcher } from './jobs/dispatcher.js';
import { type Inspection, inspect } from './jobs/inspection.js';
import { metricsOf } from './jobs/metrics-of.js';
import { type QueueState, queueState } from './jobs/queue-state.js';
import { QueueView } from './jobs/queue-view.js';
import { isReachable } from './jobs/reachable.js';
import { resultOf } from './jobs/result-of.js';
import { cancelJob, notFound, type PruneOptions, pruneJobs, recordOf, retryJob } from './jobs/settle.js';
import { type FieldListOptions, type FieldPage, SolvedFields } from './jobs/solved-fields.js';
import { type JobStats, jobStats } from './jobs/stats.js';
import type { ImageInput } from './jobs/submit/image-source.js';
import type { InTransaction, SubmitOptions } from './jobs/submit/options.js';
import { type Submission, type SubmitOutcome, Submitter } from './jobs/submit/submitter.js';
import { changesOf, logOf, type WaitOptions } from './jobs/watch/changes.js';
import { EventPublisher } from './jobs/watch/event-publisher.js';
import { JobWatcher } from './jobs/watch/job-watcher.js';
import { Cameras } from './optics/cameras.js';
import { checkAstroJobsOptions } from './option-schemas.js';
import { type CloseOptions, closeAll } from './queue/close-all.js';
import { InProcessQueue } from './queue/in-process.js';
import type { JobQueue } from './queue/job-queue.js';
import { FileSystemJobStore } from './store/file-system/file-system-job-store.js';
import type { JobPage, JobRecord, JobStore, StoredFile } from './store/job-store.js';
import { solverNames, type Wiring, wireRunner } from './wiring.js';

/** Of many images, those that are stored in one round. */
const SUBMIT_ROUND = 500;

/**
 * Plate solving as durable background jobs: submit a photograph, then poll, wait or listen, and fetch the result.
 *
 * Nothing is started by the constructor. Every verb takes a job id and throws an `AstroJobsError`: `invalid_id` for what is
 * no id, `not_found` for an unknown one, `storage_…` when the store fails.
 *
 * @example
 * await using jobs = new AstroJobs({ dir: './jobs' });
 * const { job_id } = await jobs.submit('m42.jpg', { scale_low: 1, scale_high: 3 });
 * const result = await jobs.wait(job_id);
 * if (result.ok) console.log(result.astrometry.ra_center, result.astrometry.objects[0]?.name);
 */
export class AstroJobs implements AsyncDisposable {
  /** Where the jobs live. */
  readonly store: JobStore;
  /** Who runs the jobs. */
  readonly queue: JobQueue;
  /** What the solved images have taught of their cameras. */
  readonly cameras: Cameras;
  readonly #wiring: Wiring;
  readonly #options: AstroJobsOptions;
  readonly #submitter: Submitter;
  readonly #emitter: JobEmitter;
  readonly #view: QueueView;
  readonly #fields: SolvedFields;
  readonly #watcher: JobWatcher;
  readonly #publisher: EventPublisher;
  readonly #dispatcher: Dispatcher;
  #closing: Promise<void> | undefined;

  /** @throws AstroJobsError `invalid_params` for a wrong or unknown option, or when the queue cannot work with the store. */
  constructor(options: AstroJobsOptions = {}) {
    checkAstroJobsOptions(options);
    this.#options = options;
    this.store = options.store ?? new FileSystemJobStore({ dir: options.dir });
    this.queue = options.queue ?? new InProcessQueue({ concurrency: options.concurrency });
    this.#wiring = wireRunner(this.store, options);
    const { runner, logger, maxAttempts, memory } = this.#wiring;
    this.cameras = new Cameras(memory);
    this.#submitter = new Submitter(this.store, {
      ...options.limits,
      maxAttempts,
      solverNames: solverNames(options),
      beforeSubmit: options.hooks?.beforeSubmit,
    });
    this.queue.attach({ store: this.store, runner, logger });
    this.#view = new QueueView(this.store);
    this.#fields = new SolvedFields(this.store);
    this.#emitter = new JobEmitter(logger);
    this.#watcher = new JobWatcher(this.store, logger);
    this.#watcher.listen((listener) => this.store.subscribe(listener));
    this.#watcher.listen((listener) => this.queue.subscribe(listener));
    this.#publisher = new EventPublisher(this.#emitter, this.#watcher);
    this.#dispatcher = new Dispatcher(this.queue, this.#publisher, logger);
  }

  /**
   * Stores an image as a new job and returns as soon as nothing can lose it any more; a worker then runs it in the background.
   *
   * @param image a path, a `file:` URL, bytes, a Blob or File, or a stream of bytes. It is only read, and never held in memory as a whole.
   * @throws AstroJobsError `invalid_params`; `image_not_found`, `unsupported_image`, `corrupt_image`, `image_too_large` for
   * what is no image; `refused`; `too_many_jobs`; `storage_full`, `storage_failed`. Then there is no job.
   */
  async submit(
    image: ImageInput,
    params: SolveParamsInput = {},
    { transaction, ...options }: SubmitOptions & InTransaction = {},
  ): Promise<JobStatus> {
    this.#assertOpen();
    const status = await this.#submitter.submit(image, params, options, transaction);
    if (!transaction) await this.#dispatcher.dispatch(status);
    return status;
  }

  /**
   * Tells the queue of a job that was submitted in a transaction, now that it is committed. Without it a worker finds the job when it looks
   * by itself: within a second, or `sweepSeconds` of a `BullMQJobQueue`.
   */
  async enqueue(id: string): Promise<JobStatus> {
    const { status } = await this.#record(id);
    await this.#dispatcher.dispatch(status);
    return status;
  }

  /**
   * Stores many images as new jobs, in rounds of 500 to the disk or database: ten thousand small ones in seconds. Resolves when all are
   * durable, with what became of each, in their order: one that is refused costs no other. In a `transaction` they are there when the caller
   * has committed; tell `enqueue` of each then.
   *
   * @throws AstroJobsError `invalid_params` for a transaction that the store cannot take part in
   * @example
   * const outcomes = await jobs.submitMany(paths.map((image) => ({ image, tags: ['night-3'] })));
   * for (const { error } of outcomes) if (error) console.error(error.message);
   */
  async submitMany(
    submissions: Iterable<Submission> | AsyncIterable<Submission>,
    { transaction }: InTransaction = {},
  ): Promise<SubmitOutcome[]> {
    this.#assertOpen();
    const outcomes: SubmitOutcome[] = [];
    for await (const round of inRounds(submissions, SUBMIT_ROUND)) {
      const stored = await this.#submitter.submitRound(round, transaction);
      if (!transaction) await this.#dispatcher.dispatchAll(stored.flatMap(({ status }) => status ?? []));
      outcomes.push(...stored);
    }
    return outcomes;
  }

  /**
   * The `request_hash` of a job that is submitted so with an idempotency key: another one says that the key was used for something else.
   * @throws AstroJobsError `invalid_params`
   */
  requestHash(params: SolveParamsInput = {}, options: SubmitOptions = {}): string {
    return this.#submitter.requestHash(params, options);
  }

  /** The job's status as of now; while it waits or runs, `progress` says its place in the queue and an estimate. */
  async status(id: string): Promise<JobStatus> {
    const { status } = await this.#record(id);
    if (!isSettled(status)) this.#dispatcher.wake();
    return this.#view.locate(status);
  }

  /**
   * The result document of a settled job, failed ones included.
   * @throws AstroJobsError `not_ready` before it is there; `corrupt_document` when it cannot be read.
   */
  async result(id: string): Promise<JobResult> {
    const status = await this.status(id);
    return resultOf(this.store, status);
  }

  /**
   * The result, as soon as the job is settled.
   * @throws AstroJobsError `timeout` when the caller's patience ends (the job goes on); `solver_unavailable` when it waits and what would
   * run it cannot be started; `signal.reason` when aborted.
   */
  async wait(id: string, { signal, timeout }: WaitOptions = {}): Promise<JobResult> {
    const patience = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1000);
    const signals = [signal, patience].filter((one) => one !== undefined);
    try {
      for await (const status of this.watch(id, { signal: anySignal(...signals) })) {
        if (isSettled(status)) break;
      }
    } catch (error) {
      if (!patience?.aborted || signal?.aborted) throw error;
      throw new AstroJobsError('timeout', `The job has not ended within ${timeout} s; it goes on`, {
        jobId: id,
      });
    }
    return this.result(id);
  }

  /**
   * The status now, and again with each change, until the job is settled.
   * @throws AstroJobsError `solver_unavailable` when the job waits and what would run it cannot be started
   */
  watch(id: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<JobStatus, void, void> {
    return changesOf({
      watcher: this.#watcher,
      id,
      read: () => this.status(id),
      locate: (status) => this.#view.locate(status),
      problem: () => this.queue.problem?.(),
      signal,
    });
  }

  /**
   * A page of jobs, newest first.
   * @throws AstroJobsError `invalid_params` for a limit below 1, or a cursor that no page has given
   */
  async list(
    options: {
      state?: JobState | readonly JobState[];
      /** Only jobs that were submitted with this `rateKey`. */
      rateKey?: string;
      /** Only jobs that were submitted with this tag. */
      tag?: string;
      limit?: number;
      after?: string;
    } = {},
  ): Promise<JobPage> {
    const { state, ...filters } = options;
    assertLimit(filters.limit);
    const states = typeof state === 'string' ? [state] : state;
    const page = await this.store.list({ ...filters, states });
    if (page.jobs.some((job) => !isSettled(job))) this.#dispatcher.wake();
    return page;
  }

  /**
   * Ends a job wherever it runs, its whole process tree included, and resolves with its status when it has ended.
   * A job that is settled already stays as it is.
   */
  async cancel(id: string): Promise<JobStatus> {
    return cancelJob({ store: this.store, queue: this.queue, runner: this.#wiring.runner }, id);
  }

  /**
   * Runs a failed job once more, from the beginning. One that is waiting or running stays as it is.
   *
   * @param changes parameters that differ from those it had; `null` takes one back
   * @throws AstroJobsError `already_settled` for a job that is done; `invalid_params`
   */
  async retry(id: string, changes: SolveParamsInput = {}): Promise<JobStatus> {
    const asAsked = Object.keys(changes).length === 0;
    const asked = ({ params }: JobStatus) =>
      asAsked ? undefined : this.#submitter.asked({ ...knownParams(params), ...changes });
    const status = await retryJob(this.store, id, asked);
    await this.#dispatcher.dispatch(status);
    return status;
  }

  /** Removes a job with its image and everything else; a running one is cancelled first. */
  async remove(id: string): Promise<void> {
    await this.cancel(id).catch((error: unknown) => {
      // A job whose documents are damaged cannot be cancelled, but it can be removed.
      if (!(error instanceof AstroJobsError && error.code === 'corrupt_document')) throw error;
    });
    if (!(await this.store.remove(id))) throw notFound(id);
  }

  /** Removes jobs that were settled long ago; resolves with their ids. */
  async prune(options: PruneOptions): Promise<string[]> {
    return pruneJobs(this.store, options);
  }

  /** All that the job's programs have printed so far. */
  async log(id: string): Promise<string> {
    await this.#record(id);
    const log = await this.store.log(id);
    return log ? (await log.read().toArray()).map((part: Uint8Array) => Buffer.from(part)).join('') : '';
  }

  /** The log piece by piece, as it grows, until the job is settled. */
  followLog(id: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<string, void, void> {
    // The status first: what is written after a job is settled is nothing.
    const read = async () => ({ status: await this.status(id), log: await this.store.log(id) });
    return logOf(read, signal);
  }

  /** The image as it was submitted. */
  async image(id: string): Promise<StoredFile> {
    await this.#record(id);
    const image = await this.store.image(id);
    if (!image) throw new AstroJobsError('not_found', 'The image of this job is gone', { jobId: id });
    return image;
  }

  /** What the job has left: `result.json`, `solution.wcs` and more. */
  async files(id: string): Promise<StoredFile[]> {
    await this.#record(id);
    return this.store.files(id);
  }

  /** One of `files`. */
  async file(id: string, name: string): Promise<StoredFile> {
    const file = (await this.files(id)).find((candidate) => candidate.name === name);
    if (!file)
      throw new AstroJobsError('not_found', `This job has no file ${JSON.stringify(name)}`, { jobId: id });
    return file;
  }

  /**
   * The photograph with its objects, grid, scale and compass.
   * @throws AstroJobsError `not_ready`; `not_found` when there is no solution to draw
   */
  async annotate(id: string, options: PictureOptions = {}): Promise<Buffer> {
    return pictureOf({ ...this.#parts(id), result: await this.result(id) }, options);
  }

  /** How pixels and sky belong together: size, row order, EXIF orientation and, when solved, the plate solution. */
  async geometry(id: string): Promise<JobGeometry> {
    await this.#record(id);
    return geometryOf(this.#parts(id));
  }

  /**
   * Something made of the image and its solution on demand, in one of `EXPORT_FORMATS`.
   * @throws AstroJobsError `not_found` when the job has not what it is made of, `unsupported_export` when the format cannot hold its
   * plate solution
   */
  async export(id: string, format: ExportKind, options: ExportOptions = {}): Promise<ExportedFile> {
    return exportOf(await this.#asItIs(id), format, options);
  }

  /** The formats that the job can be exported in as it is now. */
  async exports(id: string): Promise<ExportOffer[]> {
    return offersOf(await this.#asItIs(id));
  }

  /** What a job is made of, with its result where it has one. */
  async #asItIs(id: string): Promise<DerivedFrom> {
    const { status } = await this.#record(id);
    const result = isSettled(status) ? await this.result(id) : undefined;
    return { ...this.#parts(id), ...(result && { result }) };
  }

  /** The image as FITS with the plate solution in its header, whatever kind of image it was. */
  newFits(id: string): Promise<ExportedFile> {
    return this.export(id, 'new-fits');
  }

  /**
   * Every picture of a folder once: each becomes a job, and a row of a table that is there again after the process was killed, so that the next
   * run goes on from it. Gives each new row when it is in the table; returns a summary.
   *
   * @param folder of the pictures, which are only read
   * @param params of each of them
   * @throws AstroJobsError `invalid_params`; `image_not_found` for no folder; `already_running` while another process writes the same table; what
   * `submit` throws for other reasons than a picture, such as `storage_full`; `signal.reason` when aborted
   * @example
   * for await (const row of jobs.batch('night/', {}, { watch: true, signal })) console.log(row.file, row.ra_deg, row.fwhm_arcsec);
   */
  batch(folder: string, params: SolveParamsInput = {}, options: BatchOptions = {}): Batch {
    this.#assertOpen();
    return runBatch(this, folder, params, options);
  }

  /** Counts of jobs by state, and how long the last ones waited and ran. */
  stats(): Promise<JobStats> {
    return jobStats(this.store);
  }

  /** What waits, and which processes run what, for an operator. */
  queueState(): Promise<QueueState> {
    return queueState({ store: this.store, queue: this.queue });
  }

  /**
   * A page of the solved jobs, newest first: where each of them looks.
   * @throws AstroJobsError `invalid_params` as `list`
   */
  async fields(options: FieldListOptions = {}): Promise<FieldPage> {
    assertLimit(options.limit);
    return this.#fields.page(options);
  }

  /** Whether everything is here that jobs need: solver, index files, fallback, store, queue. Never throws, and waits for none that does not answer. */
  async inspect(): Promise<Inspection> {
    return inspect({
      solvers: await this.#wiring.solvers(),
      store: this.store,
      queue: this.queue,
    });
  }

  /** Whether store and queue answer, within three seconds. Never throws. */
  isReachable(): Promise<boolean> {
    return isReachable({ store: this.store, queue: this.queue });
  }

  /** What this process has counted and how the jobs stand, in the text format of Prometheus. */
  metrics(): Promise<string> {
    return metricsOf(this.store);
  }

  /** Calls `listener` with each such event of jobs that were submitted here. Returns how to stop. */
  on(name: JobEventName, listener: JobListener): () => void {
    const off = this.#emitter.on(name, listener);
    this.#publisher.follow();
    return off;
  }

  /** As `on`, for the next such event only. Returns how to stop. */
  once(name: JobEventName, listener: JobListener): () => void {
    const off = this.on(name, (status) => {
      off();
      return listener(status);
    });
    return off;
  }

  /** Stops calling `listener` with such events. */
  off(name: JobEventName, listener: JobListener): void {
    this.#emitter.off(name, listener);
  }

  /** Sees to it that jobs without a worker (new ones, or those of dead workers) are run. All verbs that meet one do so. */
  wake(): void {
    this.queue.wake();
  }

  /**
   * Lets go of everything: running jobs of this process have `graceSeconds` to end, then they are stopped and given back for others to
   * run. Resolves two seconds after that at the latest, also when store or queue do not answer, and never rejects; the process can end then.
   */
  close({ graceSeconds = DEFAULTS.graceSeconds }: CloseOptions = {}): Promise<void> {
    this.#dispatcher.close();
    this.#closing ??= this.#close(graceSeconds);
    return this.#closing;
  }

  /** Closes without waiting for running jobs, which are given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ graceSeconds: 0 });
  }

  async #close(graceSeconds: number): Promise<void> {
    const { logger, reader } = this.#wiring;
    await closeAll({ queue: this.queue, store: this.store, graceSeconds, logger });
    reader.release();
    this.#watcher.close();
  }

  #parts(id: string) {
    return { store: this.store, id, scratchDir: this.#options.scratchDir, reader: this.#wiring.reader };
  }

  #record(id: string): Promise<JobRecord> {
    return recordOf(this.store, id);
  }

  #assertOpen(): void {
    if (this.#closing) throw new AstroJobsError('closed', 'This AstroJobs has been closed');
  }
}

function assertLimit(limit: number | undefined): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return;
  throw new AstroJobsError('invalid_params', 'Expected `limit` to be a whole number, 1 or more');
}
