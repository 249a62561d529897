import { availableParallelism } from 'node:os';
import { createAnalyzer } from './analysis/analyze.js';
import type { FieldOptions } from './catalog/objects-in-field.js';
import type { ImageLimits } from './image/image.js';
import { AstroJobsError } from './job/errors.js';
import { type Logger, silentLogger } from './job/logger.js';
import { nowSeconds } from './job/status.js';
import { thisWorker } from './process/machine.js';
import { type Coverage, coverageOf } from './queue/coverage.js';
import { defaultConcurrency, InProcessQueue } from './queue/in-process.js';
import type { JobQueue } from './queue/job-queue.js';
import { findExtractor } from './solver/external/find-extractor.js';
import { indexFoldersFromEnv } from './solver/indexes/installed.js';
import { SolveField } from './solver/solve-field/solve-field.js';
import type { Solver } from './solver/solver.js';
import type { JobStore } from './store/job-store.js';
import { type HealthEndpoint, serveHealth, type WorkerHealth } from './worker/health.js';
import { JobRunner } from './worker/job-runner.js';
import { createTracer } from './worker/tracing.js';

export interface AstroJobWorkerOptions {
  /** Where the jobs live; the same as that of the processes that submit. It is closed with the worker. */
  store: JobStore;
  /** The queue that they submit to. @default none: the store itself is asked for jobs, every second */
  queue?: JobQueue;
  /** Jobs side by side. @default process.env.ASTRO_JOBS_CONCURRENCY ?? the number of cores */
  concurrency?: number;
  /** CPU cores that the jobs share. @default the number of cores */
  cores?: number;
  /** Folders with index files besides those of solve-field's configuration. @default process.env.ASTRO_INDEX_DIRS */
  indexDirs?: readonly string[];
  /** Where to answer health probes. @default nowhere */
  health?: { port: number /** @default '127.0.0.1' */; host?: string };
  /** Instead of solve-field. */
  solver?: Solver;
  /** The external extraction script. @default process.env.ASTRO_EXTRACT_BIN ?? './astro_extract.py' */
  extractorBin?: string;
  /** Which objects a result lists, and catalogues of one's own. */
  objects?: FieldOptions;
  limits?: Partial<ImageLimits> & { /** Cap of each `task.log`. @default 10 MiB */ maxLogBytes?: number };
  /** A job whose worker has died is taken up again after at most one and a half times as many seconds. @default 30 */
  leaseSeconds?: number;
  /** How often a job is taken up in all when its worker dies. @default 3 */
  maxAttempts?: number;
  /** Where images are fetched to, and jobs have their private folders. @default the system's temporary folder */
  scratchDir?: string;
  /** @default says nothing */
  logger?: Logger;
}

const PROBE_PATIENCE_MS = 3000;

/**
 * A process's part in solving the jobs of a store: it takes jobs, fetches their images into scratch, solves and settles them.
 *
 * @example
 * const worker = new AstroJobWorker({ store: new PostgresJobStore(), queue: new BullMQJobQueue(), concurrency: 2 });
 * process.once('SIGTERM', () => worker.close({ deadline: 60 }));
 * await worker.run();
 */
export class AstroJobWorker implements AsyncDisposable {
  readonly #options: AstroJobWorkerOptions;
  readonly #queue: JobQueue;
  readonly #solver: Solver;
  readonly #runner: JobRunner;
  readonly #concurrency: number;
  #onClosed = () => {};
  readonly #closed = new Promise<void>((resolve) => {
    this.#onClosed = resolve;
  });
  #alive: NodeJS.Timeout | undefined;
  #health: HealthEndpoint | undefined;
  #started: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Starts nothing. @throws AstroJobsError `invalid_params` when the queue cannot work with the store. */
  constructor(options: AstroJobWorkerOptions) {
    const { store, leaseSeconds = 30, maxAttempts = 3, scratchDir, limits } = options;
    const logger = options.logger ?? silentLogger;
    this.#options = options;
    this.#concurrency = options.concurrency ?? defaultConcurrency();
    this.#queue = options.queue ?? new InProcessQueue({ concurrency: this.#concurrency });
    this.#solver =
      options.solver ?? new SolveField({ indexFolders: options.indexDirs ?? indexFoldersFromEnv() });
    const cores = options.cores ?? availableParallelism();
    const analyze = createAnalyzer({
      solver: this.#solver,
      extractorBin: options.extractorBin,
      limits,
      objects: options.objects,
      cores: () => Math.max(1, Math.floor(cores / Math.max(1, this.#runner.running))),
    });
    this.#runner = new JobRunner({
      ...{ store, analyze, leaseSeconds, maxAttempts, logger, scratchDir },
      tracer: createTracer(),
      maxLogBytes: limits?.maxLogBytes,
    });
    this.#queue.attach({ store, runner: this.#runner, logger });
  }

  /** Jobs that it runs at this moment. */
  get running(): number {
    return this.#runner.running;
  }

  /** Where health probes are answered; 0 asked for a free port. */
  get healthPort(): number | undefined {
    return this.#health?.port;
  }

  /**
   * Takes jobs from now on.
   * @throws AstroJobsError `solver_unavailable` when this machine can solve nothing: it would fail every job that it takes.
   */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Starts, and resolves when the worker was closed. */
  async run(): Promise<void> {
    await this.start();
    await this.#closed;
  }

  /** Takes no more jobs; running ones have `deadline` seconds to end, then they are given back for others. @default 30 */
  close({ deadline = 30 }: { deadline?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(deadline);
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ deadline: 0 });
  }

  async #start(): Promise<void> {
    const { logger, health } = this.#options;
    const coverage = await this.#coverage();
    if (health) this.#health = await serveHealth(health, () => this.#report());
    this.#queue.work?.({ concurrency: this.#concurrency, coverage });
    this.#queue.wake();
    // Queues and stores do not keep a process alive; a worker that waits for jobs does.
    this.#alive = setInterval(() => {}, 2 ** 30);
    logger?.info(
      { concurrency: this.#concurrency, coverage, health: this.#health?.port },
      'The worker takes jobs',
    );
  }

  async #close(deadline: number): Promise<void> {
    await this.#started?.catch(() => {});
    await this.#queue.close({ deadlineMs: deadline * 1000 });
    await this.#options.store.close();
    await this.#health?.close();
    clearInterval(this.#alive);
    this.#onClosed();
  }

  /** A worker without solve-field has its script, whose limits nobody knows. */
  async #coverage(): Promise<Coverage | undefined> {
    const [solver, extractor] = await Promise.all([
      this.#solver.inspect(),
      findExtractor(this.#options.extractorBin),
    ]);
    if (solver.available) return coverageOf(solver.indexes);
    if (extractor.available) return undefined;
    throw new AstroJobsError('solver_unavailable', `${solver.problem ?? 'No solver'}; ${extractor.problem}`);
  }

  async #report(): Promise<WorkerHealth> {
    const { store } = this.#options;
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PROBE_PATIENCE_MS).unref());
    const answers = store.runnable({ now: nowSeconds(), limit: 1 }).then(
      () => true,
      () => false,
    );
    return {
      ready: this.#closing === undefined && (await Promise.race([answers, late])),
      running: this.#runner.running,
      concurrency: this.#concurrency,
      host: thisWorker.host,
      pid: thisWorker.pid,
    };
  }
}
