/**
 * Plate solving in a page, without a server.
 * @module astro-jobs/browser
 */

export type { FieldBounds, MatchedStar } from '../engine/question.js';
export type { StarList } from '../stars/list.js';
export { formatDec, formatRa } from '../wcs/angles.js';
export type { FieldGeometry } from '../wcs/geometry.js';
export { pixelToSky, skyToPixel } from '../wcs/tan-sip.js';
export type { SipDistortion, Wcs } from '../wcs/wcs.js';
export type {
  Picture,
  PictureBounds,
  PlateAnswer,
  PlateFailure,
  PlateProgress,
  PlateSolution,
} from './answer.js';
export { PlateError, type PlateErrorCode } from './plate-error.js';
export { PlateSolver, type PlateSolverOptions, type SolveOptions } from './plate-solver.js';
