/**
 * Averages a picture over square blocks as its rows arrive, plane after plane. NaN pixels are left out of the average; a
 * block that has nothing else is NaN.
 */
export class PlaneShrinker {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  readonly #inputWidth: number;
  readonly #factor: number;
  readonly #planes: number;
  readonly #sum: Float64Array;
  readonly #count: Uint32Array;

  constructor(inputWidth: number, inputHeight: number, factor: number, planes: number) {
    this.width = Math.floor(inputWidth / factor);
    this.height = Math.floor(inputHeight / factor);
    this.data = new Float32Array(this.width * this.height);
    this.#inputWidth = inputWidth;
    this.#factor = factor;
    this.#planes = planes;
    this.#sum = new Float64Array(this.width);
    this.#count = new Uint32Array(this.width);
  }

  /** Adds rows of one plane; they come in order, without gaps. */
  add(values: Float32Array, firstRow: number, rows: number): void {
    if (this.#factor === 1) {
      const start = firstRow * this.width;
      for (let i = 0; i < rows * this.width; i++) this.data[start + i] += values[i] / this.#planes;
      return;
    }
    for (let row = 0; row < rows; row++) {
      const target = Math.floor((firstRow + row) / this.#factor);
      if (target >= this.height) return;
      this.#addRow(values, row * this.#inputWidth);
      if ((firstRow + row + 1) % this.#factor === 0) this.#settle(target);
    }
  }

  #addRow(values: Float32Array, start: number): void {
    for (let column = 0, at = start; column < this.width; column++) {
      let [sum, count] = [0, 0];
      for (let i = 0; i < this.#factor; i++, at++) {
        const value = values[at];
        if (!Number.isNaN(value)) {
          sum += value;
          count++;
        }
      }
      this.#sum[column] += sum;
      this.#count[column] += count;
    }
  }

  #settle(target: number): void {
    for (let column = 0; column < this.width; column++) {
      this.data[target * this.width + column] += this.#sum[column] / this.#count[column] / this.#planes;
    }
    this.#sum.fill(0);
    this.#count.fill(0);
  }
}
