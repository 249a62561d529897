import { open } from 'node:fs/promises';
import { AstroJobsError } from '../job/errors.js';

/** So often in a row a runner may fail before callers are told; one alone may have met a moment of want. */
const BEARABLE = 2;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Of what it printed last. */
const MAX_WORDS_BYTES = 16 * 1024;

/** How often in a row the process that runs the jobs has failed, and why. */
export class RunnerFailures {
  #inARow = 0;
  #reason = '';
  #pauseEndsAt = 0;

  /** A runner could not be started, or ended of itself with an error. */
  add(reason: string): void {
    this.#reason = reason;
    this.#pauseEndsAt = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** this.#inARow, LONGEST_PAUSE_MS);
    this.#inARow += 1;
  }

  clear(): void {
    this.#inARow = 0;
    this.#pauseEndsAt = 0;
  }

  /** Whether it is too early to try again. */
  get pausing(): boolean {
    return performance.now() < this.#pauseEndsAt;
  }

  problem(): AstroJobsError | undefined {
    if (this.#inARow <= BEARABLE) return undefined;
    return new AstroJobsError(
      'solver_unavailable',
      `The process that runs the jobs cannot start, and the job waits: ${this.#reason}`,
    );
  }
}

/** What a runner printed beyond `start` of its log, in one line. */
export async function lastWords(log: string, start: number): Promise<string> {
  const handle = await open(log);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAX_WORDS_BYTES), 0, MAX_WORDS_BYTES, start);
    const lines = buffer
      .toString('utf8', 0, bytesRead)
      .split('\n')
      .filter((line) => line.trim() !== '');
    const line = lines.find((one) => /Error\b/.test(one)) ?? lines.at(-1);
    return `${line?.trim() ?? 'it printed nothing'} (see ${log})`;
  } finally {
    await handle.close();
  }
}
