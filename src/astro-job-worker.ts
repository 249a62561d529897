import { DEFAULTS, defaultConcurrency } from './defaults.js';
import { AstroJobsError } from './job/errors.js';
import { metricsOf } from './jobs/metrics-of.js';
import { isReachable } from './jobs/reachable.js';
import { checkWorkerOptions } from './option-schemas.js';
import { thisWorker } from './process/machine.js';
import { type CloseOptions, closeAll } from './queue/close-all.js';
import { InProcessQueue } from './queue/in-process.js';
import type { JobQueue } from './queue/job-queue.js';
import { type Coverage, coverageOf } from './solver/indexes/coverage.js';
import type { JobStore } from './store/job-store.js';
import { type RunningOptions, type Wiring, wireRunner } from './wiring.js';
import { type HealthEndpoint, serveHealth, type WorkerHealth } from './worker/health.js';

/** How a worker takes and runs jobs. */
export interface AstroJobWorkerOptions extends RunningOptions {
  /** Where the jobs live; the same as that of the processes that submit. It is closed with the worker. */
  store: JobStore;
  /** The queue that they submit to. @default none: the store itself is asked for jobs, every second */
  queue?: JobQueue;
  /** Jobs side by side. @default process.env.ASTRO_JOBS_CONCURRENCY ?? the number of cores */
  concurrency?: number;
  /** Where to answer health probes. @default nowhere */
  health?: {
    /** Port that it listens on; 0 takes a free one. */
    port: number /** @default '127.0.0.1' */;
    /** Address that it listens on. @default '127.0.0.1' */
    host?: string;
  };
}

/**
 * A process's part in solving the jobs of a store: it takes jobs, fetches their images into scratch, solves and settles them.
 *
 * @example
 * const worker = new AstroJobWorker({ store: new PostgresJobStore(), queue: new BullMQJobQueue(), concurrency: 2 });
 * process.once('SIGTERM', () => worker.close({ graceSeconds: 60 }));
 * await worker.run();
 */
export class AstroJobWorker implements AsyncDisposable {
  readonly #options: AstroJobWorkerOptions;
  readonly #queue: JobQueue;
  readonly #wiring: Wiring;
  readonly #concurrency: number;
  #onClosed = () => {};
  readonly #closed = new Promise<void>((resolve) => {
    this.#onClosed = resolve;
  });
  #alive: NodeJS.Timeout | undefined;
  #health: HealthEndpoint | undefined;
  #started: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** Starts nothing. @throws AstroJobsError `invalid_params` for a wrong or unknown option, or when the queue cannot work with the store. */
  constructor(options: AstroJobWorkerOptions) {
    checkWorkerOptions(options);
    const { store } = options;
    this.#options = options;
    this.#concurrency = options.concurrency ?? defaultConcurrency();
    this.#queue = options.queue ?? new InProcessQueue({ concurrency: this.#concurrency });
    this.#wiring = wireRunner(store, options);
    const { runner, logger } = this.#wiring;
    this.#queue.attach({ store, runner, logger });
  }

  /** Jobs that it runs at this moment. */
  get running(): number {
    return this.#wiring.runner.running;
  }

  /** Where health probes are answered; 0 asked for a free port. */
  get healthPort(): number | undefined {
    return this.#health?.port;
  }

  /**
   * Takes jobs from now on; resolves when store and queue have answered.
   * @throws AstroJobsError `solver_unavailable` when this machine can solve nothing: it would fail every job that it takes;
   * `storage_failed` when store or queue cannot be reached; `closed` when it was closed meanwhile
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

  /**
   * Takes no more jobs; running ones have `graceSeconds` to end, then they are given back for others. Resolves two seconds after that at
   * the latest, also while it starts and when store or queue do not answer, and never rejects.
   */
  close({ graceSeconds = DEFAULTS.graceSeconds }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(graceSeconds);
    return this.#closing;
  }

  /** Closes without waiting for running jobs, which are given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close({ graceSeconds: 0 });
  }

  async #start(): Promise<void> {
    const { health, store } = this.#options;
    const { logger, reader } = this.#wiring;
    reader.prepare();
    const coverage = await this.#coverage();
    this.#assertOpen();
    if (health)
      this.#health = await serveHealth(health, {
        health: () => this.#report(),
        metrics: () => metricsOf(store),
      });
    await Promise.all([this.#options.store.check(), this.#queue.check?.()]);
    this.#assertOpen();
    this.#queue.work?.({ concurrency: this.#concurrency, coverage });
    this.#queue.wake();
    // Queues and stores do not keep a process alive; a worker that waits for jobs does.
    this.#alive = setInterval(() => {}, 2 ** 30);
    logger.info(
      { concurrency: this.#concurrency, coverage, health: this.#health?.port },
      'The worker takes jobs',
    );
  }

  async #close(graceSeconds: number): Promise<void> {
    const { logger, reader } = this.#wiring;
    await closeAll({ queue: this.#queue, store: this.#options.store, graceSeconds, logger });
    reader.release();
    // What was not ready when closing began, such as the endpoint of probes, sees that it is closed.
    this.#started
      ?.catch(() => {})
      .then(() => this.#health?.close())
      .catch(() => {});
    await this.#health?.close();
    clearInterval(this.#alive);
    this.#onClosed();
  }

  #assertOpen(): void {
    if (this.#closing) throw new AstroJobsError('closed', 'The worker was closed while it started');
  }

  /** The fields that the solvers of this worker cover; undefined when that cannot be known, as of an external script. */
  async #coverage(): Promise<Coverage | undefined> {
    const solvers = await this.#wiring.solvers();
    const infos = await Promise.all(solvers.map((solver) => solver.inspect()));
    const available = infos.find((info) => info.available);
    if (available) return available.indexes && coverageOf(available.indexes);
    const problems = infos.map(({ name, problem }) => problem ?? `${name} is not available`);
    throw new AstroJobsError('solver_unavailable', problems.join('; '));
  }

  async #report(): Promise<WorkerHealth> {
    const { store } = this.#options;
    return {
      ready: this.#closing === undefined && (await isReachable({ store, queue: this.#queue })),
      running: this.#wiring.runner.running,
      concurrency: this.#concurrency,
      host: thisWorker().host,
      pid: thisWorker().pid,
    };
  }
}
