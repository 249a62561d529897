import type { Saturation } from './saturation.js';
import type { SkyMap } from './sky-map.js';

/** What speaks against a star's numbers. */
export const FLAGS = {
  /** A pixel of it is saturated: its light is more than what was measured. */
  saturated: 1,
  /** Light of another star is in its circle. */
  crowded: 2,
} as const;

/** Stars in columns of one length, brightest first about as they were found. NaN where a number cannot be known. */
export interface MeasuredStars {
  /** Centre, pixels of the original image by the FITS convention. */
  x: Float64Array;
  y: Float64Array;
  /** Light within `aperture_px`, units of the image times original pixels; and its standard deviation from the noise of the sky. */
  flux: Float64Array;
  flux_error: Float64Array;
  /** Brightest pixel above the sky, and the sky about the star, units of the image. */
  peak: Float64Array;
  sky: Float64Array;
  /** Second moments of its light, the pixel's taken off, square pixels. */
  xx: Float64Array;
  xy: Float64Array;
  yy: Float64Array;
  /** Radius that holds half of `flux`, pixels. */
  hfr: Float64Array;
  /** Sum of `FLAGS`. */
  flags: Uint8Array;
}

/** What was measured in the pixels of an image, as plain data. All lengths are pixels of the original image. */
export interface Measurement {
  width: number;
  height: number;
  /** Side of the squares of pixels that were put together; 1 but for colour mosaics. */
  binning: number;
  /** How the pixels are stored. */
  pixels: 'uint8' | 'uint16' | 'float';
  /** Positions of the tiles are to be scaled by `binning`. */
  sky: SkyMap;
  saturation: Saturation;
  /** How many stars were found, and those of them that could be measured. */
  found: number;
  stars: MeasuredStars;
  /** Radius of the circles in which light was summed. */
  aperture_px: number;
  /** Magnitudes that a star is brighter by within twice that radius; absent without bright stars that stand alone. */
  aperture_correction?: number;
}
