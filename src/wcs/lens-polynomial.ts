// biome-ignore-all lint/style/noNonNullAssertion: terms are counted by `terms`, which all arrays are as long as.
import { type Cholesky, cholesky } from './cholesky.js';
import { type Powers, powersUpTo, termsAt } from './polynomial.js';

/**
 * What lenses do before any star is seen: standard deviations of the coefficients, in half diagonals of the image. A lens bends the picture
 * along the radius much more than in any other way: r²·(u, v) and r⁴·(u, v) are expected by themselves, and all terms a little.
 */
const RADIAL = [0.06, 0.03, 0.015, 0.01] as const;
const TERM = [0, 0, 0.01, 0.006, 0.004, 0.003] as const;
/** Shift, scale and rotation are not known at all; this keeps the matrix regular. */
const UNKNOWN = 1e4;
const NOWHERE = [0, 0] as const;

/**
 * A mapping of the plane by a polynomial in two variables for each axis, fitted to pairs of points by least squares, with a prior that
 * expects what lenses do. Places are in half diagonals of the image, from its middle.
 */
export class LensPolynomial {
  readonly order: number;
  /** How many of the first terms are fitted; those of a known lens above them stay as they are. */
  readonly terms: number;
  /** Coefficients of the terms of `powers`, for each axis. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly powers: Powers;
  readonly #normal: Float64Array;
  readonly #precision: Float64Array;
  readonly #row: Float64Array;
  readonly #forward: Float64Array;
  readonly #other: Float64Array;
  readonly #known: LensPolynomial | undefined;
  #solver: Cholesky | undefined;
  #sigma = 1;

  /**
   * @param order of the polynomials that are fitted, 1 or more
   * @param flexibility how much more than usual a lens may bend
   * @param known a lens that what is fitted is added to; without one it is added to nothing
   */
  constructor(order: number, flexibility = 1, known?: LensPolynomial) {
    this.order = Math.max(order, known?.order ?? 0);
    this.#known = known;
    const fitted = powersUpTo(order);
    this.terms = fitted.length;
    this.powers = powersUpTo(this.order);
    this.x = new Float64Array(this.powers.length);
    this.y = new Float64Array(this.powers.length);
    this.#normal = new Float64Array(this.terms * this.terms);
    this.#precision = priorPrecision(fitted, order, flexibility);
    this.#row = new Float64Array(this.powers.length);
    this.#forward = new Float64Array(2 * this.terms);
    this.#other = new Float64Array(2 * this.terms);
  }

