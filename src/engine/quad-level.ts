// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { SkyCells } from './sky-cells.js';
import type { StarCatalog } from './star-catalog.js';
import type { QuadHits, StarBlock, StarIndex } from './star-index.js';

/** Stars of the list about each cell. */
export const LIST_LENGTH = 32;
/** Side of those cells, in sizes of the level. */
export const LIST_CELL = 1;
/** Codes are stored as whole numbers of this. */
export const CODE_UNIT = 1 / 65_000;

/** What threads share of a level, and what a cache keeps: plain arrays. */
export interface QuadLevelData {
  /** Typical angle AB. */
  readonly size_rad: number;
  /** Smallest angle AB, radians. */
  readonly shortest_rad: number;
  /** Largest angle AB, radians. */
  readonly longest_rad: number;
  /** How many quads there are. */
  readonly count: number;
  /** Bins along each of a code's four axes. */
  readonly bins: number;
  /** First quad of each bin of codes, and one more. */
  readonly binStart: Uint32Array;
  /** xC, yC + ½, xD, yD + ½ of each quad in units of `CODE_UNIT`, sorted by bin. */
  readonly codes: Uint16Array;
  /** Numbers of the stars A, B, C, D of each quad. */
  readonly stars: Uint32Array;
  /** For each cell of the sky the numbers of the brightest stars about it, `LIST_LENGTH` at most. */
  readonly lists: Uint32Array;
  /** How many stars each list has. */
  readonly listCounts: Uint8Array;
}

/** Quads of one range of sizes, made from the stars of a catalogue. */
export class QuadLevel implements StarIndex {
  /** Its quads, as plain arrays. */
  readonly data: QuadLevelData;
  /** What logs and results call it, by the size of its quads. */
  readonly name: string;
  /** Stars of one quad. */
  readonly starsPerQuad = 4;
  /** Smallest angle AB of its quads, radians. */
  readonly shortest_rad: number;
  /** Largest angle AB of its quads, radians. */
  readonly longest_rad: number;
  readonly #catalog: StarCatalog;
  readonly #cells: SkyCells;
  readonly #block: ListedStars;

  constructor(catalog: StarCatalog, data: QuadLevelData) {
    this.#catalog = catalog;
    this.data = data;
    const degrees = (data.size_rad * 180) / Math.PI;
    this.name = `packaged-${degrees.toFixed(degrees < 10 ? 1 : 0)}deg`;
    this.shortest_rad = data.shortest_rad;
    this.longest_rad = data.longest_rad;
    this.#cells = new SkyCells(LIST_CELL * data.size_rad);
    this.#block = new ListedStars(data, catalog.data.vectors);
  }

  find(code: ArrayLike<number>, tolerance: number, hits: QuadHits): void {
    hits.count = 0;
    const [xc, yc, xd, yd] = [code[0]!, code[1]!, code[2]!, code[3]!];
    // Stored names are canonical. Close to where two names meet the image's may be the other one.
    const slack = 2 * tolerance;
    if (xc + xd <= 1 + slack) {
      if (xc <= xd + slack) this.#find(xc, yc, xd, yd, false, false, tolerance, hits);
      if (xd <= xc + slack) this.#find(xd, yd, xc, yc, false, true, tolerance, hits);
    }
    if (xc + xd >= 1 - slack) {
      if (xd <= xc + slack) this.#find(1 - xc, -yc, 1 - xd, -yd, true, false, tolerance, hits);
      if (xc <= xd + slack) this.#find(1 - xd, -yd, 1 - xc, -yc, true, true, tolerance, hits);
    }
  }

  #find(
    xc: number,
    yc: number,
    xd: number,
    yd: number,
    isTurned: boolean,
    isSwapped: boolean,
    tolerance: number,
    hits: QuadHits,
  ): void {
    const { bins, binStart, codes, stars } = this.data;
    const [p, q, r, s] = [xc, yc + 0.5, xd, yd + 0.5];
    const [pTo, qTo, rTo] = [bin(p + tolerance, bins), bin(q + tolerance, bins), bin(r + tolerance, bins)];
    const [qFrom, rFrom] = [bin(q - tolerance, bins), bin(r - tolerance, bins)];
    const [sFrom, sTo] = [bin(s - tolerance, bins), bin(s + tolerance, bins)];
    const [pu, qu, ru, su] = [p / CODE_UNIT, q / CODE_UNIT, r / CODE_UNIT, s / CODE_UNIT];
    const most = tolerance / CODE_UNIT;
    for (let i = bin(p - tolerance, bins); i <= pTo; i++) {
      for (let j = qFrom; j <= qTo; j++) {
        for (let k = rFrom; k <= rTo; k++) {
          const row = ((i * bins + j) * bins + k) * bins;
          const end = 4 * binStart[row + sTo + 1]!;
          for (let at = 4 * binStart[row + sFrom]!; at < end; at += 4) {
            if (Math.abs(codes[at]! - pu) > most || Math.abs(codes[at + 1]! - qu) > most) continue;
            if (Math.abs(codes[at + 2]! - ru) > most || Math.abs(codes[at + 3]! - su) > most) continue;
            const to = 4 * hits.count++;
            hits.reserve(to, 4);
            hits.stars[to] = stars[isTurned ? at + 1 : at]!;
            hits.stars[to + 1] = stars[isTurned ? at : at + 1]!;
            hits.stars[to + 2] = stars[isSwapped ? at + 3 : at + 2]!;
            hits.stars[to + 3] = stars[isSwapped ? at + 2 : at + 3]!;
          }
        }
      }
    }
  }

  about(x: number, y: number, z: number): StarBlock {
    const cell = this.#cells.cellOf(x, y, z);
    this.#block.cell = cell;
    return this.#block;
  }

  brightest(x: number, y: number, z: number, radius: number, limit: number, out: Int32Array): number {
    return this.#catalog.brightest(x, y, z, radius, limit, out);
  }

  /** A star's magnitude. */
  magnitude(star: number): number {
    return this.#catalog.data.magnitudes[star]!;
  }

  direction(star: number, out: Float64Array, at: number): void {
    const { vectors } = this.#catalog.data;
    out[at] = vectors[3 * star]!;
    out[at + 1] = vectors[3 * star + 1]!;
    out[at + 2] = vectors[3 * star + 2]!;
  }
}

/** The list of one cell. */
class ListedStars implements StarBlock {
  cell = 0;
  readonly #data: QuadLevelData;
  readonly #vectors: Float32Array;

  constructor(data: QuadLevelData, vectors: Float32Array) {
    this.#data = data;
    this.#vectors = vectors;
  }

  get count(): number {
    return this.#data.listCounts[this.cell]!;
  }

  direction(number: number, out: Float64Array): void {
    const at = 3 * this.#data.lists[LIST_LENGTH * this.cell + number]!;
    out[0] = this.#vectors[at]!;
    out[1] = this.#vectors[at + 1]!;
    out[2] = this.#vectors[at + 2]!;
  }
}

/** The bin of a code's number, brought to 0…1. */
export function bin(value: number, bins: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor(value * bins)));
}
