// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/** Stars found in an image, the likeliest to be bright stars of the sky first. */
export interface StarList {
  /** Pixels, FITS convention: (1, 1) is the centre of the first pixel. */
  x: ArrayLike<number>;
  /** Likewise. */
  y: ArrayLike<number>;
  /** Any measure that grows with the brightness; the order of the list counts where it is not given. */
  flux?: ArrayLike<number>;
}

/** Cells along the longer side of the image. */
const CELLS = 64;

/** The stars of one list, by their place in the image. */
export class Field {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cellStart: Int32Array;
  readonly #members: Int32Array;

  /** @param most so many of the list's first stars are kept */
  constructor(list: StarList, width: number, height: number, most: number) {
    this.width = width;
    this.height = height;
    this.count = Math.min(most, list.x.length);
    this.x = new Float64Array(this.count);
    this.y = new Float64Array(this.count);
    for (let i = 0; i < this.count; i++) {
      this.x[i] = list.x[i]!;
      this.y[i] = list.y[i]!;
    }
    this.#cell = Math.max(width, height) / CELLS;
    this.#columns = Math.ceil(width / this.#cell);
    this.#rows = Math.ceil(height / this.#cell);
    this.#cellStart = new Int32Array(this.#columns * this.#rows + 1);
    const cellOf = (i: number) => this.#row(this.y[i]!) * this.#columns + this.#column(this.x[i]!);
    for (let i = 0; i < this.count; i++) this.#cellStart[cellOf(i) + 1]!++;
    for (let cell = 1; cell < this.#cellStart.length; cell++)
      this.#cellStart[cell]! += this.#cellStart[cell - 1]!;
    const next = this.#cellStart.slice();
    this.#members = new Int32Array(this.count);
    for (let i = 0; i < this.count; i++) this.#members[next[cellOf(i)]!++] = i;
  }

  /** Whether a pixel lies in the image. */
  has(x: number, y: number): boolean {
    return x >= 0.5 && y >= 0.5 && x <= this.width + 0.5 && y <= this.height + 0.5;
  }

  /** The star nearest to a point within `radius` pixels, or −1. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let best2 = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    const [top, bottom] = [this.#row(y - radius), this.#row(y + radius)];
    for (let row = top; row <= bottom; row++) {
      // The cells of a row follow one another.
      const end = this.#cellStart[row * this.#columns + right + 1]!;
      for (let k = this.#cellStart[row * this.#columns + left]!; k < end; k++) {
        const i = this.#members[k]!;
        const dx = this.x[i]! - x;
        const dy = this.y[i]! - y;
        const d2 = dx * dx + dy * dy;
        if (d2 <= best2) {
          best = i;
          best2 = d2;
        }
      }
    }
    return best;
  }

  /** How many stars lie within `radius` pixels of a point. */
  countWithin(x: number, y: number, radius: number): number {
    let count = 0;
    for (let i = 0; i < this.count; i++) {
      const dx = this.x[i]! - x;
      const dy = this.y[i]! - y;
      if (dx * dx + dy * dy <= radius * radius) count++;
    }
    return count;
  }

  #column(x: number): number {
    return Math.max(0, Math.min(this.#columns - 1, Math.floor(x / this.#cell)));
  }

  #row(y: number): number {
    return Math.max(0, Math.min(this.#rows - 1, Math.floor(y / this.#cell)));
  }
}
