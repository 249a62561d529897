// biome-ignore-all lint/style/noNonNullAssertion: the numbers in the cells are those of stars.
import type { Star } from './star.js';

/** More than there are columns. */
const ROW = 1 << 16;

/** Stars by square cells of one side. */
export class Cells {
  readonly #side: number;
  readonly #stars: readonly Star[];
  readonly #cells = new Map<number, number[]>();

  constructor(stars: readonly Star[], side: number) {
    this.#stars = stars;
    this.#side = side;
    for (const [i, { x, y }] of stars.entries()) {
      const key = this.#key(Math.floor(x / side), Math.floor(y / side));
      const members = this.#cells.get(key);
      if (members) members.push(i);
      else this.#cells.set(key, [i]);
    }
  }

  each(x: number, y: number, radius: number, visit: (star: number) => void): void {
    const [left, right] = [Math.floor((x - radius) / this.#side), Math.floor((x + radius) / this.#side)];
    const [top, bottom] = [Math.floor((y - radius) / this.#side), Math.floor((y + radius) / this.#side)];
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++)
        for (const star of this.#cells.get(this.#key(column, row)) ?? [])
          if (Math.hypot(this.#stars[star]!.x - x, this.#stars[star]!.y - y) <= radius) visit(star);
  }

  nearest(x: number, y: number, radius: number): number {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    this.each(x, y, radius, (star) => {
      const distance = Math.hypot(this.#stars[star]!.x - x, this.#stars[star]!.y - y);
      if (distance < least) [best, least] = [star, distance];
    });
    return best;
  }

  #key(column: number, row: number): number {
    return row * ROW + column;
  }
}
