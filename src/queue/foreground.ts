import { settledWithin } from '../async/settled-within.js';
import { DEFAULTS } from '../defaults.js';
import type { AstroJobsError } from '../job/errors.js';
import type { JobStatus } from '../job/status.js';
import { DetachedQueue, type DetachedQueueOptions } from './detached.js';
import type { JobQueue, QueueHost, WorkerProcess } from './job-queue.js';
import { isRunnerAlive } from './runner-lock.js';

/** A job that is settled lets go of its lease and log, milliseconds. */
const LETTING_GO_MS = 250;

export interface ForegroundQueueOptions extends DetachedQueueOptions {
  /** Jobs that run here side by side. @default 1 */
  concurrency?: number;
}

/**
 * Runs the jobs that are submitted here in this process and at once, for a caller who waits for them and needs no other process
 * then. Where a runner is at work in the jobs directory already, or when the job cannot start now, it is left to a
 * `DetachedQueue`, as all other jobs are.
 */
export class ForegroundQueue implements JobQueue {
  readonly name = 'foreground';
  readonly #others: DetachedQueue;
  readonly #stop = new AbortController();
  #host: QueueHost | undefined;
  readonly #concurrency: number;
  readonly #running = new Set<Promise<unknown>>();

  constructor({ concurrency = 1, ...options }: ForegroundQueueOptions = {}) {
    this.#concurrency = concurrency;
    this.#others = new DetachedQueue(options);
  }

  /** @throws AstroJobsError `invalid_params` as `DetachedQueue` */
  attach(host: QueueHost): void {
    this.#host = host;
    this.#others.attach(host);
  }

  /** Begins to load what the job will need, while it is being submitted. */
  prepare(): void {
    this.#host?.runner.prepare();
  }

  async enqueue({ job_id }: JobStatus): Promise<void> {
    if (!(await this.#runHere(job_id))) await this.#others.enqueue();
  }

  wake(): void {
    this.#others.wake();
  }

  problem(): AstroJobsError | undefined {
    return this.#others.problem();
  }

  workers(): Promise<readonly WorkerProcess[]> {
    return this.#others.workers();
  }

  async cancelled(): Promise<void> {}

  subscribe(): () => void {
    return () => {};
  }

  async close({ graceSeconds }: { graceSeconds: number }): Promise<void> {
    const stop = () => this.#stop.abort(new Error('The worker is stopping'));
    const timer = setTimeout(stop, graceSeconds * 1000);
    await settledWithin(graceSeconds * 1000 + DEFAULTS.releaseMs, Promise.all(this.#running));
    clearTimeout(timer);
    await this.#others.close();
  }

  async #runHere(id: string): Promise<boolean> {
    // The job before it may be settled already, and not yet ended.
    if (this.#isFull) await settledWithin(LETTING_GO_MS, Promise.race(this.#running));
    if (!this.#host || this.#isFull || this.#stop.signal.aborted) return false;
    const { runner } = this.#host;
    if (await isRunnerAlive(this.#others.dir)) return false;
    const claim = await runner.claim(id);
    if (!claim) return false;
    const running = runner.run(claim, { signal: this.#stop.signal }).finally(() => {
      this.#running.delete(running);
    });
    this.#running.add(running);
    return true;
  }

  get #isFull(): boolean {
    return this.#running.size >= this.#concurrency;
  }
}
