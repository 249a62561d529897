import { Worker } from 'node:worker_threads';
import { deferred } from '../../async/deferred.js';
import type { QuadLevelData } from '../../engine/quad-level.js';
import type { StarCatalogData } from '../../engine/star-catalog.js';
import { AstroJobsError } from '../../job/errors.js';
import { addEngineMemory } from '../../metrics/process-metrics.js';
import { packageFile } from '../../package-files.js';
import type { Prepare, Prepared } from './messages.js';

/** A thread that has nothing to do for this long goes, milliseconds. */
const IDLE_MS = 1000;

const threadFile = () => packageFile('dist', 'solver', 'builtin', 'prepare-thread.js');

/**
 * Stars and quads of this process, in memory that all threads share. They are read or made in a thread of their own when they are first
 * needed; it goes when it has had nothing to do for a while.
 */
export class SharedSky {
  readonly levels = new Map<number, QuadLevelData>();
  readonly #cacheFolders: readonly string[];
  #catalog: StarCatalogData | undefined;
  #cached: ReadonlySet<number> = new Set();
  #thread: Worker | undefined;
  /** Ends the thread, which waits for work. */
  #idle: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  /** Levels that the thread is at work on, and those that come after. */
  readonly #inWork = new Set<number>();
  readonly #wanted = new Set<number>();
  /** Those who wait for it: it keeps the process alive for them. */
  #waiting = 0;
  #changed = deferred();

  /** @param cacheFolders where what is reckoned is kept, see `EngineCache` */
  constructor(cacheFolders: readonly string[]) {
    this.#cacheFolders = cacheFolders;
  }

  /**
   * @throws AstroJobsError `solver_unavailable` when the stars cannot be read; `signal.reason`
   */
  async catalog(signal: AbortSignal): Promise<StarCatalogData> {
    for (;;) {
      if (this.#catalog) return this.#catalog;
      this.#work();
      await this.#change(signal);
    }
  }

  /** Whether a level need not be made: it is there, or in the cache. Known once the stars are. */
  isMade(size_deg: number): boolean {
    return this.levels.has(size_deg) || this.#cached.has(size_deg);
  }

  /** Begins to read or make levels, the widest first: their quads are the fewest. */
  want(sizes: readonly number[]): void {
    for (const size of sizes) if (!this.levels.has(size) && !this.#inWork.has(size)) this.#wanted.add(size);
    this.#work();
  }

  /**
   * Resolves when levels that are wanted are there.
   * @throws as `catalog`
   */
  async ready(sizes: readonly number[], signal: AbortSignal): Promise<void> {
    while (!sizes.every((size) => this.levels.has(size))) {
      this.#work();
      await this.#change(signal);
    }
  }

  /** Gives the thread its next work, where there is some and it is idle. */
  #work(): void {
    const isBusy = this.#thread && !this.#idle;
    if (isBusy || (this.#catalog && this.#wanted.size === 0)) return;
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.#failure = undefined;
    this.#thread ??= this.#start();
    this.#post(this.#thread);
  }

  #start(): Worker {
    const thread = new Worker(threadFile(), { stdout: false, stderr: false, execArgv: [] });
    if (this.#waiting === 0) thread.unref();
    thread.on('message', (message: Prepared) => this.#hear(message));
    thread.on('error', (error) => this.#fail(error.message));
    return thread;
  }

  #post(thread: Worker): void {
    const sizes = [...this.#wanted].sort((a, b) => b - a);
    this.#wanted.clear();
    for (const size of sizes) this.#inWork.add(size);
    const catalog = this.#catalog && { catalog: this.#catalog };
    const message: Prepare = {
      cacheFolders: this.#cacheFolders,
      ...catalog,
      sizes,
    };
    thread.postMessage(message);
  }

  #hear(message: Prepared): void {
    if (message.kind === 'failed') {
      this.#fail(message.message);
      return;
    }
    if (message.kind === 'catalog') {
      this.#catalog = message.catalog;
      addEngineMemory(bytesOf(message.catalog));
      this.#cached = new Set(message.cached);
    } else if (message.kind === 'level') {
      this.levels.set(message.size_deg, message.level);
      addEngineMemory(bytesOf(message.level));
      this.#inWork.delete(message.size_deg);
    } else if (this.#thread && this.#wanted.size > 0) this.#post(this.#thread);
    else this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
    this.#tell();
  }

  #fail(message: string): void {
    this.#failure = new AstroJobsError('solver_unavailable', `The packaged stars cannot be used: ${message}`);
    this.#inWork.clear();
    this.#wanted.clear();
    this.#end();
    this.#tell();
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    this.#thread?.terminate().catch(() => {});
    this.#thread = undefined;
  }

  #tell(): void {
    const { resolve } = this.#changed;
    this.#changed = deferred();
    resolve();
  }

  /** Waits for the next message, and keeps the process alive until then. */
  async #change(ending: AbortSignal): Promise<void> {
    ending.throwIfAborted();
    const aborted = deferred();
    this.#waiting += 1;
    this.#thread?.ref();
    ending.addEventListener('abort', aborted.resolve, { once: true });
    try {
      await Promise.race([this.#changed.promise, aborted.promise]);
    } finally {
      ending.removeEventListener('abort', aborted.resolve);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#thread?.unref();
    }
    ending.throwIfAborted();
    if (this.#failure) throw this.#failure;
  }
}

/** Memory of all columns; several may lie in one buffer. */
function bytesOf(data: StarCatalogData | QuadLevelData): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const value of Object.values(data)) if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
  return [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