  /**
   * Says where points are and how well their images are known.
   * @param sigma of an image along one axis
   * @param weights of the points, 1 for one that is known so well
   * @returns whether they determine the polynomial
   */
  design(u: ArrayLike<number>, v: ArrayLike<number>, sigma: number, weights: ArrayLike<number>): boolean {
    const { terms } = this;
    const [normal, row] = [this.#normal.fill(0), this.#row];
    for (let i = 0; i < u.length; i++) {
      termsAt(this.powers, u[i]!, v[i]!, row);
      for (let j = 0; j < terms; j++) {
        const weighted = weights[i]! * row[j]!;
        for (let k = 0; k <= j; k++) normal[j * terms + k]! += weighted * row[k]!;
      }
    }
    const size = 2 * terms;
    const matrix = new Float64Array(size * size);
    for (let j = 0; j < size; j++) {
      for (let k = 0; k <= j; k++) {
        const data = j < terms || k >= terms ? normal[(j % terms) * terms + (k % terms)]! : 0;
        matrix[j * size + k] = data + sigma * sigma * this.#precision[j * size + k]!;
      }
    }
    this.#sigma = sigma;
    this.#solver = u.length < 3 ? undefined : cholesky(matrix, size);
    return this.#solver !== undefined;
  }

  /** Fits the images of the points that `design` was told of. */
  fit(
    u: ArrayLike<number>,
    v: ArrayLike<number>,
    imageX: ArrayLike<number>,
    imageY: ArrayLike<number>,
    weights: ArrayLike<number>,
  ): void {
    const { terms } = this;
    const [row, known] = [this.#row, this.#known];
    const sums = this.#forward.fill(0);
    for (let i = 0; i < u.length; i++) {
      termsAt(this.powers, u[i]!, v[i]!, row);
      const [knownX, knownY] = known ? known.at(u[i]!, v[i]!) : NOWHERE;
      const [x, y] = [weights[i]! * (imageX[i]! - knownX), weights[i]! * (imageY[i]! - knownY)];
      for (let j = 0; j < terms; j++) {
        sums[j]! += row[j]! * x;
        sums[terms + j]! += row[j]! * y;
      }
    }
    const solved = this.#solver?.solve(sums);
    if (!solved) return;
    for (let j = 0; j < this.powers.length; j++) {
      this.x[j] = (known?.x[j] ?? 0) + (j < terms ? solved[j]! : 0);
      this.y[j] = (known?.y[j] ?? 0) + (j < terms ? solved[terms + j]! : 0);
    }
  }

  /** The image of a point. */
  at(u: number, v: number): readonly [x: number, y: number] {
    const row = this.#row;
    termsAt(this.powers, u, v, row);
    let [x, y] = [0, 0];
    for (let j = 0; j < row.length; j++) {
      x += this.x[j]! * row[j]!;
      y += this.y[j]! * row[j]!;
    }
    return [x, y];
  }

  /** Standard deviation of the image of a point along the x axis (that along the other one is much the same), without that of a star's measurement. */
  deviation(u: number, v: number): number {
    return this.#sigma * Math.sqrt(this.leverage(u, v));
  }

  /** The share that a point of weight 1 has in its own image, along the x axis; 0 of a polynomial that was given. */
  leverage(u: number, v: number): number {
    if (!this.#solver) return 0;
    const row = this.#fittedTermsAt(u, v, this.#forward);
    this.#solver.forward(row);
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += row[j]! * row[j]!;
    return sum;
  }

  /**
   * Where the fit would put the image of one of its points had that point not taken part: how far that is from where it was seen.
   * @param e residual that it has now, along x, and `f` along y
   */
  leftOut(u: number, v: number, weight: number, e: number, f: number): number {
    return leftOut(this.#leverages(u, v), weight, e, f);
  }

  /** Upper triangle of the 2 × 2 matrix of the share of a point of weight 1 in its own image. */
  #leverages(u: number, v: number): readonly [xx: number, xy: number, yy: number] {
    const { terms } = this;
    const [a, b] = [this.#fittedTermsAt(u, v, this.#forward), this.#other.fill(0)];
    b.set(a.subarray(0, terms), terms);
    this.#solver?.forward(a);
    this.#solver?.forward(b, terms);
    let [xx, xy, yy] = [0, 0, 0];
    for (let j = 0; j < 2 * terms; j++) {
      xx += a[j]! * a[j]!;
      xy += a[j]! * b[j]!;
      yy += b[j]! * b[j]!;
    }
    return [xx, xy, yy];
  }

  /** The terms that are fitted at one point as those of the x axis, with nothing for the y axis. */
  #fittedTermsAt(u: number, v: number, into: Float64Array): Float64Array {
    termsAt(this.powers, u, v, this.#row);
    into.fill(0).set(this.#row.subarray(0, this.terms));
    return into;
  }
}

/**
 * The residual (e, f) of a point as it would be had the point not taken part: (I − H)⁻¹·(e, f), H being the point's share in its own image
 * (exact for linear least squares; Allen 1974).
 * @param share upper triangle of H for a weight of 1
 * @returns its length
 */
export function leftOut(
  share: readonly [xx: number, xy: number, yy: number],
  weight: number,
  e: number,
  f: number,
): number {
  const [xx, xy, yy] = [weight * share[0], weight * share[1], weight * share[2]];
  const determinant = (1 - xx) * (1 - yy) - xy * xy;
  if (!(determinant > 1e-9)) return Number.POSITIVE_INFINITY;
  return Math.hypot((1 - yy) * e + xy * f, xy * e + (1 - xx) * f) / determinant;
}

/** Inverse covariance of the coefficients of both axes: independent terms, and the radial ones that both axes share (Woodbury's identity). */
export function priorPrecision(powers: Powers, order: number, flexibility: number): Float64Array {
  const terms = powers.length;
  const size = 2 * terms;
  const precision = new Float64Array(size * size);
  const inverse = powers.map(([p, q]) => {
    const expected = p + q < 2 ? UNKNOWN : flexibility * TERM[Math.min(p + q, TERM.length - 1)]!;
    return 1 / (expected * expected);
  });
  for (let j = 0; j < size; j++) precision[j * size + j] = inverse[j % terms]!;
  for (let k = 1; 2 * k + 1 <= order; k++) {
    // r^2k·(u, v) in the terms of both axes.
    const shares = new Float64Array(size);
    powers.forEach(([p, q], term) => {
      if (p + q !== 2 * k + 1) return;
      if (p % 2 === 1 && q % 2 === 0) shares[term] = binomial(k, q / 2);
      if (q % 2 === 1 && p % 2 === 0) shares[terms + term] = binomial(k, p / 2);
    });
    const expected = flexibility * RADIAL[Math.min(k, RADIAL.length) - 1]!;
    const weighted = shares.map((share, j) => share * inverse[j % terms]!);
    const total = shares.reduce((sum, share, j) => sum + share * weighted[j]!, 1 / (expected * expected));
    for (let j = 0; j < size; j++)
      for (let i = 0; i < size; i++) precision[j * size + i]! -= (weighted[j]! * weighted[i]!) / total;
  }
  return precision;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}
