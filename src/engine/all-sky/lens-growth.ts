// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Field } from '../field.js';
import { MAX_SIGMAS } from '../local-check.js';
import type { StarIndex } from '../star-index.js';
import type { Lens } from './lens.js';
import { LensFit, type LensPairs } from './lens-fit.js';

/** Stars of the catalogue that are looked for in the image. */
const MAX_REFERENCES = 700;
/** For each star of the image so many of the catalogue's. */
const REFERENCES_A_STAR = 2;
/** No star is looked for so far away that this many others would lie there by chance. */
const MAX_CHANCE = 0.1;
const MAX_ROUNDS = 24;
/** A growth with fewer stars after so many rounds is given up. */
const EARLY_ROUND = 3;
const EARLY_MATCHED = 7;
/** Median distance of a two-dimensional Gaussian in standard deviations along one axis. */
const MEDIAN_DISTANCE = Math.sqrt(2 * Math.LN2);
const LEAST_SIGMA_PX = 0.4;
/** The furthest from the axis that stars are looked for, radians. */
const MAX_ANGLE = 1.75;
const QUAD_STARS = 4;
const NONE = -1;
const SIZE = MAX_REFERENCES + QUAD_STARS;

/** A quad of the image that may be one of the catalogue: where a growth begins. */
export interface LensSeed {
  index: StarIndex;
  /** Numbers of the four stars in the field and in the index. */
  members: ArrayLike<number>;
  stars: ArrayLike<number>;
  /** What the quad and its neighbourhood suggest. */
  lens: Lens;
}

/**
 * Grows the match of a patch over the whole image: fits the lens to the matched stars, matches as many as the fit's own uncertainty
 * allows, and fits again, until they are the same ones.
 */
export class LensGrowth {
  readonly field: Field;
  readonly fit = new LensFit();
  /** Stars of the catalogue: the quad's four, then the others by falling brightness. */
  references = 0;
  readonly stars = new Int32Array(SIZE);
  /** Where they are predicted, and the variance of that along one axis, pixels; x is NaN outside the image. */
  readonly x = new Float64Array(SIZE);
  readonly y = new Float64Array(SIZE);
  readonly variance = new Float64Array(SIZE);
  /** Angle from the axis, radians. */
  readonly angle = new Float64Array(SIZE);
  /** The star of the image that each is, or −1. */
  readonly match = new Int32Array(SIZE);
  matched = 0;
  /** Standard deviation of a star's place along one axis, pixels. */
  sigma = 1;
  readonly #directions = new Float64Array(3 * SIZE);
  readonly #pairs: LensPairs;
  readonly #owner: Int32Array;
  readonly #distance: Float64Array;
  readonly #distances = new Float64Array(SIZE);
  readonly #found = new Int32Array(MAX_REFERENCES);
  readonly #vector = new Float64Array(3);

