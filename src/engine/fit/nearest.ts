// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
/** Points in the plane, asked for the nearest one. */
export class Nearest {
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #side: number;
  /** Points by the square that they lie in. */
  readonly #squares = new Map<number, number[]>();

  /** @param side of the squares that are looked through; the largest distance that will be asked for. */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>, side: number) {
    this.#x = x;
    this.#y = y;
    this.#side = side;
    for (let point = 0; point < x.length; point++) {
      const key = keyOf(Math.floor(x[point]! / side), Math.floor(y[point]! / side));
      const square = this.#squares.get(key);
      if (square) square.push(point);
      else this.#squares.set(key, [point]);
    }
  }

  /** Number of the point nearest to (x, y), when there is one within `radius`, at most `side`. */
  within(x: number, y: number, radius: number): { point: number; distance: number } | undefined {
    let [nearest, distance2] = [-1, radius * radius];
    const [column, row] = [Math.floor(x / this.#side), Math.floor(y / this.#side)];
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) {
        const square = this.#squares.get(keyOf(i, j));
        if (!square) continue;
        for (const point of square) {
          const [dx, dy] = [this.#x[point]! - x, this.#y[point]! - y];
          const here = dx * dx + dy * dy;
          if (here <= distance2) [nearest, distance2] = [point, here];
        }
      }
    }
    return nearest < 0 ? undefined : { point: nearest, distance: Math.sqrt(distance2) };
  }
}

function keyOf(column: number, row: number): number {
  return row * 2 ** 20 + column;
}
