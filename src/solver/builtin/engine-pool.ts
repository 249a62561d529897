import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Gate } from '../../async/gate.js';
import { type LevelTurn, levelTurns } from '../../engine/level-plan.js';
import { levelLimits, SMALLEST_SIZE_DEG } from '../../engine/quad-builder.js';
import type { SolveAnswer } from '../../engine/question.js';
import { type FieldQuestion, indexRequest } from '../../engine/request.js';
import type { StarCatalogData } from '../../engine/star-catalog.js';
import { AstroJobsError } from '../../job/errors.js';
import { packageFile } from '../../package-files.js';
import type { EngineQuestion, FromSearcher, ToSearcher } from './messages.js';
import type { SharedSky } from './shared-sky.js';

const threadFile = () => packageFile('dist', 'solver', 'builtin', 'search-thread.js');

/** Index files matter where their quads are shorter than the package's own, radians. */
const SMALLEST_RAD = levelLimits(SMALLEST_SIZE_DEG).shortest_rad;
/** A thread that does not stop when it is told to within this time is ended, milliseconds. */
const STOPPING_MS = 50;

/** A thread that searches, and what it has been given. */
interface Searcher {
  worker: Worker;
  hasStars: boolean;
  levels: Set<number>;
  files: string;
  /** It has ended by itself. */
  isGone: boolean;
}

/** What is asked, and what besides the packaged stars may be searched for it. */
export interface EngineTask {
  question: EngineQuestion;
  /** Paths of astrometry.net's index files. */
  files: readonly string[];
  /** Takes lines for the log. */
  log(line: string): void;
}

/**
 * The engine of this process: threads that search side by side over one copy of the stars and quads, so that the host's event
 * loop stays free. Threads are started when they are needed, stay for the next image, and keep no process alive.
 */
export class EnginePool {
  readonly #sky: SharedSky;
  readonly #gate = new Gate({ places: availableParallelism() });
  readonly #idle: Searcher[] = [];

  constructor(sky: SharedSky) {
    this.#sky = sky;
  }

  /**
   * Begins what a search will need, while the image's stars are still being found. What fails is told to the search.
   * @param field that will be asked about first; without one, only what every field needs
   */
  prepare(field?: FieldQuestion): void {
    if (this.#idle.length === 0) this.#idle.push(startSearcher());
    this.#sky
      .catalog(new AbortController().signal)
      .then(({ count }) => {
        const [first] = field ? this.#turns(field, count) : [];
        if (first) this.#sky.want(first.needed);
      })
      .catch(() => {});
  }

  #turns(field: FieldQuestion, starCount: number): LevelTurn[] {
    const turns = levelTurns(indexRequest(field), starCount, {
      isInMemory: (size) => this.#sky.levels.has(size),
      isMade: (size) => this.#sky.isMade(size),
    });
    // Patches of a fisheye image have quads of all sizes.
    return turns.slice(field.lens === 'fisheye' ? -1 : 0);
  }

  /**
   * Searches for one image. Waits for a free thread, and for the quads that the image can hold where they are not there yet.
   * @throws `signal.reason` when it was ended; AstroJobsError `solver_unavailable` when the stars cannot be read,
   * `solver_crashed` when the thread died
   */
  async solve(task: EngineTask, signal: AbortSignal): Promise<SolveAnswer> {
    const catalog = await this.#sky.catalog(signal);
    const turns = this.#turns(task.question, catalog.count);
    for (const { sizes, needed, budget } of turns.slice(0, -1)) {
      this.#sky.want(needed);
      await this.#sky.ready(needed, signal);
      const { question } = task;
      const quick = { ...question, budget: Math.min(budget, question.budget ?? budget) };
      const answer = await this.#search(catalog, { ...task, question: quick }, sizes, signal);
      if (answer.solved || answer.reason === 'too_few_stars') return answer;
    }
    const { sizes = [], needed = [] } = turns.at(-1) ?? {};
    this.#sky.want(needed);
    await this.#sky.ready(needed, signal);
    return this.#search(catalog, task, sizes, signal);
  }

  #takeIdle(): Searcher | undefined {
    for (;;) {
      const searcher = this.#idle.pop();
      if (!searcher?.isGone) return searcher;
    }
  }

  async #search(
    catalog: StarCatalogData,
    task: EngineTask,
    sizes: readonly number[],
    signal: AbortSignal,
  ): Promise<SolveAnswer> {
    const leave = await this.#gate.enter(undefined, signal);
    try {
      const searcher = this.#takeIdle() ?? startSearcher();
      if (!searcher.hasStars) {
        post(searcher.worker, { kind: 'catalog', catalog });
        searcher.hasStars = true;
      }
      for (const size_deg of sizes) {
        const level = this.#sky.levels.get(size_deg);
        if (!level || searcher.levels.has(size_deg)) continue;
        post(searcher.worker, { kind: 'level', size_deg, level });
        searcher.levels.add(size_deg);
      }
      const files = task.files.join('\n');
      if (files !== '' && files !== searcher.files) {
        post(searcher.worker, { kind: 'index-files', paths: task.files, shorterThan_rad: SMALLEST_RAD });
        searcher.files = files;
      }
      const answer = await ask(searcher.worker, task, sizes, signal);
      this.#idle.push(searcher);
      return answer;
    } finally {
      leave();
    }
  }
}

function startSearcher(): Searcher {
  // Without the options of the host, of which some (--input-type) allow no thread.
  const worker = new Worker(threadFile(), { stdout: false, stderr: false, execArgv: [] });
  worker.unref();
  const searcher = { worker, hasStars: false, levels: new Set<number>(), files: '', isGone: false };
  // A thread that dies while it waits must not take the host with it; one that dies at work is told by `ask`.
  worker.on('error', () => {});
  worker.once('exit', () => {
    searcher.isGone = true;
  });
  return searcher;
}

function post(worker: Worker, message: ToSearcher): void {
  worker.postMessage(message);
}

/** The answer of a thread, which keeps the process alive until then. A thread that rejects is ended. */
async function ask(
  worker: Worker,
  task: EngineTask,
  sizes: readonly number[],
  signal: AbortSignal,
): Promise<SolveAnswer> {
  const { question, files } = task;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const ending = new AbortController();
  worker.ref();
  try {
    return await new Promise<SolveAnswer>((resolve, reject) => {
      const crash = (why: string) =>
        reject(new AstroJobsError('solver_crashed', `A thread of the engine ended: ${why}`));
      const hear = (message: FromSearcher) => {
        if (message.kind === 'note') task.log(message.line);
        else if (message.kind === 'failed') crash(message.message);
        else if (signal.aborted) reject(signal.reason);
        else resolve(message.answer);
      };
      const died = (error: Error) => crash(error.message);
      const left = (code: number) => crash(`exit status ${code}`);
      const end = () => {
        Atomics.store(stop, 0, 1);
        setTimeout(() => reject(signal.reason), STOPPING_MS);
      };
      worker.on('message', hear).on('error', died).on('exit', left);
      signal.addEventListener('abort', end, { once: true });
      ending.signal.addEventListener('abort', () => {
        worker.off('message', hear).off('error', died).off('exit', left);
        signal.removeEventListener('abort', end);
      });
      if (signal.aborted) reject(signal.reason);
      else post(worker, { kind: 'solve', question, sizes, withFiles: files.length > 0, stop });
    });
  } catch (error) {
    worker.terminate().catch(() => {});
    throw error;
  } finally {
    ending.abort();
    worker.unref();
  }
}
