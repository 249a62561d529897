import type { IndexFile } from '../index-file/index-file.js';
import type { QuadHits, StarBlock, StarIndex } from '../star-index.js';
import { BrightStars } from './bright-stars.js';
import { CodeSearch } from './code-search.js';
import { StarLists } from './star-lists.js';

const NO_STARS: StarBlock = { count: 0, direction: () => {} };

/**
 * One of astrometry.net's index files as an index of the engine. When it cannot be read, or proves damaged, that
 * is told once, and it has no quads and no stars from then on: a search goes on with the other indexes.
 */
export class FileIndex implements StarIndex {
  readonly name: string;
  readonly starsPerQuad: 3 | 4 | 5;
  readonly shortest_rad: number;
  readonly longest_rad: number;
  readonly #file: IndexFile;
  readonly #onFailure: (error: unknown) => void;
  readonly #codes: CodeSearch;
  readonly #bright: BrightStars;
  readonly #lists: StarLists;
  readonly #vector = new Float64Array(3);
  #isUsable = true;

  /** @param onFailure is told the error that ends its use */
  constructor(name: string, file: IndexFile, onFailure: (error: unknown) => void) {
    this.name = name;
    this.#file = file;
    this.#onFailure = onFailure;
    const { dimQuads, quadSize_rad } = file.metadata;
    const { low, high } = quadSize_rad;
    this.starsPerQuad = dimQuads;
    this.shortest_rad = low;
    this.longest_rad = high;
    this.#codes = new CodeSearch(file);
    this.#bright = new BrightStars(file);
    this.#lists = new StarLists(file, this.#bright, high);
  }

  find(code: ArrayLike<number>, tolerance: number, hits: QuadHits): void {
    try {
      if (this.#isUsable) this.#codes.find(code, tolerance, hits);
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#isUsable) hits.count = 0;
  }

  about(x: number, y: number, z: number): StarBlock {
    try {
      if (this.#isUsable) return this.#lists.about(x, y, z);
    } catch (error) {
      this.#fail(error);
    }
    return NO_STARS;
  }

  brightest(x: number, y: number, z: number, radius: number, limit: number, out: Int32Array): number {
    try {
      if (this.#isUsable) return this.#bright.collect(x, y, z, radius, limit, out);
    } catch (error) {
      this.#fail(error);
    }
    return 0;
  }

  /** Not a number where it cannot be read, which lies in no image. */
  direction(star: number, out: Float64Array, at: number): void {
    const vector = this.#vector.fill(Number.NaN);
    try {
      if (this.#isUsable) this.#file.starPosition(star, vector);
    } catch (error) {
      this.#fail(error);
    }
    out.set(vector, at);
  }

  /** In a file without magnitudes a number that grows as brightness falls, see `BrightStars`. */
  magnitude(star: number): number {
    try {
      if (this.#isUsable) return this.#bright.faintness(star);
    } catch (error) {
      this.#fail(error);
    }
    return Number.NaN;
  }

  /** Frees the memory of its pages. */
  close(): void {
    this.#file.close();
  }

  #fail(error: unknown): void {
    this.#isUsable = false;
    this.#onFailure(error);
  }
}
