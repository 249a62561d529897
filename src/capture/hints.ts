import type { Calibration } from '../job/calibration.js';
import type { Wcs } from '../wcs/wcs.js';

/** Where a hint comes from. */
export type HintSource = 'user' | 'exif' | 'fits' | 'remembered';

/** Bounds of the pixel scale, arcseconds per pixel of the original image, and how they were reckoned. */
export interface ScaleHint {
  low_arcsec_per_pixel: number;
  high_arcsec_per_pixel: number;
  source: HintSource;
  /** For a person: `FOCALLEN 530 mm, XPIXSZ 3.76 µm`. */
  reason: string;
}

/** A circle on the sky, degrees J2000. */
export interface PositionHint {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
  source: HintSource;
  reason: string;
  /** It is as likely as the one before it: two meanings of one value, such as hours and degrees. */
  alternative?: true;
}

/** What is known of the lens. */
export interface LensHint {
  calibration: Calibration;
  source: HintSource;
  reason: string;
}

/** What the metadata suggest, and the last image of the same camera. Hints may lie: they are tried first, never trusted. */
export interface ImageHints {
  /** Best first. */
  scales: ScaleHint[];
  /** Best first. */
  positions: PositionHint[];
  /** A celestial WCS stands in the FITS header of the image and fits its size. */
  headerWcs?: Wcs;
  /** What the caller gave, or the last image of the same camera has shown. */
  lens?: LensHint;
}