  constructor(field: Field) {
    this.field = field;
    this.#owner = new Int32Array(field.count);
    this.#distance = new Float64Array(field.count);
    this.#pairs = {
      count: 0,
      directions: new Float64Array(3 * SIZE),
      x: new Float64Array(SIZE),
      y: new Float64Array(SIZE),
    };
  }

  get lens(): Lens {
    return this.fit.lens;
  }

  /** Grows a match; the result is in the fields of this object. Returns false when it was given up. */
  from(seed: LensSeed, sigma_px: number): boolean {
    const { width, height } = this.field;
    this.sigma = sigma_px;
    this.fit.begin(seed.lens, Math.min(width, height));
    this.#putQuad(seed);
    if (!this.#solve()) return false;
    this.#putOthers(seed.index);
    let before = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const signature = this.#rematch();
      if (signature === before) break;
      before = signature;
      if (round >= EARLY_ROUND && this.matched < EARLY_MATCHED) return false;
      if (this.matched < QUAD_STARS || !this.#solve()) return false;
    }
    return true;
  }

  #putQuad({ index, members, stars }: LensSeed): void {
    this.references = 0;
    this.matched = QUAD_STARS;
    for (let m = 0; m < QUAD_STARS; m++) {
      this.#put(index, stars[m]!);
      this.match[m] = members[m]!;
    }
  }

  #put(index: StarIndex, star: number): void {
    const at = this.references++;
    index.direction(star, this.#vector, 0);
    this.#directions.set(this.#vector, 3 * at);
    this.stars[at] = star;
    this.match[at] = NONE;
  }

  #putOthers(index: StarIndex): void {
    const { r } = this.lens;
    const limit = Math.min(MAX_REFERENCES, REFERENCES_A_STAR * this.field.count);
    const found = index.brightest(r[6]!, r[7]!, r[8]!, MAX_ANGLE, limit, this.#found);
    for (let i = 0; i < found; i++) {
      const star = this.#found[i]!;
      let isQuad = false;
      for (let m = 0; m < QUAD_STARS; m++) isQuad ||= this.stars[m] === star;
      if (!isQuad) this.#put(index, star);
    }
  }

  #solve(): boolean {
    const pairs = this.#pairs;
    pairs.count = 0;
    for (let i = 0; i < this.references; i++) {
      const star = this.match[i]!;
      if (star === NONE) continue;
      const at = pairs.count++;
      for (let axis = 0; axis < 3; axis++) pairs.directions[3 * at + axis] = this.#directions[3 * i + axis]!;
      pairs.x[at] = this.field.x[star]!;
      pairs.y[at] = this.field.y[star]!;
    }
    return this.fit.solve(pairs, this.sigma);
  }

  /** Matches anew, and tells from a number whether the matches are the same as before. */
  #rematch(): number {
    const { field, fit } = this;
    const farthest2 = (MAX_CHANCE * field.width * field.height) / (Math.PI * field.count);
    this.#owner.fill(NONE);
    for (let i = 0; i < this.references; i++) {
      this.match[i] = NONE;
      const variance =
        this.sigma ** 2 +
        fit.variance(this.#directions[3 * i]!, this.#directions[3 * i + 1]!, this.#directions[3 * i + 2]!);
      const { x, y, angle } = fit.lens;
      this.angle[i] = angle;
      this.variance[i] = variance;
      this.x[i] = !Number.isNaN(variance) && angle < MAX_ANGLE && field.has(x, y) ? x : Number.NaN;
      this.y[i] = y;
      const reach2 = MAX_SIGMAS ** 2 * variance;
      if (Number.isNaN(this.x[i]!) || reach2 > farthest2) continue;
      const star = field.nearest(x, y, Math.sqrt(reach2));
      if (star < 0) continue;
      const distance = Math.hypot(field.x[star]! - x, field.y[star]! - y);
      const owner = this.#owner[star]!;
      if (owner !== NONE && this.#distance[star]! <= distance) continue;
      if (owner !== NONE) this.match[owner] = NONE;
      this.match[i] = star;
      this.#owner[star] = i;
      this.#distance[star] = distance;
    }
    let signature = 0;
    this.matched = 0;
    for (let i = 0; i < this.references; i++) {
      const star = this.match[i]!;
      if (star === NONE) continue;
      this.#distances[this.matched++] = this.#distance[star]!;
      signature = (Math.imul(signature, 31) + Math.imul(i + 1, 7919) + star) | 0;
    }
    this.#measureSigma(farthest2);
    return signature;
  }

  #measureSigma(farthest2: number): void {
    if (this.matched <= QUAD_STARS) return;
    const sorted = this.#distances.subarray(0, this.matched).sort();
    const median = sorted[this.matched >> 1]! / MEDIAN_DISTANCE;
    const freedom = Math.sqrt(this.matched / Math.max(1, this.matched - this.fit.determined / 2));
    const most = Math.sqrt(farthest2) / (2 * MAX_SIGMAS);
    this.sigma = Math.min(most, Math.max(LEAST_SIGMA_PX, median * Math.min(2, freedom)));
  }
}
