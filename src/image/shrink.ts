import type { GreyImage } from './image.js';

/** Mean brightness of `shrink`×`shrink` blocks, fed row by row, so that a decoder never holds the whole picture. */
export class BlockMean {
  readonly #shrink: number;
  readonly #sums: Float64Array;
  readonly #data: Uint8Array | Uint16Array;
  readonly #columns: number;
  readonly #rows: number;
  #fed = 0;

  /** `maximum` is the largest value that a row may hold; it decides between 8 and 16 bits. */
  constructor(width: number, height: number, shrink: number, maximum: number) {
    this.#shrink = shrink;
    this.#columns = Math.max(1, Math.floor(width / shrink));
    this.#rows = Math.max(1, Math.floor(height / shrink));
    this.#sums = new Float64Array(this.#columns);
    const wide = maximum > 255;
    this.#data = new (wide ? Uint16Array : Uint8Array)(this.#columns * this.#rows);
  }

  /** Rows in file order, from the first. */
  add(row: ArrayLike<number>): void {
    const shrink = this.#shrink;
    const line = Math.floor(this.#fed / shrink);
    const last = ++this.#fed % shrink === 0;
    if (line >= this.#rows) return;
    for (let column = 0, at = 0; column < this.#columns; column++) {
      let sum = 0;
      for (let k = 0; k < shrink; k++) sum += row[at++];
      this.#sums[column] += sum;
    }
    if (!last) return;
    const start = line * this.#columns;
    const area = shrink * shrink;
    for (let column = 0; column < this.#columns; column++) {
      this.#data[start + column] = Math.round(this.#sums[column] / area);
    }
    this.#sums.fill(0);
  }

  image(): GreyImage {
    return {
      data: this.#data,
      width: this.#columns,
      height: this.#rows,
      scale: [this.#shrink, this.#shrink],
    };
  }
}

/** The factor that is really used: whole, at least 1, and never so large that no pixel is left. */
export function wholeShrink(shrink: number, width: number, height: number): number {
  const whole = Number.isFinite(shrink) ? Math.max(1, Math.round(shrink)) : 1;
  return Math.max(1, Math.min(whole, width, height));
}
