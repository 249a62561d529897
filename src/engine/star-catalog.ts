// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../wcs/sphere.js';
import { SkyCells } from './sky-cells.js';
import { type Allocate, allocatePrivate, decodeStars, type StarColumns } from './star-file.js';

const CELL_RAD = RAD;
/** A look at a star in order of brightness costs this part of finding and sorting one by its place. */
const SCAN_COST = 0.1;

/** What threads share of a catalogue: plain arrays. */
export interface StarCatalogData extends StarColumns {
  /** First member of each cell, and one more. */
  readonly cellStart: Uint32Array;
  /** Numbers of stars by cell, in each the brightest first. */
  readonly cellStars: Uint32Array;
}

/** Stars of the whole sky, numbered from 0 by falling brightness, and found by place. */
export class StarCatalog {
  /** The stars, as plain arrays. */
  readonly data: StarCatalogData;
  /** Cells by which stars are found by place. */
  static readonly cellCount = new SkyCells(CELL_RAD).count;
  readonly #cells = new SkyCells(CELL_RAD);
  #found = new Int32Array(1 << 12);

  /** @param data from `StarCatalog.decode`, possibly in another thread */
  constructor(data: StarCatalogData) {
    this.data = data;
  }

  /**
   * Unpacks a star file.
   * @throws StarFileError for what is no star file, another version, cut off or damaged
   */
  static decode(bytes: Uint8Array, allocate: Allocate = allocatePrivate): StarCatalog {
    return StarCatalog.of(decodeStars(bytes, allocate), allocate);
  }

  /**
   * A catalogue of stars that are at hand.
   * @param columns stars by falling brightness
   */
  static of(columns: StarColumns, allocate: Allocate = allocatePrivate): StarCatalog {
    const { count, vectors } = columns;
    const cells = new SkyCells(CELL_RAD);
    const cellStart = new Uint32Array(allocate(4 * (cells.count + 1)));
    const cellOf = new Uint32Array(count);
    for (let star = 0; star < count; star++) {
      const cell = cells.cellOf(vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!);
      cellOf[star] = cell;
      cellStart[cell + 1]!++;
    }
    for (let cell = 0; cell < cells.count; cell++) cellStart[cell + 1]! += cellStart[cell]!;
    const next = cellStart.slice(0, cells.count);
    const cellStars = new Uint32Array(allocate(4 * count));
    for (let star = 0; star < count; star++) cellStars[next[cellOf[star]!]!++] = star;
    return new StarCatalog({ count, vectors, magnitudes: columns.magnitudes, cellStart, cellStars });
  }

  /** How many stars there are. */
  get count(): number {
    return this.data.count;
  }

  /**
   * The brightest stars within a radius of a direction, brightest first.
   * @param radius radians, up to π
   * @param out takes their numbers, at most `limit`
   * @returns how many there are in `out`
   */
  brightest(x: number, y: number, z: number, radius: number, limit: number, out: Int32Array): number {
    const share = (1 - Math.cos(radius)) / 2;
    const isScanned = (limit / share) * SCAN_COST < share * this.count;
    if (isScanned) return this.#scan(x, y, z, Math.cos(radius), limit, out);
    const gathered = this.#gather(x, y, z, radius);
    const found = this.#found.subarray(0, gathered).sort();
    const count = Math.min(limit, found.length);
    for (let i = 0; i < count; i++) out[i] = found[i]!;
    return count;
  }

  /** All stars in order of brightness, until there are enough. */
  #scan(x: number, y: number, z: number, least: number, limit: number, out: Int32Array): number {
    const { vectors, count } = this.data;
    let found = 0;
    for (let star = 0, at = 0; star < count && found < limit; star++, at += 3)
      if (vectors[at]! * x + vectors[at + 1]! * y + vectors[at + 2]! * z >= least) out[found++] = star;
    return found;
  }

  #gather(x: number, y: number, z: number, radius: number): number {
    const { vectors, cellStart, cellStars } = this.data;
    // In single precision the cosine of a small angle is too coarse; the square of the chord is not.
    const most = (2 * Math.sin(radius / 2)) ** 2;
    let count = 0;
    const runs = this.#cells.near(x, y, z, radius);
    for (let run = 0; run < runs; run++) {
      const from = cellStart[this.#cells.runs[2 * run]!]!;
      const to = cellStart[this.#cells.runs[2 * run + 1]! + 1]!;
      for (let k = from; k < to; k++) {
        const star = cellStars[k]!;
        const dx = vectors[3 * star]! - x;
        const dy = vectors[3 * star + 1]! - y;
        const dz = vectors[3 * star + 2]! - z;
        if (dx * dx + dy * dy + dz * dz > most) continue;
        if (count === this.#found.length) this.#grow();
        this.#found[count++] = star;
      }
    }
    return count;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#found.length);
    larger.set(this.#found);
    this.#found = larger;
  }
}
