import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';
import type { Progress } from '../job/status.js';
import { idOf, parseRequest, type Request, type RequestId } from './request.js';

type SolveRequest = Extract<Request, { image: string }>;

/** Solves one image; aborted with an `AstroJobsError` it resolves with a result that says so. */
export type SolveLine = (
  image: string,
  params: Record<string, unknown>,
  context: { signal: AbortSignal; onProgress(progress: Progress): void },
) => Promise<JobResult>;

export interface ServeLinesOptions {
  input: Readable;
  output: Writable;
  solve: SolveLine;
  /** Images side by side. */
  concurrency: number;
  /** Ends what runs and waits, each with its answer, and reads no more. */
  signal: AbortSignal;
}

/** Requests that are read ahead of those that run, so that a `cancel` behind them is seen; then no more is read until one has ended. */
const READ_AHEAD = 256;

const cancelled = (why: string) => new AstroJobsError('cancelled', why);

/**
 * Answers lines of JSON with lines of JSON until the input ends and all is answered. Each request has exactly one answer with `result` or
 * `error`, in the order in which they end.
 */
export async function serveLines(options: ServeLinesOptions): Promise<void> {
  const server = new LineServer(options);
  const lines = createInterface({ input: options.input, crlfDelay: Number.POSITIVE_INFINITY });
  const stop = () => {
    lines.close();
    server.cancelAll();
  };
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    if (options.signal.aborted) stop();
    let number = 0;
    for await (const line of lines) {
      number += 1;
      if (line.trim() !== '') await server.take(line, number);
    }
    await server.drained();
  } finally {
    options.signal.removeEventListener('abort', stop);
    lines.close();
  }
}

class LineServer {
  readonly #options: ServeLinesOptions;
  readonly #waiting: SolveRequest[] = [];
  /** Requests that have no answer yet. */
  readonly #open = new Map<RequestId, AbortController>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ServeLinesOptions) {
    this.#options = options;
  }

  /** Resolves when the next line may be read. */
  async take(line: string, number: number): Promise<void> {
    try {
      const request = parseRequest(line);
      if ('cancel' in request) this.#cancel(request.cancel);
      else this.#accept(request);
    } catch (error) {
      const { code, message } = toAstroJobsError(error, 'reading a line');
      await this.#write({ id: idOf(line) ?? null, line: number, error: message, error_code: code });
    }
    while (this.#waiting.length >= READ_AHEAD) await Promise.race(this.#running);
  }

  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  cancelAll(): void {
    for (const id of [...this.#open.keys()]) this.#cancel(id);
  }

  #accept(request: SolveRequest): void {
    if (this.#open.has(request.id))
      throw new AstroJobsError(
        'invalid_params',
        `Expected an \`id\` that no open request has, got ${request.id}`,
      );
    this.#open.set(request.id, new AbortController());
    this.#waiting.push(request);
    this.#next();
  }

  /** Of a request that has been answered, or was never made, nothing is left to cancel. */
  #cancel(id: RequestId): void {
    this.#open.get(id)?.abort(cancelled('Cancelled'));
  }

  #next(): void {
    while (this.#running.size < this.#options.concurrency) {
      const request = this.#waiting.shift();
      if (!request) return;
      const running = this.#run(request).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #run({ id, image, params, progress }: SolveRequest): Promise<void> {
    const signal = this.#open.get(id)?.signal ?? AbortSignal.abort(cancelled('Cancelled'));
    const onProgress = (at: Progress) => {
      if (progress) this.#write({ id, progress: at }).catch(() => {});
    };
    try {
      signal.throwIfAborted();
      const result = await this.#options.solve(image, params, { signal, onProgress });
      await this.#write({ id, result });
    } catch (error) {
      const { code, message } = toAstroJobsError(error, image);
      await this.#write({ id, error: message, error_code: code });
    } finally {
      this.#open.delete(id);
    }
  }

  /** A reader that is slow holds up what comes next. */
  async #write(document: object): Promise<void> {
    const { output } = this.#options;
    if (!output.write(`${JSON.stringify(document)}\n`) && !output.destroyed) await once(output, 'drain');
  }
}
