import { z } from 'zod';
import type { Known } from './known.js';

// What is measured in the pixels of a solved image; every figure's definition is in docs/quality.md.

/** Of one of 3 × 3 equal parts of the image; what too few stars tell is absent. */
export const qualityCellSchema = z.looseObject({
  /** Its middle, pixels. */
  x: z.number(),
  y: z.number(),
  /** Stars in it that tell of its shape. */
  stars: z.number(),
  fwhm_px: z.number().optional(),
  hfr_px: z.number().optional(),
  /** 1 − b/a. */
  ellipticity: z.number().optional(),
  /** Direction of the long axis from +x towards +y, 0 to 180 degrees. */
  angle_deg: z.number().optional(),
});
export interface QualityCell extends Known<z.output<typeof qualityCellSchema>> {}

/** How sharp the stars are, and how even the sky. What cannot be known is absent, and `notes` say why. */
export const imageQualitySchema = z.looseObject({
  /** Stars found; measured; taken for the figures; and left out of them because they are saturated, or have another star close by. */
  stars: z.looseObject({
    found: z.number(),
    measured: z.number(),
    used: z.number(),
    saturated: z.number(),
    crowded: z.number(),
  }),
  /** Side of the squares of pixels that were put together before measuring: 2 of a colour mosaic; otherwise 1. */
  binning: z.number(),
  /** Full width at half maximum, of a star's light before pixels gather it: median. */
  fwhm_px: z.number().optional(),
  fwhm_arcsec: z.number().optional(),
  /** Radius that holds half of a star's light: median. */
  hfr_px: z.number().optional(),
  hfr_arcsec: z.number().optional(),
  /** 1 − b/a of the shape that the stars have in common. */
  ellipticity: z.number().optional(),
  /** Direction of its long axis, 0 to 180 degrees: from +x towards +y, and east of north. Absent of round stars. */
  angle_deg: z.number().optional(),
  position_angle_deg: z.number().optional(),
  /** Nine parts of the image, row by row as they are stored. */
  grid: z.array(qualityCellSchema).optional(),
  /** A plane through the widths: percent of `fwhm_px` from one side to the other, and where stars are wider (from +x towards +y, 0 to 360 degrees). */
  tilt: z.looseObject({ percent: z.number(), toward_deg: z.number().optional() }).optional(),
  /** How much wider stars are in the corners than in the middle, percent of `fwhm_px`, without the tilt. */
  curvature_percent: z.number().optional(),
  /** Of both, one sentence for a person. */
  summary: z.string().optional(),
  /** The sky, in units of the image: its median, from one side to the other (percent of it, and where it is brighter), one standard deviation of a pixel. */
  background: z
    .looseObject({
      level: z.number(),
      gradient_percent: z.number().optional(),
      gradient_toward_deg: z.number().optional(),
      noise: z.number().optional(),
    })
    .optional(),
  /** Pixels as bright as the image can show: from which level on (absent where none is), and their share, 0 to 1. */
  saturation: z.looseObject({ level: z.number().optional(), share: z.number() }).optional(),
  /** Of stars that are all drawn out in one direction: how long; and what the sky alone would do while a camera stands still. */
  trailing: z
    .looseObject({
      length_px: z.number(),
      length_arcsec: z.number(),
      /** Degrees east of north, 0 to 180. */
      position_angle_deg: z.number(),
      sidereal: z
        .looseObject({ length_px: z.number(), length_arcsec: z.number(), position_angle_deg: z.number() })
        .optional(),
    })
    .optional(),
  /** What is not stated, and why; one line each. */
  notes: z.array(z.string()).optional(),
});
export interface ImageQuality extends Known<z.output<typeof imageQualitySchema>> {}

const zeroPoint = z.looseObject({
  /** Magnitude of a star of which one unit of the image is within `aperture_px`. */
  zero_point: z.number(),
  /** One standard deviation of a star, from the median absolute deviation; and of the zero point. */
  scatter: z.number(),
  error: z.number(),
  /** Stars that it was taken from. */
  stars: z.number(),
});

/** How bright things are, against the catalogue. What cannot be known is absent, and `notes` say why. */
export const photometrySchema = z.looseObject({
  ...zeroPoint.shape,
  /** Of the catalogue's magnitudes: Tycho-2 VT. */
  band: z.literal('VT'),
  /** The same against V of the stars of which the catalogue has it. */
  v: zeroPoint.optional(),
  /** Magnitudes of the image for one of the catalogue: 1 where brightness is proportional to light. */
  slope: z.number().optional(),
  /** Whether pixels are proportional to light, and from what that is known. */
  linear: z.boolean(),
  linear_why: z.string(),
  /** Radius of the circles in which light was summed. */
  aperture_px: z.number(),
  /** Magnitudes that stars are brighter by in all than in their circles. */
  aperture_correction: z.number().optional(),
  /** Of a star whose light is five times its error. */
  limiting_magnitude: z.number().optional(),
  /** Brightness of the sky, VT a square arcsecond; a limit where the zero of the data may not be that of no light: then it is this bright at most. */
  sky: z.looseObject({ magnitude_arcsec2: z.number(), is_limit: z.boolean(), offset: z.number() }).optional(),
  notes: z.array(z.string()).optional(),
});
export interface Photometry extends Known<z.output<typeof photometrySchema>> {}

/** What looks like a bright star and is in no catalogue of the package. No more than a place to look at. */
export const candidateSchema = z.looseObject({
  /** Pixels; degrees, J2000. */
  x: z.number(),
  y: z.number(),
  ra_deg: z.number(),
  dec_deg: z.number(),
  /** VT, estimated by the zero point. */
  magnitude: z.number(),
  /** Its width over that of the stars. */
  relative_width: z.number(),
  /** Light over its error. */
  snr: z.number(),
});
export interface Candidate extends Known<z.output<typeof candidateSchema>> {}
