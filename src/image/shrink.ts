// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from './image.js';

export interface BlockMeanOptions {
  /** Size of one plane. */
  width: number;
  height: number;
  /** Side of the blocks; columns and rows that fill no whole block are left out. */
  shrink: number;
  /** Planes of a colour cube, averaged. @default 1 */
  planes?: number;
  /** Type of the result; means are rounded in whole numbers, which have one plane only. */
  type: Uint8ArrayConstructor | Uint16ArrayConstructor | Float32ArrayConstructor;
}

/**
 * Mean brightness of `shrink`×`shrink` blocks, fed with rows, so that a decoder never holds the whole picture. NaN pixels are
 * left out of the mean; a block of nothing else is NaN.
 */
export class BlockMean {
  readonly #input: { width: number; height: number };
  readonly #shrink: number;
  readonly #planes: number;
  readonly #width: number;
  readonly #height: number;
  readonly #data: GreyImage['data'];
  readonly #float: boolean;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  /** Rows of the plane at hand that have come. */
  #fed = 0;

  constructor({ width, height, shrink, planes = 1, type }: BlockMeanOptions) {
    this.#input = { width, height };
    this.#shrink = shrink;
    this.#planes = planes;
    this.#width = Math.floor(width / shrink);
    this.#height = Math.floor(height / shrink);
    this.#data = new type(this.#width * this.#height);
    this.#float = type === Float32Array;
    this.#sums = new Float64Array(this.#width);
    this.#counts = new Uint32Array(this.#width);
  }

  /** One or more whole rows in file order, from the first; after the last of a plane the next plane begins. */
  add(rows: ArrayLike<number>): void {
    const { width, height } = this.#input;
    for (let start = 0; start < rows.length; start += width) {
      const row = this.#fed;
      this.#fed = row + 1 === height ? 0 : row + 1;
      if (this.#shrink === 1) this.#addPixels(rows, start, row * width);
      else if (row < this.#height * this.#shrink) this.#addRow(rows, start, row);
    }
  }

  // The loops below stay inside the arrays: `#width` blocks of `#shrink` values are at most one row of the input.

  #addPixels(rows: ArrayLike<number>, start: number, target: number): void {
    const [width, data, planes] = [this.#width, this.#data, this.#planes];
    if (this.#float) for (let i = 0; i < width; i++) data[target + i]! += rows[start + i]! / planes;
    else for (let i = 0; i < width; i++) data[target + i] = Math.round(rows[start + i]!);
  }

  #addRow(rows: ArrayLike<number>, start: number, row: number): void {
    const [width, shrink, sums, counts] = [this.#width, this.#shrink, this.#sums, this.#counts];
    for (let column = 0, at = start; column < width; column++, at += shrink) {
      let [sum, count] = [0, shrink];
      for (let i = at; i < at + shrink; i++) sum += rows[i]!;
      if (Number.isNaN(sum)) {
        [sum, count] = [0, 0];
        for (let i = at; i < at + shrink; i++) {
          const value = rows[i]!;
          if (Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
      }
      sums[column]! += sum;
      counts[column]! += count;
    }
    if ((row + 1) % shrink === 0) this.#settle(Math.floor(row / shrink) * width);
  }

  #settle(start: number): void {
    const [width, data, sums, counts, planes] = [
      this.#width,
      this.#data,
      this.#sums,
      this.#counts,
      this.#planes,
    ];
    for (let column = 0; column < width; column++) {
      const mean = sums[column]! / counts[column]!;
      if (this.#float) data[start + column]! += mean / planes;
      else data[start + column] = Math.round(mean);
    }
    sums.fill(0);
    counts.fill(0);
  }

  image(): GreyImage {
    return {
      data: this.#data,
      width: this.#width,
      height: this.#height,
      scale: [this.#shrink, this.#shrink],
    };
  }
}

/** The factor that is really used: whole, at least 1, and never so large that no pixel is left. */
export function wholeShrink(shrink: number, width: number, height: number): number {
  const whole = Number.isFinite(shrink) ? Math.max(1, Math.round(shrink)) : 1;
  return Math.max(1, Math.min(whole, width, height));
}
