// biome-ignore-all lint/style/noNonNullAssertion: cells and stars are numbered by this index itself.
import type { FieldStars } from './question.js';

/** Cells along the longer side of the image. */
const CELLS = 48;

/** The stars of an image by place, to be asked which is nearest to a point. */
export class FieldIndex {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cellStart: Int32Array;
  readonly #members: Int32Array;

  /** @param most the brightest of the list are taken, at most so many */
  constructor(stars: FieldStars, width: number, height: number, most: number) {
    const count = Math.min(most, stars.x.length);
    this.x = Float64Array.from({ length: count }, (_, i) => stars.x[i]!);
    this.y = Float64Array.from({ length: count }, (_, i) => stars.y[i]!);
    this.width = width;
    this.height = height;
    this.#cell = Math.max(width, height) / CELLS;
    this.#columns = Math.ceil(width / this.#cell) + 1;
    this.#rows = Math.ceil(height / this.#cell) + 1;
    const cellOf = (i: number) => this.#row(this.y[i]!) * this.#columns + this.#column(this.x[i]!);
    this.#cellStart = new Int32Array(this.#columns * this.#rows + 1);
    for (let i = 0; i < count; i++) this.#cellStart[cellOf(i) + 1]!++;
    for (let cell = 0; cell + 1 < this.#cellStart.length; cell++)
      this.#cellStart[cell + 1]! += this.#cellStart[cell]!;
    const next = this.#cellStart.slice();
    this.#members = new Int32Array(count);
    for (let i = 0; i < count; i++) this.#members[next[cellOf(i)]!++] = i;
  }

  get count(): number {
    return this.x.length;
  }

  /** The star nearest to a point, when one is within `radius` pixels; otherwise −1. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let best2 = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    const [top, bottom] = [this.#row(y - radius), this.#row(y + radius)];
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const cell = row * this.#columns + column;
        const end = this.#cellStart[cell + 1]!;
        for (let k = this.#cellStart[cell]!; k < end; k++) {
          const i = this.#members[k]!;
          const dx = this.x[i]! - x;
          const dy = this.y[i]! - y;
          const d2 = dx * dx + dy * dy;
          if (d2 <= best2) [best, best2] = [i, d2];
        }
      }
    }
    return best;
  }

  /** How many stars are within `radius` pixels of a point. */
  within(x: number, y: number, radius: number): number {
    let count = 0;
    for (let i = 0; i < this.x.length; i++) {
      const dx = this.x[i]! - x;
      const dy = this.y[i]! - y;
      if (dx * dx + dy * dy <= radius * radius) count++;
    }
    return count;
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / this.#cell)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor(y / this.#cell)));
  }
}
