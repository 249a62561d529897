import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';

const MEASURE_EVERY_MS = 30_000;
/** What looks full may have been emptied by another process; measured no more often than this. */
const LOOK_AGAIN_MS = 1000;

/**
 * How much of its quota a jobs directory has used. What this process writes is added up as it goes; what others write, and what
 * is removed, is found by measuring again from time to time, beside the work and not before it.
 */
export class Quota {
  readonly #dir: string;
  readonly #maxBytes: number;
  #used = 0;
  /** What was added while the directory was being measured, and may not be in that measure. */
  #addedMeanwhile = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | undefined;

  constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#maxBytes = maxBytes;
  }

  add(bytes: number): void {
    this.#used += bytes;
    this.#addedMeanwhile += bytes;
  }

  /** Something was removed. */
  stale(): void {
    this.#measuredAt = Number.NEGATIVE_INFINITY;
  }

  /** The bytes of a new job as they come. @throws AstroJobsError `storage_full` at the first chunk that does not fit */
  async *admit(image: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    if (this.#measuredAt === Number.NEGATIVE_INFINITY) await this.#measure();
    else if (performance.now() - this.#measuredAt > MEASURE_EVERY_MS) void this.#measure().catch(() => {});
    let taken = 0;
    try {
      for await (const chunk of image) {
        const isFull = () => this.#used + chunk.length > this.#maxBytes;
        if (isFull() && performance.now() - this.#measuredAt > LOOK_AGAIN_MS) await this.#measure();
        if (isFull()) throw this.#full();
        taken += chunk.length;
        this.add(chunk.length);
        yield chunk;
      }
      taken = 0;
    } finally {
      this.add(-taken);
    }
  }

  #full(): AstroJobsError {
    const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
    return new AstroJobsError(
      'storage_full',
      `The jobs directory holds ${mebibytes(this.#used)} of the ${mebibytes(this.#maxBytes)} that it may (quotaBytes); ` +
        'prune or remove jobs, or raise the quota',
    );
  }

  #measure(): Promise<void> {
    this.#measuring ??= this.#remeasure().finally(() => {
      this.#measuring = undefined;
    });
    return this.#measuring;
  }

  async #remeasure(): Promise<void> {
    this.#addedMeanwhile = 0;
    const found = await sizeOf(this.#dir);
    this.#used = found + this.#addedMeanwhile;
    this.#measuredAt = performance.now();
  }
}

/** Bytes of all regular files below a folder. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else if (entry.isFile()) bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
