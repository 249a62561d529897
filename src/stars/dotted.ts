// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { Star } from './star.js';

/** Dots of a line are at most so far apart, and off their places by so much, shares of the diagonal. */
const FARTHEST = 1 / 50;
const OFF = 1 / 1000;
/** So many in a row, evenly spaced, are a line: stars hardly ever stand so. */
const RUN = 5;
const FEWEST = 20;

/** Leaves out dotted and dashed lines, as grids and figures are drawn: rows of evenly spaced "stars" in any direction. */
export function withoutDottedLines(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  if (stars.length < FEWEST) return [...stars];
  const diagonal = Math.hypot(image.width, image.height);
  const [reach, off] = [FARTHEST * diagonal, OFF * diagonal];
  const cells = new Cells(stars, reach);
  const drawn = new Set<number>();
  for (const [i, star] of stars.entries()) {
    if (drawn.has(i)) continue;
    cells.each(star.x, star.y, reach, (j) => {
      const [dx, dy] = [stars[j]!.x - star.x, stars[j]!.y - star.y];
      // Each pair once, and none that lies in one spot.
      if (j <= i || Math.hypot(dx, dy) < 3 * off) return;
      const run = [i, j];
      for (const [from, sign] of [
        [j, 1],
        [i, -1],
      ] as const) {
        let [at, next] = [from, 0];
        while (next >= 0) {
          next = cells.nearest(stars[at]!.x + sign * dx, stars[at]!.y + sign * dy, off);
          if (next < 0 || run.includes(next)) break;
          run.push(next);
          at = next;
        }
      }
      if (run.length >= RUN) for (const dot of run) drawn.add(dot);
    });
  }
  return stars.filter((_, i) => !drawn.has(i));
}

/** More than there are columns. */
const ROW = 1 << 16;

/** Stars by square cells of one side. */
class Cells {
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
