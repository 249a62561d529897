// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { IndexFile } from '../index-file/index-file.js';
import type { QuadHits } from '../star-index.js';

const STARS = 4;

/**
 * Finds quads of four stars by their code. Index files write x and y of a star (quad-code.ts) as u = x + y and v = x − y, which turns
 * and enlarges each star's plane by √2; what names a quad's stars there is u in place of x.
 */
export class CodeSearch {
  readonly #file: IndexFile;
  readonly #code = new Float64Array(4);
  readonly #quad = new Int32Array(STARS);
  readonly #visit: (quad: number) => void;
  #isTurned = false;
  #isSwapped = false;
  #hits: QuadHits | undefined;

  constructor(file: IndexFile) {
    this.#file = file;
    this.#visit = (quad) => this.#take(quad);
  }

  /**
   * @param code xC, yC, xD, yD
   * @param tolerance the places of C and D are off by at most √2 times this, both together: the ball of about the volume of the cube
   *   with sides of two tolerances
   * @param hits is overwritten
   * @throws IndexFileError
   */
  find(code: ArrayLike<number>, tolerance: number, hits: QuadHits): void {
    hits.count = 0;
    this.#hits = hits;
    // Callers give four numbers.
    const [xc, yc, xd, yd] = [code[0]!, code[1]!, code[2]!, code[3]!];
    const [uc, vc, ud, vd] = [xc + yc, xc - yc, xd + yd, xd - yd];
    const radius = 2 * tolerance;
    const { hasSortedCodes, hasHalvedCodes } = this.#file.metadata;
    // Within the radius two numbers together differ by √2 radii at most.
    const slack = Math.SQRT2 * radius;
    const isUnturned = !hasHalvedCodes || uc + ud <= 1 + slack;
    const isTurned = !hasHalvedCodes || uc + ud >= 1 - slack;
    const isCFirst = !hasSortedCodes || uc <= ud + slack;
    const isDFirst = !hasSortedCodes || ud <= uc + slack;
    if (isUnturned && isCFirst) this.#search(uc, vc, ud, vd, false, false, radius);
    if (isUnturned && isDFirst) this.#search(ud, vd, uc, vc, false, true, radius);
    // Seen from B the order of C and D is the other one.
    if (isTurned && isDFirst) this.#search(1 - uc, 1 - vc, 1 - ud, 1 - vd, true, false, radius);
    if (isTurned && isCFirst) this.#search(1 - ud, 1 - vd, 1 - uc, 1 - vc, true, true, radius);
  }

  #search(
    uc: number,
    vc: number,
    ud: number,
    vd: number,
    isTurned: boolean,
    isSwapped: boolean,
    radius: number,
  ): void {
    this.#isTurned = isTurned;
    this.#isSwapped = isSwapped;
    this.#code[0] = uc;
    this.#code[1] = vc;
    this.#code[2] = ud;
    this.#code[3] = vd;
    this.#file.searchCodes(this.#code, radius, this.#visit);
  }

  #take(quad: number): void {
    // Set by `find`, which is what searches.
    const hits = this.#hits!;
    const [stars, isTurned, isSwapped] = [this.#quad, this.#isTurned, this.#isSwapped];
    this.#file.quadStars(quad, stars);
    const to = STARS * hits.count++;
    hits.reserve(to, STARS);
    hits.stars[to] = stars[isTurned ? 1 : 0]!;
    hits.stars[to + 1] = stars[isTurned ? 0 : 1]!;
    hits.stars[to + 2] = stars[isSwapped ? 3 : 2]!;
    hits.stars[to + 3] = stars[isSwapped ? 2 : 3]!;
  }
}
