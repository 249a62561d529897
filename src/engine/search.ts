// biome-ignore-all lint/style/noNonNullAssertion: indices are bounded by the loops and by the tables' own counts.
import { FieldIndex } from './field-index.js';
import { Hypothesis } from './hypothesis.js';
import { CODE_BIN, CODE_BINS, CODE_UNIT, codeOf, type QuadTable } from './quads.js';
import type { FieldBounds, FieldStars } from './question.js';
import type { SkyGrid } from './sky-grid.js';
import { type Tolerance, Verification } from './verify.js';

/** Stars of a list that a search makes quads of. */
export const MAX_DEPTH = 34;
/** Stars of the image that a hypothesis is compared with. */
const COMPARED_FIELD = 120;
/** Quads between two looks at the clock. */
const QUADS_BETWEEN = 64;

/** What a search has done so far. */
export interface SearchCounts {
  /** Quads of the image that were looked up. */
  quads: number;
  /** Quads of the catalogue with a similar code and a size within the bounds. */
  hypotheses: number;
}

export interface Accepted {
  /** Of the quad. */
  guess: Hypothesis;
  verification: Verification;
  table: QuadTable;
  /** Stars of the image A, B, C, D, and those of the catalogue. */
  members: readonly number[];
  quad: readonly number[];
}

const ARCSEC = Math.PI / 648_000;

/** Looks for the quads of one list of stars among those of the catalogue. */
export class ListSearch {
  readonly #grid: SkyGrid;
  readonly field: FieldIndex;
  readonly #bounds: FieldBounds;
  readonly #counts: SearchCounts;
  readonly #guess = new Hypothesis();
  readonly #verification = new Verification();
  readonly #code = new Float64Array(4);
  readonly #places = new Int32Array(4);
  readonly #distance2: Float64Array;
  readonly #depth: number;
  readonly #hint: Float64Array | undefined;
  #hintCos = -1;
  #accept: (found: Accepted) => boolean = () => false;
  #sinceLook = 0;

