// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays, or from counts kept beside them.
import { type Cholesky, cholesky } from '../../wcs/cholesky.js';
import { LensPolynomial, priorPrecision } from '../../wcs/lens-polynomial.js';
import { termsAt } from '../../wcs/polynomial.js';
import type { Aim } from './aim.js';

/** One frame of several: its matched stars and where it points. */
export interface JointFrame {
  /** Places in half diagonals of the picture from its middle. */
  u: Float64Array;
  v: Float64Array;
  /** Unit vectors of the stars, three elements each. */
  vectors: Float64Array;
  /** How much each star counts; 0 where it was found to be another. */
  weights: Float64Array;
  aim: Aim;
}

/** Numbers of a frame: three small turns. */
const TURNS = 3;
/** What holds the middle and the rotation of the lens where they are: the frames' turns stand for both. */
const TIED = 1e9;
const CONVERGED = 1e-9;
const MOST_STEPS = 8;

/** What the normal equations keep of one frame. */
interface FramePart {
  solver: Cholesky;
  /** Turns by coefficients. */
  coupling: Float64Array;
  sums: Float64Array;
}

/**
 * One lens through which several frames were taken, each pointing where it likes: least squares of the distances between where the lens puts the stars
 * of the frames and where the sky has them, by Gauss's and Newton's method; the frames' turns are eliminated from the normal equations (Schur
 * complement), so that many frames cost little more than one. Lengths are in half diagonals.
 */
export class JointFit {
  readonly lens: LensPolynomial;
  readonly frames: readonly JointFrame[];
  readonly #focal: number;
  readonly #precision: Float64Array;
  readonly #size: number;
  #parts: FramePart[] = [];
  #solver: Cholesky | undefined;
  #sigma = 1;

  /** @param focal length that the lens is reckoned from, half diagonals: pixels of the plane are of this scale */
  constructor(frames: readonly JointFrame[], focal: number, order: number) {
    this.frames = frames;
    this.#focal = focal;
    this.lens = new LensPolynomial(Math.max(1, order));
    const { terms, powers } = this.lens;
    this.#size = 2 * terms;
    this.#precision = priorPrecision(powers, this.lens.order, 1);
    this.lens.x[1] = 1;
    this.lens.y[2] = 1;
  }

  /**
   * Fits lens and turns.
   * @param sigma of a star's place along one axis
   * @returns whether the stars determine them
   */
  solve(sigma: number): boolean {
    this.#sigma = sigma;
    for (let step = 0; step < MOST_STEPS; step++) {
      const change = this.#step();
      if (change === undefined) return false;
      if (change < CONVERGED) break;
    }
    return true;
  }

