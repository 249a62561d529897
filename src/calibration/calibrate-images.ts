// biome-ignore-all lint/style/noNonNullAssertion: residuals carry the numbers of the frames that were fitted.
import type { Analyze } from '../analysis/analysis.js';
import { calibrateFisheye } from '../engine/calibration/calibrate-fisheye.js';
import { calibrateLens } from '../engine/calibration/calibrate-lens.js';
import type { CalibratedLens, StarResidual } from '../engine/calibration/calibrated-lens.js';
import { AstroJobsError } from '../job/errors.js';
import type { SolveParams } from '../job/param-table.js';
import { type Frame, type FrameContext, isFisheye, isUsable, ofOneLens, solveFrame } from './frames.js';
import { type CalibratedFrame, type LensReport, partOf, thirdOf } from './report.js';

/** What is being done with which image. */
export interface CalibrationProgress {
  /** The picture that is being solved. */
  image: string;
  /** From 1. */
  number: number;
  /** How many pictures there are. */
  of: number;
  /** `alone`: it is solved by itself; `together`: once more with the lens that all have shown. */
  step: 'alone' | 'together';
  /** Why it is of no use, when that is known. */
  why?: string;
}

export interface CalibrationContext extends FrameContext {
  onProgress(progress: CalibrationProgress): void;
}

/** A lens with what each star says of it. */
export interface LensCalibration extends LensReport {
  /** Where each star is off, for a plot. */
  residuals: StarResidual[];
}

/**
 * Solves images, fits one lens to the stars of all of them, solves them again with it, since it places stars that one image alone cannot place, and
 * fits the lens again.
 * @throws AstroJobsError `no_solution` when no image is of use
 */
export async function calibrateImages(
  analyze: Analyze,
  images: readonly string[],
  params: SolveParams,
  context: CalibrationContext,
): Promise<LensCalibration> {
  const pass = async (step: CalibrationProgress['step'], given: SolveParams): Promise<Frame[]> => {
    const frames: Frame[] = [];
    for (const [i, image] of images.entries()) {
      const frame = await solveFrame(analyze, image, given, context);
      frames.push(frame);
      const progress = { image, number: i + 1, of: images.length, step };
      context.onProgress(isUsable(frame) ? progress : { ...progress, ...(frame.why && { why: frame.why }) });
    }
    return ofOneLens(frames);
  };
  const alone = await pass('alone', params);
  const first = fitted(alone, params);
  const { calibration } = first;
  const together = await pass('together', { ...params, calibration });
  return reported(fitted(together, params), together);
}

function fitted(frames: readonly Frame[], { tweak_order }: SolveParams): CalibratedLens {
  const usable = frames.filter(isUsable);
  const lens = usable.some(isFisheye) ? calibrateFisheye(usable) : calibrateLens(usable, tweak_order);
  if (lens) return lens;
  const why = frames.map((frame) => (isUsable(frame) ? undefined : frame.why)).find(Boolean);
  throw new AstroJobsError(
    'no_solution',
    `No image is of use for a calibration${why ? `; the first: ${why}` : ''}`,
  );
}

function reported(lens: CalibratedLens, frames: readonly Frame[]): LensCalibration {
  const { residuals, order, held_out_px, corner_sigma_px } = lens;
  const [optics] = frames.filter(isUsable).map((frame) => frame.optics);
  const calibration = { ...lens.calibration, ...(optics !== undefined && { optics }) };
  const { arcsec_per_pixel, fit } = calibration;
  const all = partOf(residuals, arcsec_per_pixel);
  const third = (number: number) =>
    partOf(
      residuals.filter((star) => thirdOf(star, calibration) === number),
      arcsec_per_pixel,
    );
  let used = 0;
  const reports = frames.map((frame): CalibratedFrame => {
    if (!isUsable(frame)) return frame;
    const number = used++;
    const { stars, rms_px } = partOf(
      residuals.filter((star) => star.frame === number),
      arcsec_per_pixel,
    );
    return { image: frame.image, used: true, stars, ...(rms_px !== undefined && { rms_px }) };
  });
  return {
    calibration,
    order,
    stars: all.stars,
    rms_px: all.rms_px ?? 0,
    rms_arcsec: all.rms_arcsec ?? 0,
    held_out_px,
    thirds: [third(0), third(1), third(2)],
    ...(fit?.corner_distortion_px !== undefined && { corner_distortion_px: fit.corner_distortion_px }),
    corner_sigma_px,
    frames: reports,
    residuals,
  };
}
