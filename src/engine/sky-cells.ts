// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/**
 * Divides the sky into rows of equal declination and each row into cells of about equal width, so that all cells are nearly squares
 * of one size. Directions are unit vectors (J2000); angles are radians.
 */
export class SkyCells {
  readonly count: number;
  readonly rows: number;
  /** First and last cell of each run that `near` found. */
  runs = new Int32Array(64);
  /** First cell of each row, and one more. */
  readonly #rowStart: Int32Array;

  /** @param side_rad of a cell, about */
  constructor(side_rad: number) {
    this.rows = Math.max(2, Math.ceil(Math.PI / side_rad));
    this.#rowStart = new Int32Array(this.rows + 1);
    for (let row = 0; row < this.rows; row++) {
      const middle = this.#decOf(row + 0.5);
      const columns = Math.max(1, Math.round((2 * Math.PI * Math.cos(middle)) / side_rad));
      this.#rowStart[row + 1] = this.#rowStart[row]! + columns;
    }
    this.count = this.#rowStart[this.rows]!;
  }

  cellOf(x: number, y: number, z: number): number {
    const row = this.rowOf(Math.asin(Math.max(-1, Math.min(1, z))));
    const columns = this.columns(row);
    const turn = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
    return this.#rowStart[row]! + Math.min(columns - 1, Math.floor(turn * columns));
  }

  rowOf(dec: number): number {
    return Math.max(0, Math.min(this.rows - 1, Math.floor((dec / Math.PI + 0.5) * this.rows)));
  }

  columns(row: number): number {
    return this.#rowStart[row + 1]! - this.#rowStart[row]!;
  }

  /** The number of a cell; columns are counted from RA 0. */
  cellAt(row: number, column: number): number {
    return this.#rowStart[row]! + column;
  }

  /** Direction of a cell's middle, into the first three elements of `out`. */
  middle(row: number, column: number, out: Float64Array): void {
    const dec = this.#decOf(row + 0.5);
    const ra = ((column + 0.5) * 2 * Math.PI) / this.columns(row);
    out[0] = Math.cos(dec) * Math.cos(ra);
    out[1] = Math.cos(dec) * Math.sin(ra);
    out[2] = Math.sin(dec);
  }

  /**
   * The cells that come within a radius of a direction, and perhaps a few others, as runs of cells that follow one another.
   * @returns how many runs there are in `runs`
   */
  near(x: number, y: number, z: number, radius: number): number {
    const dec = Math.asin(Math.max(-1, Math.min(1, z)));
    const [first, last] = [this.rowOf(dec - radius), this.rowOf(dec + radius)];
    if (this.runs.length < 4 * (last - first + 1)) this.runs = new Int32Array(8 * (last - first + 1));
    const hasPole = Math.abs(dec) + radius >= Math.PI / 2;
    // Around a cone that holds no pole the right ascension is furthest out where sin Δ = sin r / cos δ.
    const reach = hasPole ? 0.5 : Math.asin(Math.min(1, Math.sin(radius) / Math.cos(dec))) / (2 * Math.PI);
    const turn = Math.atan2(y, x) / (2 * Math.PI) + (y < 0 ? 1 : 0);
    let count = 0;
    for (let row = first; row <= last; row++) {
      const start = this.#rowStart[row]!;
      const columns = this.#rowStart[row + 1]! - start;
      const from = Math.floor((turn - reach) * columns);
      const to = Math.floor((turn + reach) * columns);
      if (to - from + 1 >= columns) count = this.#run(count, start, start + columns - 1);
      else if (from < 0) {
        count = this.#run(count, start + from + columns, start + columns - 1);
        count = this.#run(count, start, start + to);
      } else if (to >= columns) {
        count = this.#run(count, start + from, start + columns - 1);
        count = this.#run(count, start, start + to - columns);
      } else count = this.#run(count, start + from, start + to);
    }
    return count;
  }

  #run(count: number, first: number, last: number): number {
    this.runs[2 * count] = first;
    this.runs[2 * count + 1] = last;
    return count + 1;
  }

  #decOf(row: number): number {
    return (row / this.rows - 0.5) * Math.PI;
  }
}
