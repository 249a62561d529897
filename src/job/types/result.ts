// Written by `npm run derive` from the schemas.
import type { ErrorCode } from '../error-codes.js';
import type { Astrometry } from './astrometry.js';
import type { Capture } from './capture.js';
import type { Candidate, ImageQuality, Photometry } from './measured.js';
import type { MovingObjects, Observation } from './observation.js';
import type { SolveReport } from './solve-report.js';
import type { WrittenExport } from './written-exports.js';

/** `output/result.json` of a solved image. */
export interface SolvedResult {
  /** There is a plate solution. */
  ok: true;
  /** Safe form of the name under which the image was submitted. */
  filename: string;
  /** What the file says of itself. */
  capture: Capture;
  /** The plate solution. */
  astrometry: Astrometry;
  /** Where the telescope stood, Sun and Moon, offset of the mount. */
  observation?: Observation;
  /** How asteroids, comets and satellites were looked for; absent where no files of elements are known. */
  moving_objects?: MovingObjects;
  /** How the solution was obtained. */
  solve?: SolveReport;
  /** How sharp the stars are, and how even the sky; only when it was measured. */
  image_quality?: ImageQuality;
  /** Zero point, limiting magnitude, brightness of the sky; only when it was measured on enough stars. */
  photometry?: Photometry;
  /** Bright stars that are in no catalogue of the package; absent where the picture does not allow to look for them. */
  candidates?: Candidate[];
  /** What has become of the files that its submitter asked for. */
  exports?: WrittenExport[];
}

/** `output/result.json` of an image that was not solved. */
export interface FailedResult {
  /** There is no plate solution. */
  ok: false;
  /** What went wrong, one line for a person. */
  error: string;
  /** The same for a program: each code stays the same across releases. */
  error_code: ErrorCode;
  /** Safe form of the name under which the image was submitted. */
  filename?: string;
  /** What the file says of itself, as far as it was read. */
  capture?: Capture;
  /** What was learned of the stars before the failure. */
  sources?: {
    /** Stars found in the image, in the size in which it was solved. */
    detected?: number;
  };
  /** What was tried. */
  solve?: SolveReport;
}
