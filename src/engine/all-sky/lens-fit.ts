// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { type Cholesky, cholesky, inverseForm } from '../../wcs/cholesky.js';
import { LENS_NUMBERS, Lens } from './lens.js';

/** Radians; whatever the direction. */
const TURN_SIGMA = 1;
/** Of the logarithm of the focal length, about what the first quad says. */
const FOCAL_SIGMA = 0.12;
/** Of each coordinate of the principal point, shorter sides of the image. */
const PRINCIPAL_SIGMA = 0.04;
/** Radius terms of the classical projections lie between −1/6 (orthographic) and 1/12 (stereographic), −0.006 and 1/120, ±0.001. */
const BEND_MEAN = [-0.03, 0, 0] as const;
const BEND_SIGMA = [0.07, 0.015, 0.002] as const;
/** The same of a lens that other images have shown. */
const KNOWN = { focal: 2e-3, principal: 2e-3, bend: [4e-3, 1e-3, 2e-4] } as const;
const MAX_STEPS = 6;
/** Of the chi square; the fit has settled below it. */
const SETTLED = 1e-3;

/** Stars by their direction and their pixels. */
export interface LensPairs {
  count: number;
  /** x, y, z one after another. */
  directions: Float64Array;
  x: Float64Array;
  y: Float64Array;
}

/** Some of the pairs, by their number. */
export function pairsWhere({ count, directions, x, y }: LensPairs, isIn: (i: number) => boolean): LensPairs {
  const kept = Array.from({ length: count }, (_, i) => i).filter(isIn);
  return {
    count: kept.length,
    directions: Float64Array.from(kept.flatMap((i) => [...directions.subarray(3 * i, 3 * i + 3)])),
    x: Float64Array.from(kept, (i) => x[i]!),
    y: Float64Array.from(kept, (i) => y[i]!),
  };
}

/**
 * Fits a lens to pairs of stars by least squares with a prior that knows how fisheye lenses are made. The posterior says how well the
 * place of any other star is known, near the pairs and far from them.
 */
export class LensFit {
  readonly lens = new Lens();
  /** Numbers that the data determined; the others come from the prior. */
  determined = 0;
  readonly #mean = new Lens();
  readonly #sigma = new Float64Array(LENS_NUMBERS);
  readonly #normal = new Float64Array(LENS_NUMBERS * LENS_NUMBERS);
  readonly #gradient = new Float64Array(LENS_NUMBERS);
  readonly #rowX = new Float64Array(LENS_NUMBERS);
  readonly #rowY = new Float64Array(LENS_NUMBERS);
  #solver: Cholesky | undefined;

  /**
   * @param start of the fit, and what is expected of the principal point and the focal length
   * @param shorter side of the image, pixels
   * @param isKnown whether the lens is one that other images have shown, and only where it looks is open
   */
  begin(start: Lens, shorter: number, isKnown: boolean): void {
    this.lens.set(start);
    this.#mean.set(start);
    if (!isKnown) this.#mean.bend.set(BEND_MEAN);
    this.#sigma.fill(TURN_SIGMA, 0, 3);
    this.#sigma[3] = isKnown ? KNOWN.focal : FOCAL_SIGMA;
    this.#sigma.fill((isKnown ? KNOWN.principal : PRINCIPAL_SIGMA) * shorter, 4, 6);
    this.#sigma.set(isKnown ? KNOWN.bend : BEND_SIGMA, 6);
  }

  /**
   * Gauss–Newton from the last lens on.
   * @param sigma_px of a measured star along one axis
   * @returns false when it leads nowhere
   */
  solve(pairs: LensPairs, sigma_px: number): boolean {
    let before = Number.POSITIVE_INFINITY;
    for (let step = 0; step < MAX_STEPS; step++) {
      const chi2 = this.#assemble(pairs, sigma_px);
      if (!Number.isFinite(chi2)) return false;
      this.#solver = cholesky(this.#normal, LENS_NUMBERS);
      if (!this.#solver) return false;
      if (Math.abs(before - chi2) < SETTLED * (1 + chi2)) break;
      before = chi2;
      this.lens.step(this.#solver.solve(this.#gradient));
    }
    this.#countDetermined();
    return true;
  }

  /** Where a direction falls, into `lens`, and the variance of that along one axis, square pixels; NaN where the lens sees nothing. */
  variance(vx: number, vy: number, vz: number): number {
    const { lens } = this;
    if (!this.#solver || !lens.project(vx, vy, vz)) return Number.NaN;
    lens.derivatives(vx, vy, vz, this.#rowX, this.#rowY);
    return (inverseForm(this.#solver, this.#rowX) + inverseForm(this.#solver, this.#rowY)) / 2;
  }

  /** Normal equations about the last lens; returns the chi square. */
  #assemble({ count, directions, x, y }: LensPairs, sigma_px: number): number {
    const normal = this.#normal.fill(0);
    const gradient = this.#gradient.fill(0);
    const { lens } = this;
    const [rowX, rowY] = [this.#rowX, this.#rowY];
    const weight = 1 / sigma_px ** 2;
    let chi2 = 0;
    for (let i = 0; i < count; i++) {
      const [vx, vy, vz] = [directions[3 * i]!, directions[3 * i + 1]!, directions[3 * i + 2]!];
      if (!lens.project(vx, vy, vz)) return Number.NaN;
      const [dx, dy] = [x[i]! - lens.x, y[i]! - lens.y];
      chi2 += weight * (dx * dx + dy * dy);
      lens.derivatives(vx, vy, vz, rowX, rowY);
      for (let j = 0; j < LENS_NUMBERS; j++) {
        gradient[j]! += weight * (rowX[j]! * dx + rowY[j]! * dy);
        for (let k = 0; k <= j; k++)
          normal[j * LENS_NUMBERS + k]! += weight * (rowX[j]! * rowX[k]! + rowY[j]! * rowY[k]!);
      }
    }
    const mean = this.#mean;
    const away = [
      0,
      0,
      0,
      Math.log(mean.focal / lens.focal),
      mean.cx - lens.cx,
      mean.cy - lens.cy,
      mean.bend[0]! - lens.bend[0]!,
      mean.bend[1]! - lens.bend[1]!,
      mean.bend[2]! - lens.bend[2]!,
    ];
    for (let j = 0; j < LENS_NUMBERS; j++) {
      const stiffness = 1 / this.#sigma[j]! ** 2;
      normal[j * LENS_NUMBERS + j]! += stiffness;
      gradient[j]! += stiffness * away[j]!;
      chi2 += stiffness * away[j]! ** 2;
    }
    return chi2;
  }

  #countDetermined(): void {
    const solver = this.#solver!; // Called by `solve` when there is one.
    const unit = new Float64Array(LENS_NUMBERS);
    this.determined = 0;
    for (let j = 0; j < LENS_NUMBERS; j++) {
      unit.fill(0)[j] = 1;
      this.determined += Math.max(0, 1 - inverseForm(solver, unit) / this.#sigma[j]! ** 2);
    }
  }
}
