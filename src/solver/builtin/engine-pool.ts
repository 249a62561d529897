import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Gate } from '../../async/gate.js';
import { SOON_BUDGET } from '../../engine/budgets.js';
import { type LevelPlan, planLevels } from '../../engine/level-plan.js';
import { levelLimits, SMALLEST_SIZE_DEG } from '../../engine/quad-builder.js';
import type { SolveAnswer } from '../../engine/question.js';
import { type FieldQuestion, indexRequest } from '../../engine/request.js';
import type { StarCatalogData } from '../../engine/star-catalog.js';
import type { IndexRequest } from '../../engine/star-index.js';
import { AstroJobsError } from '../../job/errors.js';
import { packageFile } from '../../package-files.js';
import type { EngineQuestion, FromSearcher, ToSearcher } from './messages.js';
import type { SharedSky } from './shared-sky.js';

const threadFile = () => packageFile('dist', 'solver', 'builtin', 'search-thread.js');

/** Index files matter where their quads are shorter than the package's own, radians. */
const SMALLEST_RAD = levelLimits(SMALLEST_SIZE_DEG).shortest_rad;
/** An image of which nothing is known. */
const ANY_FIELD: FieldQuestion = { width: 1, height: 1 };
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
   * @param field that will be asked about first; without one, what there is in the cache is read for any field
   */
  prepare(field?: FieldQuestion): void {
    if (this.#idle.length === 0) this.#idle.push(startSearcher());
    const request = indexRequest(field ?? ANY_FIELD);
    this.#sky
      .catalog(new AbortController().signal)
      .then(({ count }) => {
        const { soon } = this.#levels(request, count);
        this.#sky.want(field ? soon : soon.filter((size) => this.#sky.isMade(size)));
      })
      .catch(() => {});
  }

  #levels(request: IndexRequest, starCount: number): LevelPlan {
    return planLevels(request, starCount, (size) => this.#sky.isMade(size));
  }

  /**
   * Searches for one image. Waits for a free thread, and for the quads that the image can hold where they are not there yet.
   * @throws `signal.reason` when it was ended; AstroJobsError `solver_unavailable` when the stars cannot be read,
   * `solver_crashed` when the thread died
   */
  async solve(task: EngineTask, signal: AbortSignal): Promise<SolveAnswer> {
    const { question } = task;
    const catalog = await this.#sky.catalog(signal);
    const { soon, later } = this.#levels(indexRequest(question), catalog.count);
    this.#sky.want([...soon, ...later]);
    await this.#sky.ready(soon, signal);
    if (later.length > 0 && soon.length > 0) {
      const quick = { ...task, question: { ...question, budget: SOON_BUDGET } };
      const answer = await this.#search(catalog, quick, soon, signal);
      if (answer.solved || answer.reason === 'too_few_stars') return answer;
    }
    await this.#sky.ready(later, signal);
    return this.#search(catalog, task, [...soon, ...later], signal);
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
      const answer = await ask(searcher.worker, task, signal);
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
async function ask(worker: Worker, task: EngineTask, signal: AbortSignal): Promise<SolveAnswer> {
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
      else post(worker, { kind: 'solve', question: task.question, withFiles: task.files.length > 0, stop });
    });
  } catch (error) {
    worker.terminate().catch(() => {});
    throw error;
  } finally {
    ending.abort();
    worker.unref();
  }
}
