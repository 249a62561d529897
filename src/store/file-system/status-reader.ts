import { Worker } from 'node:worker_threads';
import { AstroJobsError } from '../../job/errors.js';
import { packageFile } from '../../package-files.js';
import { WORDS } from './id-slots.js';
import type { Layout } from './layout.js';
import type { FoundStatus, Look, Looked } from './look.js';
import type { SoughtJobs } from './sought-jobs.js';

/** A thread that has nothing to do for so long ends, milliseconds. */
const IDLE_MS = 30_000;
const threadFile = () => packageFile('dist', 'store', 'file-system', 'look-thread.js');
/** It reads one document at a time. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

interface Waiting {
  resolve(looked: Looked): void;
  reject(error: Error): void;
}

/** The thread that looks at the documents of jobs, started when it is needed. */
export class StatusReader {
  readonly #folders: Look['folders'];
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Who waits for an answer of the thread; it answers in turn. */
  #waiting: Waiting[] = [];

  constructor({ root, revisions }: Layout) {
    this.#folders = { root, revisions };
  }

  /** Has the thread start beside whatever is done before the first look. */
  prepare(): void {
    if (!this.#thread) this.#start().unref();
  }

  /**
   * Those whose version is not the one that the caller has.
   * @throws AstroJobsError `storage_failed` when there can be no thread, `closed`
   */
  async look({ ids, had, known, withHistory }: SoughtJobs): Promise<FoundStatus[]> {
    const found: FoundStatus[] = [];
    for (let start = 0; start < had.length; ) {
      const looked = await this.#ask({
        folders: this.#folders,
        ids: ids.subarray(start * WORDS),
        had: had.subarray(start),
        known: known.subarray(start),
        withHistory: withHistory.subarray(start),
      });
      for (const one of looked.found) found.push({ ...one, at: start + one.at });
      start += looked.count;
    }
    return found;
  }

  /** What is asked for now is rejected. */
  close(): void {
    this.#end(new AstroJobsError('closed', 'The store was closed'));
  }

  #ask(look: Look): Promise<Looked> {
    const thread = this.#thread ?? this.#start();
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      thread.ref();
      thread.postMessage(look);
    });
  }

  #start(): Worker {
    // Without the options of the host, of which some (--input-type) allow no thread.
    const thread = new Worker(threadFile(), { stdout: false, stderr: false, execArgv: [], resourceLimits });
    this.#thread = thread;
    const fail = (why: string) => {
      if (this.#thread === thread)
        this.#end(new AstroJobsError('storage_failed', `The thread that reads the jobs has ended: ${why}`));
    };
    thread.on('message', (looked: Looked) => {
      if (this.#thread === thread) this.#hear(looked);
    });
    thread.on('error', (error) => fail(error.message));
    thread.on('exit', (code) => fail(`exit status ${code}`));
    return thread;
  }

  #hear(looked: Looked): void {
    this.#waiting.shift()?.resolve(looked);
    if (this.#waiting.length > 0) return;
    this.#thread?.unref();
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
  }

  #end(reason: Error): void {
    const [thread, waiting] = [this.#thread, this.#waiting];
    this.#thread = undefined;
    this.#waiting = [];
    clearTimeout(this.#idle);
    thread?.terminate().catch(() => {});
    for (const { reject } of waiting) reject(reason);
  }
}