  constructor(
    grid: SkyGrid,
    stars: FieldStars,
    size: { width: number; height: number },
    bounds: FieldBounds,
    counts: SearchCounts,
  ) {
    this.#grid = grid;
    this.field = new FieldIndex(stars, size.width, size.height, COMPARED_FIELD);
    this.#bounds = bounds;
    this.#counts = counts;
    this.#depth = Math.min(MAX_DEPTH, this.field.count);
    const { x, y } = this.field;
    this.#distance2 = new Float64Array(this.#depth ** 2);
    for (let i = 0; i < this.#depth; i++)
      for (let j = 0; j < this.#depth; j++)
        this.#distance2[i * this.#depth + j] = (x[i]! - x[j]!) ** 2 + (y[i]! - y[j]!) ** 2;
    const { position } = bounds;
    if (position) {
      const [ra, dec] = [(position.ra_deg * Math.PI) / 180, (position.dec_deg * Math.PI) / 180];
      this.#hint = Float64Array.of(Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec));
      // A quad may lie anywhere in the image.
      const half = (Math.hypot(size.width, size.height) / 2) * bounds.scale.high * ARCSEC;
      this.#hintCos = Math.cos(Math.min(Math.PI, (position.radius_deg * Math.PI) / 180 + half));
    }
  }

  /** How deep the list goes. */
  get depth(): number {
    return this.#depth;
  }

  /**
   * Looks up all quads whose faintest star is number `faintest` of the list, counted from 0.
   * @param accept called with each hypothesis that its neighbourhood speaks for; true ends the search
   * @param shouldStop asked every few quads
   * @returns whether one was accepted, or the search was stopped
   */
  run(
    faintest: number,
    tables: readonly QuadTable[],
    tolerance: Tolerance,
    accept: (found: Accepted) => boolean,
    shouldStop: () => boolean,
  ): 'found' | 'stopped' | 'exhausted' {
    if (faintest >= this.#depth) return 'exhausted';
    this.#accept = accept;
    for (let i = 0; i < faintest - 2; i++) {
      for (let j = i + 1; j < faintest - 1; j++) {
        for (let k = j + 1; k < faintest; k++) {
          if (++this.#sinceLook >= QUADS_BETWEEN) {
            this.#sinceLook = 0;
            if (shouldStop()) return 'stopped';
          }
          if (this.#lookUp(i, j, k, faintest, tables, tolerance)) return 'found';
        }
      }
    }
    return 'exhausted';
  }

  /** Names the stars of a quad, and asks every table that may hold it, under both parities. */
  #lookUp(
    i: number,
    j: number,
    k: number,
    l: number,
    tables: readonly QuadTable[],
    tolerance: Tolerance,
  ): boolean {
    const d = this.#distance2;
    const n = this.#depth;
    let [a, b, c, e] = [i, j, k, l];
    let most = d[i * n + j]!;
    const consider = (p: number, q: number, r: number, s: number) => {
      const here = d[p * n + q]!;
      if (here > most) [a, b, c, e, most] = [p, q, r, s, here];
    };
    consider(i, k, j, l);
    consider(i, l, j, k);
    consider(j, k, i, l);
    consider(j, l, i, k);
    consider(k, l, i, j);
    const length = Math.sqrt(most);
    if (length < 8) return false;
    const { x, y } = this.field;
    if (!codeOf(x, y, a, b, c, e, this.#code, this.#places)) return false;
    this.#counts.quads++;
    const { low, high } = this.#bounds.scale;
    for (const table of tables) {
      if (table.longest < length * low * ARCSEC || table.shortest > length * high * ARCSEC) continue;
      // The frame of the code is that of pixels; on the sky, seen from inside, y points the other way for positive parity.
      if (this.#bounds.parity !== -1 && this.#inTable(table, 1, length, tolerance)) return true;
      if (this.#bounds.parity !== 1 && this.#inTable(table, -1, length, tolerance)) return true;
    }
    return false;
  }

  #inTable(table: QuadTable, parity: 1 | -1, length: number, tolerance: Tolerance): boolean {
    const { code: t } = tolerance;
    const [xc, yc, xd, yd] = [
      this.#code[0]!,
      parity * this.#code[1]! + 0.5,
      this.#code[2]!,
      parity * this.#code[3]! + 0.5,
    ];
    const u = Math.round(t / CODE_UNIT);
    const [ic, jc, id, jd] = [xc / CODE_UNIT, yc / CODE_UNIT, xd / CODE_UNIT, yd / CODE_UNIT];
    const { codes, binStart } = table;
    for (let p = bin(xc - t); p <= bin(xc + t); p++)
      for (let q = bin(yc - t); q <= bin(yc + t); q++)
        for (let r = bin(xd - t); r <= bin(xd + t); r++) {
          const row = ((p * CODE_BINS + q) * CODE_BINS + r) * CODE_BINS;
          const end = binStart[row + bin(yd + t) + 1]!;
          for (let quad = binStart[row + bin(yd - t)]!; quad < end; quad++) {
            const at = 4 * quad;
            if (
              Math.abs(codes[at + 3]! - jd) > u ||
              Math.abs(codes[at + 2]! - id) > u ||
              Math.abs(codes[at + 1]! - jc) > u ||
              Math.abs(codes[at]! - ic) > u
            )
              continue;
            if (this.#test(table, at, parity, length, tolerance)) return true;
          }
        }
    return false;
  }

  #test(table: QuadTable, at: number, parity: 1 | -1, length: number, tolerance: Tolerance): boolean {
    const guess = this.#guess;
    const { x, y } = this.field;
    const members = this.#places;
    if (!guess.fit(this.#grid, table.stars, at, x, y, members, parity)) return false;
    const { low, high } = this.#bounds.scale;
    const scale = guess.scale / ARCSEC;
    if (scale < low || scale > high) return false;
    if (this.#hint) {
      const dot =
        guess.centre[0]! * this.#hint[0]! +
        guess.centre[1]! * this.#hint[1]! +
        guess.centre[2]! * this.#hint[2]!;
      if (dot < this.#hintCos) return false;
    }
    if (guess.residual > Math.max(2, tolerance.place * length)) return false;
    this.#counts.hypotheses++;
    const [a, b] = [members[0]!, members[1]!];
    const middle = [(x[a]! + x[b]!) / 2, (y[a]! + y[b]!) / 2] as const;
    const verification = this.#verification;
    verification.check(
      this.#grid,
      table.neighbours,
      this.field,
      guess,
      table.stars,
      at,
      length,
      middle,
      tolerance,
    );
    if (verification.logOdds < ASKED || verification.hits < 3) return false;
    return this.#accept({
      guess,
      verification,
      table,
      members: [...members],
      quad: [...table.stars.subarray(at, at + 4)],
    });
  }
}

/** Log odds of a quad's neighbourhood from which the whole field is looked at. */
const ASKED = 10;

function bin(coordinate: number): number {
  return Math.max(0, Math.min(CODE_BINS - 1, Math.floor(coordinate / CODE_BIN)));
}
