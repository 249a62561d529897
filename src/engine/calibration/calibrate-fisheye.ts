// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays; directions have three elements a star.
import { calibrationOf } from '../../wcs/calibration.js';
import { unitVectors } from '../../wcs/pixel-plane.js';
import { DEG } from '../../wcs/sphere.js';
import { type ChosenModel, chooseModel } from '../all-sky/choose-model.js';
import { edgeSigma } from '../all-sky/describe-model.js';
import { attitudeOf } from '../all-sky/known-fisheye.js';
import { Lens } from '../all-sky/lens.js';
import { type LensPairs, pairsWhere } from '../all-sky/lens-fit.js';
import { withCircle } from '../all-sky/refine-model.js';
import { fitModel } from '../all-sky/zenithal-fit.js';
import type { ZenithalModel } from '../all-sky/zenithal-model.js';
import { isTooFar, LEAST_SIGMA_PX, MEDIAN_DISTANCE } from '../fit/match.js';
import type { CalibratedLens, SolvedFrame, StarResidual } from './calibrated-lens.js';

/** Places are known to this before any fit, pixels. */
const FIRST_SIGMA_PX = 1;
const MOST_ROUNDS = 12;
/** The choice takes long; it is made again once, when frames and lens agree. */
const CHOICE_ROUND = 3;
const SAME = 1e-3;
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;

/** The stars of one frame in the frame of its camera, mirrored where the picture is: x and y of the pixels, and the axis. */
interface FisheyeFrame {
  pairs: LensPairs;
  /** Whether a star takes part. */
  isIn: Uint8Array;
}

/**
 * Fits one fisheye lens to the matched stars of several frames, each of which points where it likes: the lens to the stars of all, then each frame's
 * aim to its own, in turn until both agree. Undefined when the stars do not determine a lens.
 * @param given solutions of fisheye lenses, of pictures of one size
 */
export function calibrateFisheye(given: readonly SolvedFrame[]): CalibratedLens | undefined {
  const [first] = given;
  if (!first) return undefined;
  const { width, height } = first.wcs;
  const half = Math.max(width, height) / 2;
  const frames = given.map(frameOf);
  const start = startOf(given);
  const corner_px = Math.hypot(Math.max(start.cx, width - start.cx), Math.max(start.cy, height - start.cy));
  let sigma_px = FIRST_SIGMA_PX;
  let chosen: ChosenModel | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const all = together(frames);
    if (!chosen || round === CHOICE_ROUND) chosen = chooseModel(start, half, all, sigma_px, corner_px);
    else {
      const fitted = fitModel(chosen.model, all, chosen.terms, sigma_px);
      chosen = fitted && { ...chosen, ...fitted };
    }
    if (!chosen) return undefined;
    // All frames turn with the lens, and then each by itself.
    for (const { pairs } of frames) turnAll(pairs, chosen.model);
    const model = ahead(chosen.model);
    for (const frame of frames) {
      const aimed = fitModel(model, takingPart(frame), { radial: 0, free: 0, pose: 'turns' }, sigma_px);
      if (aimed) turnAll(frame.pairs, aimed.model);
    }
    const before = sigma_px;
    sigma_px = settle(frames, model);
    if (round > CHOICE_ROUND && Math.abs(sigma_px - before) < SAME * before) break;
  }
  return chosen && reported(chosen, frames, { width, height });
}

function frameOf({ wcs, pairs: { x, y, ra_deg, dec_deg } }: SolvedFrame): FisheyeFrame {
  const { r, parity } = attitudeOf(wcs);
  const vectors = unitVectors(Float64Array.from(ra_deg), Float64Array.from(dec_deg));
  const directions = rotated(vectors, r);
  if (parity < 0) for (let i = 1; i < directions.length; i += 3) directions[i] = -directions[i]!;
  const pairs = { count: x.length, directions, x: Float64Array.from(x), y: Float64Array.from(y) };
  return { pairs, isIn: new Uint8Array(x.length).fill(1) };
}

/** The lens as the frames have it in the median, without distortion. */
function startOf(frames: readonly SolvedFrame[]): Lens {
  const median = (of: (frame: SolvedFrame) => number) => {
    const values = frames.map(of).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  };
  const lens = new Lens();
  lens.cx = median(({ wcs }) => wcs.crpix[0]);
  lens.cy = median(({ wcs }) => wcs.crpix[1]);
  lens.focal = median(
    ({ wcs: { cd } }) => DEG / Math.sqrt(Math.abs(cd[0][0] * cd[1][1] - cd[0][1] * cd[1][0])),
  );
  lens.r.set(IDENTITY);
  return lens;
}

