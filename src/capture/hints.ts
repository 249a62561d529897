import type { Calibration } from '../job/calibration.js';
import type { Wcs } from '../wcs/wcs.js';

/** Where a hint comes from. */
export type HintSource = 'user' | 'exif' | 'fits' | 'remembered';

/** Bounds of the pixel scale, arcseconds per pixel of the original image, and how they were reckoned. */
export interface ScaleHint {
  /** Pixel scale at least, arcseconds per pixel of the original image. */
  low_arcsec_per_pixel: number;
  /** Pixel scale at most, arcseconds per pixel of the original image. */
  high_arcsec_per_pixel: number;
  /** Where it came from. */
  source: HintSource;
  /** For a person: `FOCALLEN 530 mm, XPIXSZ 3.76 µm`. */
  reason: string;
}

/** A circle on the sky, degrees J2000. */
export interface PositionHint {
  /** Right ascension of the centre, degrees, J2000. */
  ra_deg: number;
  /** Declination of the centre, degrees, J2000. */
  dec_deg: number;
  /** How far from there the centre may be, degrees. */
  radius_deg: number;
  /** Where it came from. */
  source: HintSource;
  /** Why it is supposed, for a person. */
  reason: string;
  /** It is as likely as the one before it: two meanings of one value, such as hours and degrees. */
  alternative?: true;
}

/** What is known of the lens. */
export interface LensHint {
  /** What is known of the lens. */
  calibration: Calibration;
  /** Where it came from. */
  source: HintSource;
  /** Why it is supposed, for a person. */
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
