// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.

/** Places in a plane, by square cells. */
export class Neighbours {
  readonly #side: number;
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #cells = new Map<number, number[]>();

  /** @param side of a cell, about as far as will be looked */
  constructor(x: ArrayLike<number>, y: ArrayLike<number>, side: number) {
    [this.#x, this.#y, this.#side] = [x, y, side];
    for (let i = 0; i < x.length; i++) {
      if (Number.isNaN(x[i]!)) continue;
      const key = keyOf(Math.floor(x[i]! / side), Math.floor(y[i]! / side));
      const members = this.#cells.get(key);
      if (members) members.push(i);
      else this.#cells.set(key, [i]);
    }
  }

  /** The numbers of the places within a radius. */
  within(x: number, y: number, radius: number): number[] {
    const found: number[] = [];
    const side = this.#side;
    for (let row = Math.floor((y - radius) / side); row <= Math.floor((y + radius) / side); row++)
      for (let column = Math.floor((x - radius) / side); column <= Math.floor((x + radius) / side); column++)
        for (const i of this.#cells.get(keyOf(column, row)) ?? [])
          if (Math.hypot(this.#x[i]! - x, this.#y[i]! - y) <= radius) found.push(i);
    return found;
  }

  /** The nearest place within a radius. */
  nearest(x: number, y: number, radius: number): { index: number; distance: number } | undefined {
    let found: { index: number; distance: number } | undefined;
    for (const index of this.within(x, y, radius)) {
      const distance = Math.hypot(this.#x[index]! - x, this.#y[index]! - y);
      if (!found || distance < found.distance) found = { index, distance };
    }
    return found;
  }
}

/** Those of places that are given one by one. */
export function neighboursAmong(places: readonly { x: number; y: number }[], side: number): Neighbours {
  return new Neighbours(
    places.map(({ x }) => x),
    places.map(({ y }) => y),
    side,
  );
}

const ROW = 1 << 20;
const keyOf = (column: number, row: number) => (row + 4) * ROW + column + 4;
