import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Gate } from '../../async/gate.js';
import type { EngineFailure, EngineSolution } from '../../engine/engine.js';
import type { EngineQuestion } from '../../engine/question.js';
import type { SharedTable } from '../../engine/shared.js';
import type { StarColumns } from '../../engine/star-file.js';
import { AstroJobsError } from '../../job/errors.js';
import type { FromThread, ToThread } from './messages.js';

const THREAD = new URL('./engine-thread.js', import.meta.url);

/** A thread that searches, and which tables it has been given. */
interface Searcher {
  worker: Worker;
  tables: Set<number>;
}

/** Stars and quads as they become known; shared by all threads. */
class SkyData {
  readonly tables = new Map<number, SharedTable>();
  sky: StarColumns | undefined;
  #failure: Error | undefined;
  #waiting: (() => void)[] = [];

  add(change: { sky?: StarColumns; table?: SharedTable; failure?: Error }): void {
    if (change.sky) this.sky = change.sky;
    if (change.table) this.tables.set(change.table.size_deg, change.table);
    if (change.failure) this.#failure = change.failure;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves when the tables of these sizes are there. */
  async ready(sizes: readonly number[], signal: AbortSignal): Promise<void> {
    let wake = () => {};
    const end = () => wake();
    signal.addEventListener('abort', end, { once: true });
    try {
      for (;;) {
        if (this.#failure) throw this.#failure;
        signal.throwIfAborted();
        if (this.sky && sizes.every((size) => this.tables.has(size))) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          this.#waiting.push(resolve);
        });
      }
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

/**
 * The engine of this process: threads that search side by side over one copy of the stars and quads, so that the host's event
 * loop stays free. Threads are started when they are needed, stay for the next image, and keep no process alive.
 */
export class EnginePool {
  readonly #file: string;
  readonly #gate = new Gate({ places: availableParallelism() });
  readonly #idle: Searcher[] = [];
  #data: SkyData | undefined;

  /** @param file path of the packaged stars */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Searches for one image. Waits for a free thread, and for the quads of these sizes where they are not made yet.
   * @throws `signal.reason` when it was ended; AstroJobsError `solver_unavailable` when the stars cannot be read,
   * `solver_crashed` when the thread died
   */
  async solve(
    question: EngineQuestion,
    sizes: readonly number[],
    signal: AbortSignal,
  ): Promise<EngineSolution | EngineFailure> {
    const data = this.#load();
    await data.ready(sizes, signal);
    const leave = await this.#gate.enter(signal);
    try {
      return await this.#search(data, question, sizes, signal);
    } finally {
      leave();
    }
  }

  #load(): SkyData {
    if (this.#data) return this.#data;
    const data = new SkyData();
    this.#data = data;
    const builder = startThread();
    const fail = (message: string) => {
      this.#data = undefined;
      data.add({ failure: new AstroJobsError('solver_unavailable', `The packaged stars: ${message}`) });
      builder.terminate().catch(() => {});
    };
    builder.on('message', (message: FromThread) => {
      if (message.kind === 'sky') data.add({ sky: message.sky });
      else if (message.kind === 'table') {
        data.add({ table: message.table });
        // The smallest quads come last.
        if (message.table.size_deg === SMALLEST) builder.terminate().catch(() => {});
      } else if (message.kind === 'failed') fail(message.message);
    });
    builder.on('error', (error) => fail(error.message));
    post(builder, { kind: 'build', file: this.#file });
    return data;
  }

  async #search(
    data: SkyData,
    question: EngineQuestion,
    sizes: readonly number[],
    signal: AbortSignal,
  ): Promise<EngineSolution | EngineFailure> {
    const searcher = this.#idle.pop() ?? startSearcher(data);
    for (const size of sizes) {
      const table = data.tables.get(size);
      if (!table || searcher.tables.has(size)) continue;
      post(searcher.worker, { kind: 'table', table });
      searcher.tables.add(size);
    }
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const end = () => Atomics.store(stop, 0, 1);
    signal.addEventListener('abort', end, { once: true });
    try {
      const answer = await ask(searcher.worker, { kind: 'solve', question, sizes, stop });
      this.#idle.push(searcher);
      signal.throwIfAborted();
      return answer;
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

const SMALLEST = 0.7;

function startThread(): Worker {
  const worker = new Worker(fileURLToPath(THREAD), { stdout: false, stderr: false });
  worker.unref();
  return worker;
}

function startSearcher({ sky }: SkyData): Searcher {
  const worker = startThread();
  if (sky) post(worker, { kind: 'sky', sky });
  return { worker, tables: new Set() };
}

function post(worker: Worker, message: ToThread): void {
  worker.postMessage(message);
}

/** The next answer of a thread, which keeps the process alive until then. */
function ask(worker: Worker, message: ToThread): Promise<EngineSolution | EngineFailure> {
  return new Promise((resolve, reject) => {
    worker.ref();
    const crash = (why: string) => {
      worker.terminate().catch(() => {});
      settle(() => reject(new AstroJobsError('solver_crashed', `A thread of the engine ended: ${why}`)));
    };
    const settle = (then: () => void) => {
      worker.off('message', hear);
      worker.off('error', died);
      worker.off('exit', left);
      worker.unref();
      then();
    };
    const hear = (answer: FromThread) => {
      if (answer.kind === 'answer') settle(() => resolve(answer.answer));
      else if (answer.kind === 'failed') crash(answer.message);
    };
    const died = (error: Error) => crash(error.message);
    const left = (code: number) => crash(`exit status ${code}`);
    worker.on('message', hear);
    worker.on('error', died);
    worker.on('exit', left);
    post(worker, message);
  });
}
