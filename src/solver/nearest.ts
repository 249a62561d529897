/** Points in the plane, asked for the nearest one. */
export class Nearest {
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #side: number;
  readonly #cells = new Map<string, number[]>();

  /** @param side of the squares that are looked through; about the largest distance that will be asked for. */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>, side: number) {
    this.#x = x;
    this.#y = y;
    this.#side = side;
    for (let i = 0; i < x.length; i++) {
      const key = `${Math.floor(x[i]! / side)},${Math.floor(y[i]! / side)}`;
      const cell = this.#cells.get(key);
      if (cell) cell.push(i);
      else this.#cells.set(key, [i]);
    }
  }

  /** Number of the point nearest to (x, y), when there is one within `radius`, at most `side`. */
  within(x: number, y: number, radius: number): { point: number; distance: number } | undefined {
    let best: { point: number; distance: number } | undefined;
    const [column, row] = [Math.floor(x / this.#side), Math.floor(y / this.#side)];
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) {
        for (const point of this.#cells.get(`${i},${j}`) ?? []) {
          const distance = Math.hypot(this.#x[point]! - x, this.#y[point]! - y);
          if (distance <= radius && distance < (best?.distance ?? Number.POSITIVE_INFINITY))
            best = { point, distance };
        }
      }
    }
    return best;
  }
}
