import type { Calibration } from '../job/calibration.js';
import type { LensFit } from '../job/solve-report.js';
import { calibrationOf } from '../wcs/calibration.js';
import type { Wcs } from '../wcs/wcs.js';

/**
 * The lens as a solution shows it; undefined where it is not shown to be true to the corners.
 * @param optics camera and optics, for a person
 */
export function shownLens(wcs: Wcs, fit: LensFit | undefined, optics?: string): Calibration | undefined {
  if (!fit?.good_to_corners) return undefined;
  const { stars, rms_px, corner_distortion_px } = fit;
  return calibrationOf(wcs, {
    ...(optics !== undefined && { optics }),
    fit: { frames: 1, stars, rms_px, ...(corner_distortion_px !== undefined && { corner_distortion_px }) },
  });
}
