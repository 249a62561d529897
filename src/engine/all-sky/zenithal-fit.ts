// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { type Cholesky, cholesky, inverseForm } from '../../wcs/cholesky.js';
import type { LensPairs } from './lens-fit.js';
import { FREE_AT, freeTerms, MODEL_NUMBERS, MOST_RADIAL, TERMS_AT } from './model-terms.js';
import type { ZenithalModel } from './zenithal-model.js';

/** Which terms a fit may use. */
export interface ModelTerms {
  /** Radial ones, 0 to 3. */
  radial: number;
  /** Degree of the free polynomials and of the shear that comes with them, 2 to 5; 0 for none. */
  free: number;
  /**
   * How turns, focal length and principal point may move: `free`; `near`, where other images have shown the lens, so that the latter two hardly do;
   * `turns`, only they. @default 'free'
   */
  pose?: 'free' | 'near' | 'turns';
}

/** Standard deviations of the numbers before any star is seen: turns (radians), ln of the focal length, principal point (half sides). */
type PosePrior = readonly [number, number, number, number, number, number];
const POSE_PRIOR: PosePrior = [1, 1, 1, 1, 0.05, 0.05];
/** Of a lens that other images have shown: focus and temperature move it by so little. */
const NEAR_POSE: PosePrior = [1, 1, 1, 5e-4, 1e-3, 1e-3];
const RADIAL_PRIOR = [0.5, 0.3, 0.2] as const;
const SHEAR_PRIOR = 0.005;
const FREE_PRIOR = 0.01;
/** Steps by which derivatives are taken, small against what a pixel sees: of the principal point pixels. */
const DIFFERENCE = 1e-6;
const PIXEL_DIFFERENCE = 1e-2;
const MAX_STEPS = 8;
const SETTLED_PX = 1e-4;

export interface FittedModel {
  model: ZenithalModel;
  /** Root mean square of the misfits, pixels. */
  rms_px: number;
  /** How well the model knows a place: standard deviation along one axis, pixels. */
  uncertainty(vx: number, vy: number, vz: number, x: number, y: number): number;
}

/**
 * Fits a model to pairs of stars by least squares (Gauss–Newton) from `start` on; terms that it may not use stay as they are in `start`.
 * Undefined when it leads nowhere.
 */
export function fitModel(
  start: ZenithalModel,
  { count, directions, x, y }: LensPairs,
  terms: ModelTerms,
  sigma_px: number,
  steps = MAX_STEPS,
): FittedModel | undefined {
  const free = freeNumbers(terms);
  const size = free.length;
  // Derivatives by the free polynomials are known; the others are taken by differences.
  const differenced = size - freeTerms(terms.free);
  const model = start.copy();
  const [here, moved] = [new Float64Array(2), new Float64Array(2)];
  const [rowX, rowY] = [new Float64Array(size), new Float64Array(size)];
  const change = new Float64Array(MODEL_NUMBERS);
  const weight = 1 / sigma_px ** 2;
  const probe = (at: number) => {
    const shifted = model.copy();
    change.fill(0)[at] = differenceOf(at);
    shifted.step(change);
    return shifted;
  };
  const derive = (
    probes: readonly ZenithalModel[],
    vx: number,
    vy: number,
    vz: number,
    px: number,
    py: number,
  ) => {
    model.misfit(vx, vy, vz, px, py, here, 0);
    for (let j = 0; j < differenced; j++) {
      probes[j]!.misfit(vx, vy, vz, px, py, moved, 0);
      rowX[j] = (moved[0]! - here[0]!) / differenceOf(free[j]!);
      rowY[j] = (moved[1]! - here[1]!) / differenceOf(free[j]!);
    }
    model.freeDerivatives(px, py, rowX, rowY, differenced, size - differenced);
  };
  let solver: Cholesky | undefined;
  let probes: ZenithalModel[] = [];
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    probes = free.slice(0, differenced).map(probe);
    const normal = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    sum = 0;
    for (let i = 0; i < count; i++) {
      derive(probes, directions[3 * i]!, directions[3 * i + 1]!, directions[3 * i + 2]!, x[i]!, y[i]!);
      const [dx, dy] = [here[0]!, here[1]!];
      sum += dx * dx + dy * dy;
      for (let j = 0; j < size; j++) {
        gradient[j]! -= weight * (rowX[j]! * dx + rowY[j]! * dy);
        for (let k = 0; k <= j; k++)
          normal[j * size + k]! += weight * (rowX[j]! * rowX[k]! + rowY[j]! * rowY[k]!);
      }
    }
    if (!Number.isFinite(sum)) return undefined;
    for (let j = 0; j < size; j++) {
      const at = free[j]!;
      const stiffness = 1 / priorOf(at, model.half, terms) ** 2;
      normal[j * size + j]! += stiffness;
      if (at >= TERMS_AT) gradient[j]! -= stiffness * model.terms[at - TERMS_AT]!;
      else if (at === 3) gradient[j]! += stiffness * Math.log(start.focal / model.focal);
      // Free polynomials shift the image nearly as the principal point does: that stays about where the radial fit had it.
      else if (at === 4) gradient[j]! += stiffness * (start.cx - model.cx);
      else if (at === 5) gradient[j]! += stiffness * (start.cy - model.cy);
    }
    solver = cholesky(normal, size);
    if (!solver) return undefined;
    const solved = solver.solve(gradient);
    change.fill(0);
    for (let j = 0; j < size; j++) change[free[j]!] = solved[j]!;
    model.step(change);
    if (
      Math.abs(change[4]!) + Math.abs(change[5]!) + model.half * Math.abs(change[0]! + change[1]!) <
      SETTLED_PX
    )
      break;
  }
  const last = solver;
  if (!last) return undefined;
  probes = free.slice(0, differenced).map(probe);
  return {
    model,
    rms_px: Math.sqrt(sum / Math.max(1, count)),
    uncertainty(vx, vy, vz, px, py) {
      derive(probes, vx, vy, vz, px, py);
      return Math.sqrt((inverseForm(last, rowX) + inverseForm(last, rowY)) / 2);
    },
  };
}

function differenceOf(at: number): number {
  return at === 4 || at === 5 ? PIXEL_DIFFERENCE : DIFFERENCE;
}

function priorOf(at: number, half: number, { pose }: ModelTerms): number {
  if (at < TERMS_AT) return (pose === 'near' ? NEAR_POSE : POSE_PRIOR)[at]! * (at >= 4 ? half : 1);
  const term = at - TERMS_AT;
  if (term < MOST_RADIAL) return RADIAL_PRIOR[term]!;
  return term < FREE_AT ? SHEAR_PRIOR : FREE_PRIOR;
}

const TURNS = [0, 1, 2] as const;
/** With focal length and principal point. */
const POSE = [...TURNS, 3, 4, 5] as const;

/** Places of the numbers that a fit may change; those of the free polynomials come last. */
function freeNumbers({ radial, free, pose }: ModelTerms): number[] {
  if (pose === 'turns') return [...TURNS];
  const radials = Array.from({ length: radial }, (_, i) => TERMS_AT + i);
  if (free === 0) return [...POSE, ...radials];
  const others = FREE_AT - MOST_RADIAL + freeTerms(free);
  return [...POSE, ...radials, ...Array.from({ length: others }, (_, i) => TERMS_AT + MOST_RADIAL + i)];
}

/** How many they are. */
export function numbersOf(terms: ModelTerms): number {
  return freeNumbers(terms).length;
}
