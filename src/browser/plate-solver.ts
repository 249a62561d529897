import type { Picture, PictureBounds, PlateAnswer, PlateProgress } from './answer.js';
import type { FromWorker, ToWorker } from './messages.js';
import { PlateError } from './plate-error.js';
import { startWorker } from './start-worker.js';

/** Where the solver finds its worker and its stars. */
export interface PlateSolverOptions {
  /**
   * Address of the star file, where it does not lie as in the package.
   * @default `data/stars.bin` of the package, 4.4 MB
   */
  stars?: string | URL;
  /**
   * Whether quads are kept in the browser's Cache Storage (up to 120 MB), so that later visits need not make them.
   * @default true
   */
  cache?: boolean;
}

export interface SolveOptions extends PictureBounds {
  /** Ends the wait at once; the worker stops within some two seconds, or after the level of quads that it is making. */
  signal?: AbortSignal;
  /** Called as the worker goes on. */
  onProgress?: (progress: PlateProgress) => void;
}

interface Pending {
  resolve(answer: PlateAnswer): void;
  reject(reason: unknown): void;
  onProgress: SolveOptions['onProgress'];
}

/**
 * Plate solving in a browser: star finding, stars and search in one worker of the page, no server. It begins to load the stars and
 * to make quads when it is constructed. Pictures are solved one after another.
 *
 * @example
 * const solver = new PlateSolver();
 * const answer = await solver.solve(file);
 * if (answer.solved) console.log(answer.ra_center, answer.dec_center, answer.pixscale_arcsec);
 * else console.log(answer.message);
 */
export class PlateSolver {
  readonly #open: ToWorker & { kind: 'open' };
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #asked = 0;
  #isClosed = false;

  /** @throws PlateError `worker_failed` when the browser refuses to start the worker */
  constructor({ stars, cache = true }: PlateSolverOptions = {}) {
    const file = stars ? new URL(stars, location.href) : new URL('../../data/stars.bin', import.meta.url);
    this.#open = { kind: 'open', stars: file.href, isCached: cache };
    this.#start();
  }

  /**
   * Finds where a picture looks.
   * @throws PlateError `unreadable_image`, `stars_unavailable`, `worker_failed`; `signal.reason`
   */
  async solve(picture: Picture, { signal, onProgress, ...bounds }: SolveOptions = {}): Promise<PlateAnswer> {
    signal?.throwIfAborted();
    const worker = this.#start();
    const id = this.#asked++;
    const cancel = () => {
      post(worker, { kind: 'cancel', id });
      this.#pending.get(id)?.reject(signal?.reason);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<PlateAnswer>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onProgress });
        post(worker, { kind: 'solve', id, picture, bounds });
      });
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#pending.delete(id);
    }
  }

  /** Ends the worker and frees its memory. What is still being solved is rejected. */
  close(): void {
    this.#isClosed = true;
    this.#end('The solver was closed');
  }

  /** The worker; a new one where the last has died. */
  #start(): Worker {
    if (this.#isClosed) throw new PlateError('worker_failed', 'The solver is closed');
    if (this.#worker) return this.#worker;
    const worker = startWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener('error', ({ message }) =>
      this.#end(`The worker died: ${message || 'its modules cannot be loaded'}`),
    );
    post(worker, this.#open);
    this.#worker = worker;
    return worker;
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'progress') {
      // Pictures have their turn in the order in which they came.
      const [first] = this.#pending.values();
      first?.onProgress?.(message.progress);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.kind === 'answer') pending?.resolve(message.answer);
    else pending?.reject(new PlateError(message.code, message.message));
  }

  #end(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(new PlateError('worker_failed', why));
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
