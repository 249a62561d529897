import { DEFAULTS, defaultConcurrency } from '../defaults.js';
import { thisWorker } from '../process/machine.js';
import type { JobQueue, QueueHost, WorkerProcess } from './job-queue.js';
import { WorkerLoop } from './worker-loop.js';

/** How many jobs this process runs. */
export interface InProcessQueueOptions {
  /** Jobs side by side. @default process.env.ASTRO_JOBS_CONCURRENCY ?? the number of cores */
  concurrency?: number;
  /** How often the store is asked for jobs that others left, milliseconds. @default 1000 */
  pollMs?: number;
}

/** Runs the jobs of the store in this process: the simplest way, for one backend on one machine. */
export class InProcessQueue implements JobQueue {
  /** What `inspect` calls it. */
  readonly name = 'in-process';
  readonly #options: InProcessQueueOptions;
  #loop: WorkerLoop | undefined;

  constructor(options: InProcessQueueOptions = {}) {
    this.#options = options;
  }

  attach({ store, runner, logger }: QueueHost): void {
    const { concurrency = defaultConcurrency(), pollMs = DEFAULTS.pollMs } = this.#options;
    this.#loop = new WorkerLoop({ store, runner, logger, concurrency, pollMs });
  }

  async enqueue(): Promise<void> {
    this.#loop?.wake();
  }

  wake(): void {
    this.#loop?.wake();
  }

  async workers(): Promise<readonly WorkerProcess[]> {
    return [thisWorker()];
  }

  async cancelled(): Promise<void> {}

  subscribe(): () => void {
    return () => {};
  }

  async close({ graceSeconds }: { graceSeconds: number }): Promise<void> {
    await this.#loop?.close(graceSeconds);
  }
}
