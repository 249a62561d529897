// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { IndexFile } from '../index-file/index-file.js';
import type { QuadHits } from '../star-index.js';

/** The orders of one, two and three stars. */
const ORDERS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: [[0]],
  2: [
    [0, 1],
    [1, 0],
  ],
  3: [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ],
};

/**
 * Finds quads by their code. Index files write x and y of a star (quad-code.ts) as u = x + y and v = x − y, which turns
 * and enlarges each star's plane by √2; what names a quad's stars there is u in place of x: the mean u of C, D, … is at most ½, and
 * they ascend by u.
 */
export class CodeSearch {
  readonly #file: IndexFile;
  readonly #starsPerQuad: number;
  readonly #orders: readonly (readonly number[])[];
  /** u and v of C, D, …, as asked or seen from B. */
  readonly #uv: Float64Array;
  readonly #code: Float64Array;
  readonly #quad: Int32Array;
  readonly #visit: (quad: number) => void;
  #isTurned = false;
  #order: readonly number[] = [];
  #hits: QuadHits | undefined;

  constructor(file: IndexFile) {
    const { dimQuads } = file.metadata;
    this.#file = file;
    this.#starsPerQuad = dimQuads;
    this.#orders = ORDERS[dimQuads - 2] ?? [];
    this.#uv = new Float64Array(2 * (dimQuads - 2));
    this.#code = new Float64Array(2 * (dimQuads - 2));
    this.#quad = new Int32Array(dimQuads);
    this.#visit = (quad) => this.#take(quad);
  }

  /**
   * @param code xC, yC, xD, yD, …
   * @param tolerance the places of C, D, … are off by at most √(number of them) times this, all together: for two the ball of about the
   *   volume of the cube with sides of two tolerances
   * @param hits is overwritten
   * @throws IndexFileError
   */
  find(code: ArrayLike<number>, tolerance: number, hits: QuadHits): void {
    hits.count = 0;
    this.#hits = hits;
    const uv = this.#uv;
    const others = uv.length / 2;
    const radius = tolerance * Math.sqrt(2 * others);
    const { hasHalvedCodes } = this.#file.metadata;
    let sum = 0;
    for (let i = 0; i < others; i++) {
      const [x, y] = [code[2 * i]!, code[2 * i + 1]!];
      uv[2 * i] = x + y;
      uv[2 * i + 1] = x - y;
      sum += x + y;
    }
    // Within the radius the sum of n numbers differs by √n radii at most.
    const slack = Math.sqrt(others) * radius;
    if (!hasHalvedCodes || sum <= others / 2 + slack) this.#search(false, radius);
    if (hasHalvedCodes && sum < others / 2 - slack) return;
    for (let i = 0; i < uv.length; i++) uv[i] = 1 - uv[i]!;
    this.#search(true, radius);
  }

  #search(isTurned: boolean, radius: number): void {
    const [uv, code] = [this.#uv, this.#code];
    // Within the radius two numbers together differ by √2 radii at most.
    const slack = this.#file.metadata.hasSortedCodes ? Math.SQRT2 * radius : Number.POSITIVE_INFINITY;
    this.#isTurned = isTurned;
    orders: for (const order of this.#orders) {
      for (let i = 1; i < order.length; i++) {
        if (uv[2 * order[i - 1]!]! > uv[2 * order[i]!]! + slack) continue orders;
      }
      for (let i = 0; i < order.length; i++) {
        code[2 * i] = uv[2 * order[i]!]!;
        code[2 * i + 1] = uv[2 * order[i]! + 1]!;
      }
      this.#order = order;
      this.#file.searchCodes(code, radius, this.#visit);
    }
  }

  #take(quad: number): void {
    // Set by `find`, which is what searches.
    const hits = this.#hits!;
    const [stars, order, isTurned, length] = [this.#quad, this.#order, this.#isTurned, this.#starsPerQuad];
    this.#file.quadStars(quad, stars);
    const to = length * hits.count++;
    hits.reserve(to, length);
    hits.stars[to] = stars[isTurned ? 1 : 0]!;
    hits.stars[to + 1] = stars[isTurned ? 0 : 1]!;
    for (let i = 0; i < order.length; i++) hits.stars[to + 2 + order[i]!] = stars[2 + i]!;
  }
}