function rotated(vectors: Float64Array, r: Float64Array): Float64Array {
  return vectors.map((_, at) => {
    const [axis, star] = [at % 3, at - (at % 3)];
    return (
      r[3 * axis]! * vectors[star]! +
      r[3 * axis + 1]! * vectors[star + 1]! +
      r[3 * axis + 2]! * vectors[star + 2]!
    );
  });
}

/** Turns the stars as a fit has turned the lens, which then looks along its axis again. */
function turnAll(pairs: LensPairs, { r }: ZenithalModel): void {
  pairs.directions.set(rotated(pairs.directions, r));
}

/** The lens, looking along its axis. */
function ahead(model: ZenithalModel): ZenithalModel {
  const copy = model.copy();
  copy.r.set(IDENTITY);
  return copy;
}

const takingPart = ({ pairs, isIn }: FisheyeFrame) => pairsWhere(pairs, (star) => isIn[star] === 1);

function together(frames: readonly FisheyeFrame[]): LensPairs {
  const parts = frames.map(takingPart);
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    directions: Float64Array.from(parts.flatMap(({ directions }) => [...directions])),
    x: Float64Array.from(parts.flatMap(({ x }) => [...x])),
    y: Float64Array.from(parts.flatMap(({ y }) => [...y])),
  };
}

/** How far the lens puts each star of a frame from where the sky has it: x and y in turn, pixels. */
function misfits(
  { pairs: { count, directions: d, x, y } }: FisheyeFrame,
  model: ZenithalModel,
): Float64Array {
  const out = new Float64Array(2 * count);
  for (let i = 0; i < count; i++)
    model.misfit(d[3 * i]!, d[3 * i + 1]!, d[3 * i + 2]!, x[i]!, y[i]!, out, 2 * i);
  return out;
}

/** Sorts out the stars that are others; the standard deviation along one axis of a star's place, from the median of all. */
function settle(frames: readonly FisheyeFrame[], model: ZenithalModel): number {
  const distances = frames.map((frame) => {
    const off = misfits(frame, model);
    return Float64Array.from(frame.isIn, (_, i) => Math.hypot(off[2 * i]!, off[2 * i + 1]!));
  });
  const all = distances.flatMap((of) => [...of].filter(Number.isFinite)).sort((a, b) => a - b);
  const sigma_px = Math.max(LEAST_SIGMA_PX, (all[all.length >> 1] ?? 0) / MEDIAN_DISTANCE);
  frames.forEach(({ isIn }, number) => {
    distances[number]!.forEach((distance, star) => {
      isIn[star] = Number.isFinite(distance) && !isTooFar(distance, sigma_px) ? 1 : 0;
    });
  });
  return sigma_px;
}

function reported(
  chosen: ChosenModel,
  frames: readonly FisheyeFrame[],
  { width, height }: { width: number; height: number },
): CalibratedLens | undefined {
  const { held_out_px } = chosen;
  const model = ahead(chosen.model);
  const residuals = frames.flatMap((frame, number) => {
    const off = misfits(frame, model);
    return Array.from(frame.pairs.x).flatMap((x, star): StarResidual[] =>
      frame.isIn[star]
        ? [{ frame: number, x, y: frame.pairs.y[star]!, dx: off[2 * star]!, dy: off[2 * star + 1]! }]
        : [],
    );
  });
  const sum = residuals.reduce((total, { dx, dy }) => total + dx * dx + dy * dy, 0);
  const outermost = Math.max(...residuals.map(({ x, y }) => Math.hypot(x - model.cx, y - model.cy)));
  const wcs = withCircle(chosen.model, width, height, model.angleAt(outermost), undefined);
  const calibration = calibrationOf(wcs, {
    fit: {
      frames: frames.length,
      stars: residuals.length,
      rms_px: Math.sqrt(sum / Math.max(1, residuals.length)),
    },
  });
  return (
    calibration && {
      calibration,
      order: model.order,
      held_out_px,
      corner_sigma_px: edgeSigma(chosen, wcs),
      residuals,
    }
  );
}
