import type { Calibration } from '../../job/calibration.js';
import type { StarPairs } from '../../wcs/fit.js';
import type { Wcs } from '../../wcs/wcs.js';

/** One solved picture of several that were taken through one lens. */
export interface SolvedFrame {
  /** A tangent plane, with or without distortion, or a projection of fisheye lenses. */
  wcs: Wcs;
  /** Its matched stars. */
  pairs: StarPairs;
}

/** One star of a frame, and how far the lens puts it from where the sky has it, pixels. */
export interface StarResidual {
  /** Number of the frame. */
  frame: number;
  /** Where it was seen: FITS convention. */
  x: number;
  /** Its place from row to row, pixels. */
  y: number;
  /** How far it is off along a row, pixels. */
  dx: number;
  /** How far it is off from row to row, pixels. */
  dy: number;
}

/** A lens that several frames have shown. */
export interface CalibratedLens {
  calibration: Calibration;
  /** Order of its distortion; 0 for none. */
  order: number;
  /** Root mean square at stars that took no part, pixels. */
  held_out_px: number;
  /** How well the place of the worst corner is known: standard deviation along one axis, pixels. */
  corner_sigma_px: number;
  /** The stars that took part. */
  residuals: StarResidual[];
}

/** Fewer stars of a frame do not tell where it points and something of the lens. */
export const FEWEST_IN_FRAME = 4;
