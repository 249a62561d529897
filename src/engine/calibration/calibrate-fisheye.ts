// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays; directions have three elements a star.
import { calibrationOf } from '../../wcs/calibration.js';
import { unitVectors } from '../../wcs/pixel-plane.js';
import { DEG } from '../../wcs/sphere.js';
import { type ChosenModel, chooseModel } from '../all-sky/choose-model.js';
import { edgeSigma } from '../all-sky/describe-model.js';
import { attitudeOf } from '../all-sky/known-fisheye.js';
import { Lens } from '../all-sky/lens.js';
import type { LensPairs } from '../all-sky/lens-fit.js';
import { withCircle } from '../all-sky/refine-model.js';
import { fitModel } from '../all-sky/zenithal-fit.js';
import type { ZenithalModel } from '../all-sky/zenithal-model.js';
import { isTooFar, LEAST_SIGMA_PX, MEDIAN_DISTANCE } from '../fit/match.js';
import type { CalibratedLens, SolvedFrame, StarResidual } from './calibrate-lens.js';

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
    const { model } = chosen;
    for (const { pairs } of frames) turnAll(pairs, model);
    for (const frame of frames) {
      const aimed = fitModel(model, partsOf(frame), { radial: 0, free: 0, pose: 'turns' }, sigma_px);
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
  lens.focal = median(({ wcs: { cd } }) => DEG / Math.sqrt(Math.abs(cd[0][0] * cd[1][1] - cd[0][1] * cd[1][0])));
  lens.r.set(IDENTITY);
  return lens;
}

function rotated(vectors: Float64Array, r: Float64Array): Float64Array {
  return vectors.map((_, at) => {
    const [axis, star] = [at % 3, at - (at % 3)];
    return r[3 * axis]! * vectors[star]! + r[3 * axis + 1]! * vectors[star + 1]! + r[3 * axis + 2]! * vectors[star + 2]!;
  });
}

/** Turns the stars as a fit has turned the lens, which then looks along its axis again. */
function turnAll(pairs: LensPairs, { r }: ZenithalModel): void {
  pairs.directions.set(rotated(pairs.directions, r));
}

/** The stars of a frame that take part. */
function partsOf({ pairs: { count, directions, x, y }, isIn }: FisheyeFrame): LensPairs {
  const kept = Array.from({ length: count }, (_, i) => i).filter((i) => isIn[i]);
  return {
    count: kept.length,
    directions: Float64Array.from(kept.flatMap((i) => [...directions.subarray(3 * i, 3 * i + 3)])),
    x: Float64Array.from(kept, (i) => x[i]!),
    y: Float64Array.from(kept, (i) => y[i]!),
  };
}
