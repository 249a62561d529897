// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays.
import { calibrationOf } from '../../wcs/calibration.js';
import { halfDiagonal, lensPairs, wcsOf } from '../../wcs/fit.js';
import { leftOut } from '../../wcs/lens-polynomial.js';
import { PixelPlane } from '../../wcs/pixel-plane.js';
import { DEG } from '../../wcs/sphere.js';
import type { Wcs } from '../../wcs/wcs.js';
import { lowestAsGood, ORDERS } from '../fit/choose-order.js';
import { cornerDistortion } from '../fit/describe.js';
import { distanceOf, isTooFar, LEAST_SIGMA_PX, lossOf, MEDIAN_DISTANCE, weightOf } from '../fit/match.js';
import { Aim } from './aim.js';
import type { CalibratedLens, SolvedFrame, StarResidual } from './calibrated-lens.js';
import { JointFit, type JointFrame } from './joint-fit.js';

/** Places are known to this before any fit, pixels. */
const FIRST_SIGMA_PX = 1;
/** Of the fit that may bend as much as it needs. */
const FREE_ORDER = 5;
const MOST_ROUNDS = 8;
const SAME = 0.01;

/**
 * Fits one lens to the matched stars of several frames, each of which points where it likes. Robust against mismatches; the order of the distortion
 * is the lowest that is as good as any at stars that took no part. Undefined when the stars do not determine a lens.
 * @param frames pictures of one size, of `FEWEST_IN_FRAME` stars or more with a tangent plane
 * @param most the highest order of the distortion; 0 and 1 allow none
 */
export function calibrateLens(frames: readonly SolvedFrame[], most: number): CalibratedLens | undefined {
  const [first] = frames;
  if (!first) return undefined;
  const size = first.wcs;
  const half = halfDiagonal(size);
  const scales = frames.map(({ wcs }) => scaleOf(wcs)).sort((a, b) => a - b);
  const scale = scales[scales.length >> 1]!;
  const focal = DEG / scale / half;
  const free = robust(new JointFit(frames.map(begin), focal, Math.min(most, FREE_ORDER)), half);
  if (!free) return undefined;
  const fits = ORDERS.filter((order) => order <= most).flatMap((order) => {
    const fit = new JointFit(free.fit.frames.map(copy), focal, order);
    if (!fit.solve(free.sigma_px / half)) return [];
    return { fit, order, held_out_px: heldOut(fit, half, free.sigma_px) };
  });
  const chosen = lowestAsGood(fits);
  if (!chosen) return undefined;
  const { fit, order, held_out_px } = chosen;
  const residuals = residualsOf(fit, size);
  const plane = new PixelPlane(
    [0, 0],
    [
      [scale, 0],
      [0, scale],
    ],
  );
  const wcs = wcsOf({ plane, lens: fit.lens }, size);
  const sum = residuals.reduce((total, { dx, dy }) => total + dx * dx + dy * dy, 0);
  const calibration = calibrationOf(wcs, {
    fit: {
      frames: frames.length,
      stars: residuals.length,
      rms_px: Math.sqrt(sum / Math.max(1, residuals.length)),
      corner_distortion_px: cornerDistortion(wcs),
    },
  });
  if (!calibration) return undefined;
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [x * size.width, y * size.height] as const));
  const corner_sigma_px = Math.max(
    ...corners.map(([x, y]) => half * fit.deviation(x / 2 / half, y / 2 / half)),
  );
  return { calibration, order, held_out_px, corner_sigma_px, residuals };
}

/** Degrees a pixel in the middle. */
function scaleOf(wcs: Wcs): number {
  const [[a, b], [c, d]] = PixelPlane.of(wcs).cd;
  return Math.sqrt(Math.abs(a * d - b * c));
}

function begin({ wcs, pairs }: SolvedFrame): JointFrame {
  const { u, v, vectors } = lensPairs(pairs, wcs);
  return { u, v, vectors, weights: new Float64Array(u.length).fill(1), aim: Aim.of(wcs) };
}

/** The same stars with an aim of its own. */
function copy(frame: JointFrame): JointFrame {
  return { ...frame, aim: frame.aim.copy() };
}

/** Fits until the stars' weights are those of the fit. */
function robust(fit: JointFit, half: number): { fit: JointFit; sigma_px: number } | undefined {
  let sigma_px = FIRST_SIGMA_PX;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (!fit.solve(sigma_px / half)) return undefined;
    const distances = fit.frames.map((frame) => distancesOf(fit, frame, half));
    const before = sigma_px;
    sigma_px = spread(distances, fit);
    fit.frames.forEach(({ weights }, number) => {
      distances[number]!.forEach((distance, star) => {
        weights[star] = isTooFar(distance, sigma_px) ? 0 : weightOf(distance, sigma_px);
      });
    });
    if (Math.abs(sigma_px - before) < SAME * before) break;
  }
  return { fit, sigma_px };
}

/** Pixels between the stars of a frame and where the sky has them. */
function distancesOf(fit: JointFit, frame: JointFrame, half: number): Float64Array {
  return frame.u.map((_, star) => half * Math.hypot(...fit.residual(frame, star)));
}

/** Standard deviation along one axis, from the median, with what the fit has used up. */
function spread(distances: readonly Float64Array[], { frames, lens }: JointFit): number {
  const all = distances.flatMap((of) => [...of]).sort((a, b) => a - b);
  // Each star tells two numbers; a frame takes three of them, and the lens two for each term.
  const freedom = Math.max(1, all.length - lens.terms - 1.5 * frames.length);
  const median = all[all.length >> 1] ?? 0;
  return Math.max((median / MEDIAN_DISTANCE) * Math.sqrt(all.length / freedom), LEAST_SIGMA_PX);
}

/** How well stars are placed by fits without them: root mean square, pixels, as in `chooseOrder`. */
function heldOut(fit: JointFit, half: number, sigma_px: number): number {
  let [sum, stars] = [0, 0];
  fit.frames.forEach((frame, number) => {
    for (let star = 0; star < frame.u.length; star++) {
      const weight = frame.weights[star]!;
      if (weight === 0) continue;
      const [x, y] = fit.residual(frame, star);
      sum += lossOf(half * leftOut(fit.share(number, star), weight, x, y), sigma_px);
      stars++;
    }
  });
  return distanceOf(sum / stars, sigma_px);
}

function residualsOf(fit: JointFit, { width, height }: Pick<Wcs, 'width' | 'height'>): StarResidual[] {
  const half = halfDiagonal({ width, height });
  return fit.frames.flatMap((frame, number) =>
    Array.from(frame.u).flatMap((u, star) => {
      if (frame.weights[star] === 0) return [];
      const [dx, dy] = fit.residual(frame, star);
      return {
        frame: number,
        x: (width + 1) / 2 + half * u,
        y: (height + 1) / 2 + half * frame.v[star]!,
        dx: half * dx,
        dy: half * dy,
      };
    }),
  );
}
