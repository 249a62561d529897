// biome-ignore-all lint/style/noNonNullAssertion: cells are numbered by this module itself.
import type { SkyGrid } from './sky-grid.js';
import type { Allocate } from './star-file.js';

/** Stars of one list, and how far around its cell they come from, in sizes of quads. */
export const LISTED = 36;
const REACH = 2.5;
const RAD = Math.PI / 180;
const NOT_MADE = -2;
/** Ends a list that is shorter. */
export const NO_STAR = -1;

/**
 * The brightest stars around every place of the sky, for quads of one size: verification asks for them hundreds of thousands of times.
 * Lists are made when they are first asked for; threads that share the memory make the same ones.
 */
export class NeighbourLists {
  readonly stars: Int32Array;
  readonly #grid: SkyGrid;
  readonly #radius: number;
  readonly #rows: number;
  readonly #rowStart: Int32Array;
  readonly #made = new Int32Array(LISTED);

  /** @param stars memory of lists for the same size, made by another thread */
  constructor(grid: SkyGrid, size_deg: number, allocate: Allocate, stars?: Int32Array) {
    this.#grid = grid;
    this.#radius = Math.min(Math.PI / 2, REACH * size_deg * RAD);
    this.#rows = Math.ceil(180 / size_deg);
    this.#rowStart = new Int32Array(this.#rows + 1);
    for (let row = 0; row < this.#rows; row++)
      this.#rowStart[row + 1] = this.#rowStart[row]! + this.#columns(row, size_deg);
    this.stars = stars ?? new Int32Array(allocate(4 * LISTED * this.#rowStart[this.#rows]!)).fill(NOT_MADE);
  }

  /** Where in `stars` the list of a direction begins; it ends after `LISTED` numbers or at `NO_STAR`. */
  at(x: number, y: number, z: number): number {
    const dec = Math.asin(Math.max(-1, Math.min(1, z)));
    const row = Math.min(this.#rows - 1, Math.floor(((dec + Math.PI / 2) / Math.PI) * this.#rows));
    const first = this.#rowStart[row]!;
    const columns = this.#rowStart[row + 1]! - first;
    const ra = Math.atan2(y, x) + Math.PI;
    const column = Math.min(columns - 1, Math.floor((ra / (2 * Math.PI)) * columns));
    const start = LISTED * (first + column);
    if (this.stars[start] === NOT_MADE) this.#make(start, row, column, columns);
    return start;
  }

  #make(start: number, row: number, column: number, columns: number): void {
    const dec = ((row + 0.5) / this.#rows - 0.5) * Math.PI;
    const ra = ((column + 0.5) / columns) * 2 * Math.PI - Math.PI;
    const cos = Math.cos(dec);
    const found = this.#grid.brightest(
      cos * Math.cos(ra),
      cos * Math.sin(ra),
      Math.sin(dec),
      this.#radius,
      LISTED,
      this.#made,
    );
    // From the end, so that another thread that sees the first number sees the whole list.
    for (let k = LISTED - 1; k >= 0; k--) this.stars[start + k] = k < found ? this.#made[k]! : NO_STAR;
  }

  #columns(row: number, size_deg: number): number {
    const middle = ((row + 0.5) / this.#rows - 0.5) * Math.PI;
    return Math.max(1, Math.round((360 * Math.cos(middle)) / size_deg));
  }
}
