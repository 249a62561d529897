import { setTimeout as sleep } from 'node:timers/promises';
import { settledWithin } from '../../async/settled-within.js';
import { untilAborted } from '../../async/until-aborted.js';
import { DEFAULTS, defaultQueueUrl } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import type { JobStatus } from '../../job/status.js';
import type { CheckOptions } from '../../store/job-store.js';
import type { JobQueue, QueueHost, WorkerProcess, WorkOptions } from '../job-queue.js';
import { BullMQWorker } from './bullmq-worker.js';
import type { Engine, EngineEvents } from './engine.js';
import { firstAnswer } from './first-answer.js';
import { inTime } from './in-time.js';
import { assertEnginePackages, assertEngineUrl, openEngine } from './open-engine.js';
import { idOfTicket, Tickets } from './tickets.js';
import { type KeyRateLimit, processOf } from './worker-registry.js';

/** How workers are told of jobs. */
export interface BullMQJobQueueOptions {
  /** `redis://`, `rediss://` or `valkey://` (needs the package `ioredis`), or `postgres://` (needs `pg`). @default process.env.ASTRO_JOBS_QUEUE_URL */
  url?: string;
  /** Queues of different names do not see each other: lower-case letters, digits, - and _. @default 'astro-jobs' */
  name?: string;
  /** How many jobs of one `rateKey` may start in a time; those beyond wait their turn while others pass. @default no limit */
  rateLimit?: KeyRateLimit;
  /** How often a process looks for jobs of the store that the engine has lost, seconds. @default 30 */
  sweepSeconds?: number;
  /** In front of the engine's Redis keys, or the schema of its tables. @default 'bullmq' */
  enginePrefix?: string;
}

const ENGINE_PATIENCE_MS = 5000;
/** Whoever submits waits for this; a ticket that comes too late, or never, is made up for by the next sweep. */
const ENQUEUE_PATIENCE_MS = 1200;

/**
 * Any number of processes that submit and workers that solve, over BullMQ on Redis, Valkey or PostgreSQL. A process submits
 * only, until it is told to `work` (as `AstroJobWorker` does). The engine holds tickets; what is true of a job is in the
 * store, which all processes must share. A ticket that is lost is written again from there.
 */
export class BullMQJobQueue implements JobQueue {
  /** What `inspect` calls it. */
  readonly name = 'bullmq';
  readonly #options: BullMQJobQueueOptions;
  readonly #url: string;
  readonly #queueName: string;
  readonly #listeners = new Set<(id: string) => void>();
  #host: QueueHost | undefined;
  #engine: Engine | undefined;
  #opening: Promise<{ engine: Engine; tickets: Tickets }> | undefined;
  #worker: Promise<BullMQWorker | undefined> | undefined;
  #events: Promise<EngineEvents | undefined> | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #sweeping: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;
  readonly #closing = new AbortController();

