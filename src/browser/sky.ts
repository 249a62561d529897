import { decodeLevel, encodeLevel, levelFileName } from '../engine/level-file.js';
import { PackagedStars } from '../engine/packaged-stars.js';
import { buildLevel, levelSizes } from '../engine/quad-builder.js';
import type { QuadLevelData } from '../engine/quad-level.js';
import { StarFileError } from '../engine/star-file.js';
import { nextTask } from '../stars/next-task.js';
import type { PlateProgress } from './answer.js';
import { LevelCache } from './level-cache.js';
import { PlateError } from './plate-error.js';

/** Is told what is being done. */
export type Report = (progress: PlateProgress) => void;

/** The stars of a page and those of their quads that are there: loaded, read from the cache or made when they are first needed. */
export class Sky {
  readonly #file: string;
  readonly #isCached: boolean;
  readonly #made = new Set<number>();
  #stars: PackagedStars | undefined;
  #cache: LevelCache | undefined;

  /**
   * @param file address of the star file
   * @param isCached whether quads are kept for the next visit
   */
  constructor(file: string, isCached: boolean) {
    this.#file = file;
    this.#isCached = isCached;
  }

  /**
   * The stars, with the quads that have been prepared.
   * @throws PlateError `stars_unavailable`; what failed is tried again at the next call
   */
  async stars(report: Report): Promise<PackagedStars> {
    if (this.#stars) return this.#stars;
    const bytes = await load(this.#file, report);
    const stars = unpack(bytes);
    const names = levelSizes(stars.catalog.count).map((size) => levelFileName(stars.catalog, size));
    if (this.#isCached) this.#cache = await LevelCache.open(names);
    this.#stars = stars;
    return stars;
  }

  /** Whether a level was prepared. */
  isInMemory(size_deg: number): boolean {
    return this.#made.has(size_deg);
  }

  /** Whether a level need not be made: it is there, or in the cache. Known once the stars are. */
  isMade(size_deg: number): boolean {
    if (this.isInMemory(size_deg)) return true;
    return this.#stars !== undefined && !!this.#cache?.has(levelFileName(this.#stars.catalog, size_deg));
  }

  /**
   * Reads or makes levels of quads, the widest first: theirs are the fewest.
   * @throws `signal.reason` between two levels; PlateError `stars_unavailable`
   */
  async prepare(sizes: readonly number[], report: Report, signal: AbortSignal): Promise<void> {
    const stars = await this.stars(report);
    const missing = sizes.filter((size) => !this.#made.has(size)).sort((a, b) => b - a);
    const total = missing.reduce((sum, size) => sum + cost(size), 0);
    let done = 0;
    for (const size of missing) {
      report({ stage: 'making_quads', fraction: done / total });
      await nextTask();
      signal.throwIfAborted();
      stars.put(size, await this.#level(stars, size));
      this.#made.add(size);
      done += cost(size);
    }
  }

  async #level(stars: PackagedStars, size_deg: number): Promise<QuadLevelData> {
    const { catalog } = stars;
    const name = levelFileName(catalog, size_deg);
    const bytes = await this.#cache?.read(name);
    try {
      if (bytes) return decodeLevel(catalog, size_deg, bytes);
    } catch {
      // Damaged: it is made anew, and replaced.
    }
    const level = buildLevel(catalog, size_deg);
    // What this worker makes lies in memory of its own, which is what a cache can take.
    await this.#cache?.write(name, encodeLevel(catalog, size_deg, level) as Uint8Array<ArrayBuffer>[]);
    return level;
  }
}

/** How long a level takes to make, compared with others: measured, half an octave of size costs two thirds more. */
function cost(size_deg: number): number {
  return size_deg ** -1.5;
}

function unpack(bytes: Uint8Array): PackagedStars {
  try {
    return new PackagedStars(bytes, { levels: 'put' });
  } catch (cause) {
    if (!(cause instanceof StarFileError)) throw cause;
    throw new PlateError('stars_unavailable', `The star file cannot be used: ${cause.message}`, { cause });
  }
}

async function load(file: string, report: Report): Promise<Uint8Array> {
  report({ stage: 'loading_stars' });
  try {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    if (!response.body) throw new Error('empty response');
    // Of a response that was compressed on its way the length is that of fewer bytes than will come.
    const isPlain = !response.headers.has('content-encoding');
    const total = isPlain ? Number(response.headers.get('content-length')) : 0;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let loaded = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      loaded += part.value.length;
      if (total > 0) report({ stage: 'loading_stars', fraction: Math.min(1, loaded / total) });
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PlateError('stars_unavailable', `The star file ${file} cannot be loaded: ${why}`, { cause });
  }
}