  /** How far the lens puts a star from where the sky has it. */
  residual({ u, v, vectors, aim }: JointFrame, star: number): readonly [x: number, y: number] {
    const [x, y] = this.lens.at(u[star]!, v[star]!);
    const [px, py] = aim.project(vectors, star);
    return [x - this.#focal * px, y - this.#focal * py];
  }

  /** The share that a star of weight 1 has in its own place: upper triangle of a 2 × 2 matrix. */
  share(number: number, star: number): [xx: number, xy: number, yy: number] {
    const part = this.#parts[number]!;
    const frame = this.frames[number]!;
    const { a, b, turnA, turnB } = this.#rows(frame, star);
    const [ownA, ownB] = [this.#eliminated(part, a, turnA), this.#eliminated(part, b, turnB)];
    part.solver.forward(turnA);
    part.solver.forward(turnB);
    this.#solver?.forward(ownA);
    this.#solver?.forward(ownB);
    return [
      product(ownA, ownA) + product(turnA, turnA),
      product(ownA, ownB) + product(turnA, turnB),
      product(ownB, ownB) + product(turnB, turnB),
    ];
  }

  /** Standard deviation of the image of a pixel along one axis, the larger of both. */
  deviation(u: number, v: number): number {
    const { terms, powers } = this.lens;
    const deviations = [0, terms].map((at) => {
      const row = new Float64Array(this.#size);
      termsAt(powers, u, v, row, at);
      this.#solver?.forward(row, 0);
      return this.#sigma * Math.sqrt(product(row, row));
    });
    return Math.max(...deviations);
  }

  /** One step of Gauss's and Newton's method; the largest change, or undefined where the stars determine nothing. */
  #step(): number | undefined {
    const size = this.#size;
    const { terms } = this.lens;
    const matrix = this.#precision.map((value) => this.#sigma ** 2 * value);
    // Shift and rotation of the lens are those of the frames: x and y are tied at the middle, and y along the row.
    for (const tied of [0, terms, terms + 1]) matrix[tied * size + tied]! += TIED;
    const sums = new Float64Array(size);
    this.#parts = [];
    for (const frame of this.frames) {
      const part = this.#add(frame, matrix, sums);
      if (!part) return undefined;
      this.#parts.push(part);
    }
    this.#solver = cholesky(matrix, size);
    const found = this.#solver?.solve(sums);
    if (!found?.every(Number.isFinite)) return undefined;
    let most = 0;
    for (let j = 0; j < terms; j++) {
      most = Math.max(
        most,
        Math.abs(found[j]! - this.lens.x[j]!),
        Math.abs(found[terms + j]! - this.lens.y[j]!),
      );
      this.lens.x[j] = found[j]!;
      this.lens.y[j] = found[terms + j]!;
    }
    this.frames.forEach(({ aim }, number) => {
      const { solver, coupling, sums: own } = this.#parts[number]!;
      const right = own.map((sum, i) => sum - product(coupling.subarray(i * size, (i + 1) * size), found));
      const turns = solver.solve(right);
      most = Math.max(most, ...turns.map(Math.abs));
      aim.turn(turns[0]!, turns[1]!, turns[2]!);
    });
    return most;
  }

  /** Adds a frame to the normal equations of the lens, its turns eliminated. */
  #add(frame: JointFrame, matrix: Float64Array, sums: Float64Array): FramePart | undefined {
    const size = this.#size;
    const { terms } = this.lens;
    const own = new Float64Array(TURNS * TURNS);
    const coupling = new Float64Array(TURNS * size);
    const ownSums = new Float64Array(TURNS);
    for (let star = 0; star < frame.u.length; star++) {
      const weight = frame.weights[star]!;
      if (weight === 0) continue;
      const { a, b, turnA, turnB, px, py } = this.#rows(frame, star);
      for (const [from, row, turns, value] of [
        [0, a, turnA, px],
        [terms, b, turnB, py],
      ] as const) {
        for (let j = from; j < from + terms; j++) {
          const weighted = weight * row[j]!;
          for (let k = from; k <= j; k++) matrix[j * size + k]! += weighted * row[k]!;
          for (let i = 0; i < TURNS; i++) coupling[i * size + j]! += weighted * turns[i]!;
          sums[j]! += weighted * value;
        }
        for (let i = 0; i < TURNS; i++) {
          for (let k = 0; k <= i; k++) own[i * TURNS + k]! += weight * turns[i]! * turns[k]!;
          ownSums[i]! += weight * turns[i]! * value;
        }
      }
    }
    const solver = cholesky(own, TURNS);
    if (!solver) return undefined;
    const column = (j: number) => Float64Array.from({ length: TURNS }, (_, i) => coupling[i * size + j]!);
    const solvedSums = solver.solve(ownSums);
    for (let j = 0; j < size; j++) {
      const solved = solver.solve(column(j));
      for (let k = 0; k <= j; k++) {
        for (let i = 0; i < TURNS; i++) matrix[j * size + k]! -= solved[i]! * coupling[i * size + k]!;
      }
      for (let i = 0; i < TURNS; i++) sums[j]! -= coupling[i * size + j]! * solvedSums[i]!;
    }
    return { solver, coupling, sums: ownSums };
  }

  /** A row less what the frame's turns take of it. */
  #eliminated({ solver, coupling }: FramePart, row: Float64Array, turns: Float64Array): Float64Array {
    const size = this.#size;
    const solved = solver.solve(turns);
    return row.map((value, j) => {
      let taken = 0;
      for (let i = 0; i < TURNS; i++) taken += solved[i]! * coupling[i * size + j]!;
      return value - taken;
    });
  }

  /** Rows of the equations of a star along x (a) and y (b): by the coefficients and by the turns; and what they shall be. */
  #rows({ u, v, vectors, aim }: JointFrame, star: number) {
    const { terms, powers } = this.lens;
    const [a, b] = [new Float64Array(this.#size), new Float64Array(this.#size)];
    termsAt(powers, u[star]!, v[star]!, a);
    b.set(a.subarray(0, terms), terms);
    const focal = this.#focal;
    const [px, py] = aim.project(vectors, star);
    const [x, y] = [px, aim.parity * py];
    // The direction (x, y, 1) moves by turn × direction; what is sought stands on the side of the unknowns.
    const turnA = Float64Array.of(focal * x * y, -focal * (1 + x * x), focal * y);
    const turnB = Float64Array.of(
      aim.parity * focal * (1 + y * y),
      -aim.parity * focal * x * y,
      -aim.parity * focal * x,
    );
    return { a, b, turnA, turnB, px: focal * px, py: focal * py };
  }
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