  /** @throws AstroJobsError `invalid_params`; `missing_package` for bullmq, ioredis or pg */
  constructor(options: BullMQJobQueueOptions = {}) {
    this.#options = options;
    this.#url = options.url ?? defaultQueueUrl();
    assertEngineUrl(this.#url);
    assertEnginePackages(this.#url);
    this.#queueName = options.name ?? 'astro-jobs';
    if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(this.#queueName)) {
      throw new AstroJobsError(
        'invalid_params',
        'Expected `name` to be at most 31 lower-case letters, digits, - and _',
      );
    }
    const { max, seconds } = options.rateLimit ?? { max: 1, seconds: 1 };
    if (!(Number.isInteger(max) && max > 0 && seconds > 0)) {
      throw new AstroJobsError(
        'invalid_params',
        'Expected `rateLimit` to be a whole number of jobs in a positive number of seconds',
      );
    }
  }

  attach(host: QueueHost): void {
    if (host.store.capabilities.shared === 'process') {
      throw new AstroJobsError(
        'invalid_params',
        'A BullMQJobQueue needs a store that other processes can see, such as PostgresJobStore',
      );
    }
    this.#host = host;
  }

  work(options: WorkOptions): void {
    this.#worker ??= this.#startWorker(options);
  }

  async enqueue(status: JobStatus): Promise<void> {
    const add = async () => (await this.#open()).tickets.add(status);
    await inTime(ENQUEUE_PATIENCE_MS, add());
  }

  wake(): void {
    const pauseMs = (this.#options.sweepSeconds ?? 30) * 1000;
    if (this.#closing.signal.aborted || performance.now() - this.#sweptAt < pauseMs) return;
    this.#sweptAt = performance.now();
    const { store, logger } = this.#attached;
    const sweep = async () => {
      const added = await (await this.#open()).tickets.sweep(store);
      if (added > 0) logger.info({ jobs: added }, 'Gave new tickets to jobs that had lost theirs');
    };
    this.#sweeping = inTime(ENGINE_PATIENCE_MS * 4, sweep()).catch((err: unknown) => {
      if (!this.#closing.signal.aborted) logger.warn({ err }, 'The queue cannot be reached');
    });
  }

  /** @throws AstroJobsError `storage_failed` */
  async workers(): Promise<readonly WorkerProcess[]> {
    const ask = async () => (await this.#open()).engine.registry.workers();
    const notices = await inTime(ENGINE_PATIENCE_MS, ask());
    return notices.flatMap(({ worker }) => processOf(worker) ?? []);
  }

  /** A waiting ticket goes; a worker that runs the job sees the request in the store, within half a second. */
  async cancelled(id: string): Promise<void> {
    const remove = async () => (await this.#open()).tickets.remove(id);
    await inTime(ENGINE_PATIENCE_MS, remove()).catch(() => {});
  }

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    this.#events ??= this.#listen();
    return () => this.#listeners.delete(listener);
  }

  close({ graceSeconds }: { graceSeconds: number }): Promise<void> {
    this.#closed ??= this.#close(graceSeconds * 1000);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    this.#closing.abort();
    await (await this.#worker)?.close(graceMs);
    await settledWithin(DEFAULTS.goodbyeMs, this.#closeParts());
    // What has not said goodbye by now is cut, and what is only being opened closes itself.
    this.#engine?.close();
  }

  async #closeParts(): Promise<void> {
    const events = await this.#events;
    await Promise.allSettled([events?.close(), this.#sweeping]);
    const opened = this.#engine && (await this.#opening);
    await Promise.allSettled([opened?.tickets.close(), opened?.engine.registry.close()]);
  }

  async check({ withinMs }: CheckOptions = {}): Promise<void> {
    const ask = async () => {
      const { tickets } = await this.#open();
      await tickets.check();
    };
    const signal = this.#closing.signal;
    const answer =
      withinMs === undefined
        ? firstAnswer(ask(), { closing: signal, problem: () => this.#engine?.problem() })
        : inTime(withinMs, ask());
    await answer.catch((error: unknown) => {
      // A driver that goes on connecting has not failed, but knows what is in the way.
      throw signal.aborted ? queueClosed() : unreachable(this.#engine?.problem() ?? error);
    });
  }

  get #attached(): QueueHost {
    if (!this.#host) throw new AstroJobsError('internal', 'The queue was not attached');
    return this.#host;
  }

  #open(): Promise<{ engine: Engine; tickets: Tickets }> {
    this.#opening ??= this.#openEngine().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #openEngine(): Promise<{ engine: Engine; tickets: Tickets }> {
    if (this.#closing.signal.aborted) throw queueClosed();
    const engine = await openEngine({
      url: this.#url,
      ownPrefix: `${this.#queueName.replaceAll('-', '_')}_queue`,
      enginePrefix: this.#options.enginePrefix ?? 'bullmq',
      logger: this.#attached.logger,
    });
    if (this.#closing.signal.aborted) {
      engine.close();
      throw queueClosed();
    }
    this.#engine = engine;
    return { engine, tickets: new Tickets(engine, this.#queueName, this.#options.rateLimit) };
  }

  #startWorker(options: WorkOptions): Promise<BullMQWorker | undefined> {
    return this.#untilReached('Cannot work yet', async () => {
      const { engine, tickets } = await this.#open();
      const sweepSeconds = this.#options.sweepSeconds ?? 30;
      const worker = await BullMQWorker.start({
        ...options,
        engine,
        tickets,
        host: this.#attached,
        sweepSeconds,
      });
      // One that came too late is not waited for any more.
      if (this.#closing.signal.aborted) worker.close(0).catch(() => {});
      return worker;
    });
  }

  #listen(): Promise<EngineEvents | undefined> {
    return this.#untilReached('Not listening to the queue', async () => {
      const { engine } = await this.#open();
      const events = await engine.events(this.#queueName);
      if (this.#closing.signal.aborted) void events.close().catch(() => {});
      events.listen((jobId) => {
        for (const listener of this.#listeners) listener(idOfTicket(jobId));
      });
      return events;
    });
  }

  /** Tries until it works, or the queue is closed. */
  async #untilReached<T>(what: string, open: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.#closing;
    for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 5000)) {
      try {
        const opening = open();
        // When closing comes first, what fails later fails unheard.
        opening.catch(() => {});
        return await Promise.race([opening, untilAborted(signal).then(() => undefined)]);
      } catch (err) {
        if (signal.aborted) break;
        this.#attached.logger.warn({ err }, what);
        await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
    return undefined;
  }
}

const queueClosed = () => new AstroJobsError('closed', 'This queue has been closed');

function unreachable(error: unknown): AstroJobsError {
  if (error instanceof AstroJobsError) return error;
  const detail = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new AstroJobsError('storage_failed', `The queue cannot be reached: ${detail}`, { cause: error });
}
