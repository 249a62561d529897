import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import { nowSeconds } from '../job/status.js';
import { packageFile } from '../package-files.js';
import { makePath } from '../process/folders.js';
import type { Access } from '../store/job-store.js';
import type { JobQueue, QueueHost, WorkerProcess } from './job-queue.js';
import { lastWords, RunnerFailures } from './runner-failures.js';
import { isRunnerAlive, liveRunner, runnerFiles } from './runner-lock.js';

/** How the process is started that runs the jobs. */
export interface DetachedQueueOptions {
  /** The jobs directory. @default the one that the store names in its capabilities */
  dir?: string;
}

/** A process that has just been started has not taken its lock yet. */
const START_MS = 5000;

/**
 * Has the jobs of a jobs directory run by a process of its own session, which survives the caller, its shell and its
 * terminal. It is started when a job needs it, runs `ASTRO_JOBS_CONCURRENCY` jobs side by side, and ends when no job is left;
 * a lock sees to it that there is one of them, however many callers submit.
 */
export class DetachedQueue implements JobQueue {
  /** What `inspect` calls it. */
  readonly name = 'detached';
  #dir: string;
  #host: QueueHost | undefined;
  #started: { runner: ChildProcess; at: number } | undefined;
  readonly #failures = new RunnerFailures();
  #waking: Promise<void> = Promise.resolve();
  #ensuring: Promise<void> | undefined;
  #ensuringNext: Promise<void> | undefined;
  #closed = false;

  constructor({ dir = '' }: DetachedQueueOptions = {}) {
    this.#dir = dir;
  }

  /** @throws AstroJobsError `invalid_params` when the store is not in a jobs directory, where another process could find it. */
  attach(host: QueueHost): void {
    this.#host = host;
    if (this.#dir === '') this.#dir = host.store.capabilities.dir ?? '';
    if (this.#dir === '')
      throw new AstroJobsError('invalid_params', 'A DetachedQueue needs a FileSystemJobStore, or its `dir`');
    this.#dir = resolve(this.#dir);
  }

  /** The jobs directory, absolute; known once it is attached. */
  get dir(): string {
    return this.#dir;
  }

  /** A look at the runner that began before the job was stored says nothing; all who come meanwhile share the next one. */
  async enqueue(): Promise<void> {
    if (!this.#ensuring) return this.#ensure();
    this.#ensuringNext ??= this.#ensuring.catch(() => {}).then(() => this.#ensure());
    return this.#ensuringNext;
  }

  wake(): void {
    if (this.#closed) return;
    const look = async () => {
      const waiting = await this.#host?.store.runnable({ now: nowSeconds(), limit: 1 });
      if (waiting?.length) await this.enqueue();
    };
    this.#waking = this.#waking
      .then(look)
      .catch((err: unknown) => this.#host?.logger.warn({ err }, 'The runner cannot be started'));
  }

  problem(): AstroJobsError | undefined {
    return this.#failures.problem();
  }

  async workers(): Promise<readonly WorkerProcess[]> {
    const runner = await liveRunner(this.#dir);
    return runner ? [runner] : [];
  }

  async cancelled(): Promise<void> {}

  subscribe(): () => void {
    return () => {};
  }

  /** The runner goes on: it belongs to no caller. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#waking;
  }

  #ensure(): Promise<void> {
    this.#ensuringNext = undefined;
    this.#ensuring = this.#ensureRunner().finally(() => {
      this.#ensuring = undefined;
    });
    return this.#ensuring;
  }

  async #ensureRunner(): Promise<void> {
    if (this.#started && performance.now() - this.#started.at < START_MS) return;
    if (this.#failures.pausing) return;
    try {
      if (await isRunnerAlive(this.#dir)) {
        this.#failures.clear();
        return;
      }
      const access = this.#host?.store.capabilities.access ?? 'private';
      const { runner, logStart } = await spawnRunner(this.#dir, access);
      this.#started = { runner, at: performance.now() };
      runner.once('exit', (code, signal) => {
        if (this.#started?.runner === runner) this.#started = undefined;
        this.#ended(code, signal, logStart).catch((err: unknown) =>
          this.#host?.logger.warn({ err }, 'How the runner ended cannot be told'),
        );
      });
    } catch (error) {
      const failure = toAstroJobsError(error, 'starting the process that runs the jobs');
      this.#failures.add(failure.message);
      throw failure;
    }
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null, logStart: number): Promise<void> {
    if (code === 0) {
      this.#failures.clear();
      // A job may have come when it had looked for the last time.
      this.wake();
    } else if (code === null || code < 128) {
      // Not because it was told to stop.
      const words = await lastWords(runnerFiles(this.#dir).log, logStart).catch(() => 'it left no log');
      this.#failures.add(signal ? `it was ended by ${signal}` : words);
    }
  }
}

/** The runner, and where in its log its own lines begin. */
async function spawnRunner(dir: string, access: Access): Promise<{ runner: ChildProcess; logStart: number }> {
  const files = runnerFiles(dir);
  await makePath(files.folder, 0o700);
  const log = await open(files.log, 'a', 0o600);
  try {
    const { size: logStart } = await log.stat();
    const runner = spawn(process.execPath, [packageFile('dist', 'runner-process.js'), dir], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // The caller's folder may go away; what it names relative to it is therefore made absolute.
      cwd: dir,
      env: {
        ...process.env,
        ASTRO_JOBS_ACCESS: access,
        ASTRO_EXTRACT_BIN: resolve(process.env.ASTRO_EXTRACT_BIN ?? './astro_extract.py'),
      },
    });
    await new Promise<void>((started, failed) => {
      runner.once('spawn', started);
      runner.once('error', failed);
    });
    runner.unref();
    return { runner, logStart };
  } finally {
    await log.close();
  }
}
