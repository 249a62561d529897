import type { DisplayOptions } from '../wcs/display.js';
import type { Wcs } from '../wcs/wcs.js';

/** What an image is, besides its pixels. */
export interface MeasuredImage {
  wcs: Wcs;
  /** Arcseconds a pixel in its middle. */
  pixscale_arcsec: number;
  display: DisplayOptions;
  /** Seconds. */
  exposure?: number | undefined;
}
