// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { GrownMatch } from '../evidence.js';
import type { Field } from '../field.js';
import type { StarIndex } from '../star-index.js';
import { StarMatches } from '../star-matches.js';
import type { Lens } from './lens.js';
import { LensFit, type LensPairs } from './lens-fit.js';

/** Stars of the catalogue that are looked for in the image. */
const MAX_REFERENCES = 700;
/** For each star of the image so many of the catalogue's. */
const REFERENCES_A_STAR = 2;
const MAX_ROUNDS = 24;
/** A growth with fewer stars after so many rounds is given up. */
const EARLY_ROUND = 3;
const EARLY_MATCHED = 7;
const LEAST_SIGMA_PX = 0.4;
/** The furthest from the axis that stars are looked for, radians. */
const MAX_ANGLE = 1.75;
const MOST_QUAD_STARS = 5;
const NONE = -1;
const SIZE = MAX_REFERENCES + MOST_QUAD_STARS;

/** A quad of the image that may be one of the catalogue: where a growth begins. */
export interface LensSeed {
  index: StarIndex;
  /** Numbers of its stars in the field and in the index. */
  members: ArrayLike<number>;
  stars: ArrayLike<number>;
  /** What the quad and its neighbourhood suggest. */
  lens: Lens;
  /** Whether other images have shown that lens. */
  isKnown: boolean;
}

/**
 * Grows the match of a patch over the whole image: fits the lens to the matched stars, matches as many as the fit's own uncertainty
 * allows, and fits again, until they are the same ones.
 */
export class LensGrowth implements GrownMatch {
  readonly field: Field;
  readonly fit = new LensFit();
  quadStars = 4;
  references = 0;
  readonly stars = new Int32Array(SIZE);
  readonly x = new Float64Array(SIZE);
  readonly y = new Float64Array(SIZE);
  readonly variance = new Float64Array(SIZE);
  /** Angle from the axis, radians. */
  readonly angle = new Float64Array(SIZE);
  readonly match: Int32Array;
  sigma = 1;
  /** A lens model has no shear. */
  readonly stretch = 1;
  readonly #directions = new Float64Array(3 * SIZE);
  readonly #pairs: LensPairs;
  readonly #matches: StarMatches;
  readonly #found = new Int32Array(MAX_REFERENCES);
  readonly #vector = new Float64Array(3);

  constructor(field: Field) {
    this.field = field;
    this.#matches = new StarMatches(field, SIZE);
    this.match = this.#matches.stars;
    this.#pairs = {
      count: 0,
      directions: new Float64Array(3 * SIZE),
      x: new Float64Array(SIZE),
      y: new Float64Array(SIZE),
    };
  }

  get matched(): number {
    return this.#matches.count;
  }

  get determined(): number {
    return this.fit.determined / 2;
  }

  get lens(): Lens {
    return this.fit.lens;
  }

  /** Grows a match; the result is in the fields of this object. Returns false when it was given up. */
  from(seed: LensSeed, sigma_px: number): boolean {
    const { width, height } = this.field;
    this.sigma = sigma_px;
    this.fit.begin(seed.lens, Math.min(width, height), seed.isKnown);
    this.#putQuad(seed);
    if (!this.#solve()) return false;
    this.#putOthers(seed.index);
    let before = 0;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const signature = this.#rematch();
      if (signature === before) break;
      before = signature;
      if (round >= EARLY_ROUND && this.matched < EARLY_MATCHED) return false;
      if (this.matched < this.quadStars || !this.#solve()) return false;
    }
    return true;
  }

  #putQuad({ index, members, stars }: LensSeed): void {
    this.references = 0;
    this.quadStars = members.length;
    for (let m = 0; m < this.quadStars; m++) this.#put(index, stars[m]!);
    this.#matches.beginWith(members, this.references);
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
      for (let m = 0; m < this.quadStars; m++) isQuad ||= this.stars[m] === star;
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
    this.#matches.begin();
    for (let i = 0; i < this.references; i++) {
      const variance =
        this.sigma ** 2 +
        fit.variance(this.#directions[3 * i]!, this.#directions[3 * i + 1]!, this.#directions[3 * i + 2]!);
      const { x, y, angle } = fit.lens;
      this.angle[i] = angle;
      this.variance[i] = variance;
      this.x[i] = !Number.isNaN(variance) && angle < MAX_ANGLE && field.has(x, y) ? x : Number.NaN;
      this.y[i] = y;
      this.#matches.seek(i, this.x[i]!, y, variance);
    }
    const signature = this.#matches.end(this.references);
    if (this.matched > this.quadStars)
      this.sigma = this.#matches.deviation(fit.determined / 2, LEAST_SIGMA_PX);
    return signature;
  }
}
