import type { StarResidual } from '../engine/calibration/calibrated-lens.js';
import type { Calibration } from '../job/calibration.js';
import type { ErrorCode } from '../job/error-codes.js';

/** What became of one image. */
export interface CalibratedFrame {
  /** As it was given. */
  image: string;
  /** Whether it took part. */
  used: boolean;
  /** Its stars that took part, and how far they are off: root mean square, pixels. */
  stars?: number;
  /** Root mean square of the distances of its stars from the solution, pixels. */
  rms_px?: number;
  /** Why it did not take part, for a person; of an image that was not solved with the code of its failure. */
  why?: string;
  /** Why it was not solved: a code of `ERROR_TABLE`. */
  error_code?: ErrorCode;
}

/** How the fit does in a part of the picture. */
export interface CalibrationPart {
  /** Stars there. */
  stars: number;
  /** Root mean square of the distances; absent without stars. */
  rms_px?: number;
  /** Root mean square of their distances from the solution, arcseconds. */
  rms_arcsec?: number;
}

/** A lens that several images have shown. */
export interface LensReport {
  /** For the parameter of this name. */
  calibration: Calibration;
  /** Order of the distortion; 0 for none. */
  order: number;
  /** Stars of all images that took part. */
  stars: number;
  /** Root mean square of the distances of the stars from the solution, pixels. */
  rms_px: number;
  /** The same, arcseconds. */
  rms_arcsec: number;
  /** Root mean square at stars that took no part, of this order, pixels. */
  held_out_px: number;
  /** By the distance from the middle: to 1/3, to 2/3, and beyond, of that of the corners; of a fisheye lens from its axis to the edge of the sky. */
  thirds: [CalibrationPart, CalibrationPart, CalibrationPart];
  /** How far the distortion moves the corner that it moves most, pixels; absent of a fisheye lens. */
  corner_distortion_px?: number;
  /** How well the place of the worst corner is known, of a fisheye lens that of the edge of the sky: standard deviation along one axis, pixels. */
  corner_sigma_px: number;
  /** In the order in which the images were given. */
  frames: CalibratedFrame[];
}

/** Root mean square of residuals, in pixels and in arcseconds at the scale of the middle. */
export function partOf(residuals: readonly StarResidual[], arcsec_per_pixel: number): CalibrationPart {
  const stars = residuals.length;
  if (stars === 0) return { stars };
  const rms_px = Math.sqrt(residuals.reduce((sum, { dx, dy }) => sum + dx * dx + dy * dy, 0) / stars);
  return { stars, rms_px, rms_arcsec: rms_px * arcsec_per_pixel };
}

/** How far a star is from the middle of what the lens shows, in distances of its edge. */
export function radiusOf(
  { x, y }: Pick<StarResidual, 'x' | 'y'>,
  { width, height, center, image_circle }: Pick<Calibration, 'width' | 'height' | 'center' | 'image_circle'>,
): number {
  const edge = image_circle
    ? image_circle.radius
    : Math.hypot(Math.max(center[0], width - center[0]), Math.max(center[1], height - center[1]));
  return Math.min(1, Math.hypot(x - center[0], y - center[1]) / edge);
}

/** Which third of the radius a star is in. */
export function thirdOf(star: Pick<StarResidual, 'x' | 'y'>, calibration: Calibration): 0 | 1 | 2 {
  const radius = radiusOf(star, calibration);
  return radius < 1 / 3 ? 0 : radius < 2 / 3 ? 1 : 2;
}
