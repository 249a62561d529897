// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/** Terms of a cubic polynomial in two variables. */
const TERMS = 10;
/** Prior standard deviations of the coefficients, in half diagonals of the image: shift, linear, quadratic, cubic. */
const PRIOR = [0.02, 0.03, 0.01, 0.01] as const;
const DEGREE = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3] as const;

/**
 * How a lens, and an aim by two stars only, displace an image: a cubic polynomial of the place, fitted to pairs of predicted and found
 * places by least squares with a prior that expects little. The posterior tells how well the place of any star is known.
 */
export class Bending {
  /** Numbers of the fit that the data determined, along one axis; the others come from the prior. */
  determined = 0;
  readonly #normal = new Float64Array(TERMS * TERMS);
  readonly #lower = new Float64Array(TERMS * TERMS);
  readonly #x = new Float64Array(TERMS);
  readonly #y = new Float64Array(TERMS);
  readonly #terms = new Float64Array(TERMS);
  readonly #scratch = new Float64Array(TERMS);
  readonly #prior = new Float64Array(TERMS);
  readonly #half: number;
  readonly #widening: number;
  #sigma2 = 1;
  /** What `at` found last: displacement and its variance along one axis, pixels. */
  dx = 0;
  dy = 0;
  variance = 0;

  /**
   * @param half diagonal of the image, pixels
   * @param widening how much more than the prior's usual bending is expected
   */
  constructor(half: number, widening: number) {
    this.#half = half;
    this.#widening = widening;
  }

  /** Begins a fit to places that are known to `sigma` pixels along one axis. */
  begin(sigma: number): void {
    this.#sigma2 = sigma * sigma;
    this.#normal.fill(0);
    this.#x.fill(0);
    this.#y.fill(0);
    for (let term = 0; term < TERMS; term++) {
      const expected = PRIOR[DEGREE[term]!]! * this.#half * (DEGREE[term]! > 1 ? this.#widening : 1);
      this.#prior[term] = this.#sigma2 / (expected * expected);
    }
  }

  /** Adds a pair: at (u, v), in half diagonals from the middle, an image is displaced by (dx, dy) pixels. */
  add(u: number, v: number, dx: number, dy: number): void {
    const terms = this.#termsAt(u, v);
    for (let i = 0; i < TERMS; i++) {
      for (let j = 0; j <= i; j++) this.#normal[i * TERMS + j]! += terms[i]! * terms[j]!;
      this.#x[i]! += terms[i]! * dx;
      this.#y[i]! += terms[i]! * dy;
    }
  }

  /** Ends a fit. */
  solve(): void {
    const [lower, normal, prior] = [this.#lower, this.#normal, this.#prior];
    for (let i = 0; i < TERMS; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = normal[i * TERMS + j]! + (i === j ? prior[i]! : 0);
        for (let k = 0; k < j; k++) sum -= lower[i * TERMS + k]! * lower[j * TERMS + k]!;
        // The prior keeps the matrix positive definite.
        lower[i * TERMS + j] = i === j ? Math.sqrt(sum) : sum / lower[j * TERMS + j]!;
      }
    }
    this.#back(this.#x);
    this.#back(this.#y);
    // The trace of N·(N + prior)⁻¹ is the number of terms less that of prior·(N + prior)⁻¹.
    let free = TERMS;
    for (let term = 0; term < TERMS; term++) {
      this.#scratch.fill(0);
      this.#scratch[term] = 1;
      free -= prior[term]! * this.#forwardSquare();
    }
    this.determined = free;
  }

  /** The displacement at a place and its variance, without that of the star's own measurement. */
  at(u: number, v: number): void {
    const terms = this.#termsAt(u, v);
    let [dx, dy] = [0, 0];
    for (let i = 0; i < TERMS; i++) {
      dx += this.#x[i]! * terms[i]!;
      dy += this.#y[i]! * terms[i]!;
      this.#scratch[i] = terms[i]!;
    }
    this.dx = dx;
    this.dy = dy;
    this.variance = this.#sigma2 * this.#forwardSquare();
  }

  /** The linear part: d(x)/du, d(x)/dv, d(y)/du, d(y)/dv in pixels for each half diagonal. */
  linear(): readonly [number, number, number, number] {
    return [this.#x[1]!, this.#x[2]!, this.#y[1]!, this.#y[2]!];
  }

  #termsAt(u: number, v: number): Float64Array {
    const terms = this.#terms;
    terms[0] = 1;
    terms[1] = u;
    terms[2] = v;
    terms[3] = u * u;
    terms[4] = u * v;
    terms[5] = v * v;
    terms[6] = u * u * u;
    terms[7] = u * u * v;
    terms[8] = u * v * v;
    terms[9] = v * v * v;
    return terms;
  }

  /** Solves L·Lᵀ·b = b in place. */
  #back(b: Float64Array): void {
    const lower = this.#lower;
    for (let i = 0; i < TERMS; i++) {
      for (let k = 0; k < i; k++) b[i]! -= lower[i * TERMS + k]! * b[k]!;
      b[i]! /= lower[i * TERMS + i]!;
    }
    for (let i = TERMS - 1; i >= 0; i--) {
      for (let k = i + 1; k < TERMS; k++) b[i]! -= lower[k * TERMS + i]! * b[k]!;
      b[i]! /= lower[i * TERMS + i]!;
    }
  }

  /** |L⁻¹·s|² for s in the scratch. */
  #forwardSquare(): number {
    const [lower, s] = [this.#lower, this.#scratch];
    let sum = 0;
    for (let i = 0; i < TERMS; i++) {
      for (let k = 0; k < i; k++) s[i]! -= lower[i * TERMS + k]! * s[k]!;
      s[i]! /= lower[i * TERMS + i]!;
      sum += s[i]! * s[i]!;
    }
    return sum;
  }
}
