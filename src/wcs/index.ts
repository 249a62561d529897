/**
 * Plate solutions without jobs and without a solver.
 * @module astro-jobs/wcs
 */

export type { CardValue, FitsCard } from '../fits/card.js';
export type { FitsHeader } from '../fits/header.js';
export type { DisplayOptions, RowOrder } from './display.js';
export { encodeWcs } from './encode.js';
export { type FieldGeometry, fieldGeometry } from './geometry.js';
export { parseWcs } from './parse.js';
export { readWcs } from './read.js';
export { destination, positionAngle, separation } from './sphere.js';
export { pixelsToSky, pixelToSky, skyToPixel, skyToPixels } from './tan-sip.js';
export type { ImageCircle, SipDistortion, Wcs } from './wcs.js';
export type { FisheyeCode } from './zenithal.js';
