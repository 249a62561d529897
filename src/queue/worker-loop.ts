import { settledWithin } from '../async/settled-within.js';
import { DEFAULTS } from '../defaults.js';
import type { Logger } from '../job/logger.js';
import type { JobStore } from '../store/job-store.js';
import type { Runner } from '../worker/runner.js';
import { Presence } from './presence.js';

export interface WorkerLoopOptions {
  store: JobStore;
  runner: Runner;
  logger: Logger;
  /** Jobs side by side. */
  concurrency: number;
  /** How often the store is asked for jobs that were not announced here, milliseconds. */
  pollMs: number;
}

const SWEEP_EVERY_MS = 10 * 60_000;
const DEBRIS_AGE_SECONDS = 3600;

/** Takes runnable jobs out of a store and runs them, up to `concurrency` side by side, until it is closed. */
export class WorkerLoop {
  readonly #options: WorkerLoopOptions;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  readonly #presence: Presence;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #closing = false;
  #closed: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: WorkerLoopOptions) {
    this.#options = options;
    const { store, concurrency, logger } = options;
    this.#presence = new Presence({ workers: store.workers, concurrency, logger });
  }

  /** Looks for jobs now, and from now on every `pollMs`. */
  wake(): void {
    if (this.#closing) return;
    this.#presence.begin();
    this.#lookAgain = true;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#lookAgain) this.wake();
      else if (!this.#closing) this.#sleep();
    });
  }

  /** Running jobs have `graceSeconds` to end, then they are stopped and given back. */
  close(graceSeconds: number): Promise<void> {
    this.#closed ??= this.#close(graceSeconds * 1000);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const stop = () => this.#stop.abort(new Error('The worker is stopping'));
    const timer = setTimeout(stop, graceMs);
    await settledWithin(graceMs + DEFAULTS.releaseMs, this.#idle());
    clearTimeout(timer);
    // A claim that is still under way is given back as soon as it is made.
    stop();
    await settledWithin(DEFAULTS.goodbyeMs, Promise.all([this.#sweeping, this.#presence.end()]));
  }

  async #idle(): Promise<void> {
    await this.#looking;
    await Promise.all(this.#running);
  }

  /** Beside the jobs: among ten thousand folders it takes a while. */
  async #sweep(): Promise<void> {
    const { runner, logger } = this.#options;
    try {
      await runner.sweep(DEBRIS_AGE_SECONDS);
      // It may have found jobs that another program has put there.
      this.wake();
    } catch (err) {
      logger.warn({ err }, 'Cannot clear away what dead workers have left; trying again later');
    }
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    // This timer alone may find a job whose worker died, so it runs as long as the host does, and does not keep it alive.
    this.#timer = setTimeout(() => this.wake(), this.#options.pollMs).unref();
  }

  async #look(): Promise<void> {
    const { runner, store, logger, concurrency } = this.#options;
    this.#lookAgain = false;
    try {
      if (performance.now() - this.#sweptAt > SWEEP_EVERY_MS) {
        this.#sweptAt = performance.now();
        this.#sweeping = this.#sweep();
      }
      while (!this.#closing && this.#running.size < concurrency) {
        const claim = await runner.claimNext();
        if (!claim) return;
        const run = runner.run(claim, { signal: this.#stop.signal }).finally(() => {
          this.#running.delete(run);
          this.wake();
        });
        this.#running.add(run);
      }
    } catch (err) {
      logger.warn({ err, durable: store.capabilities.durable }, 'Cannot look for jobs; trying again soon');
    }
  }
}
