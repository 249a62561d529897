import { z } from 'zod';
import type { Candidate, ImageQuality, Photometry, QualityCell } from './types/measured.js';

export type { Candidate, ImageQuality, Photometry, QualityCell } from './types/measured.js';

// What is measured in the pixels of a solved image; how, and when a figure is valid, is in docs/quality.md.

/** Validates an entry of `image_quality.grid` of a result. */
export const qualityCellSchema: z.ZodType<QualityCell> = z
  .looseObject({
    x: z.number().describe('Its middle along a row, pixels, FITS convention'),
    y: z.number().describe('Its middle from row to row as stored, pixels'),
    stars: z.number().describe('Stars in it that tell of its shape'),
    fwhm_px: z.number().optional().describe('Full width at half maximum, pixels: median of its stars'),
    hfr_px: z.number().optional().describe("Radius that holds half of a star's light, pixels: median"),
    ellipticity: z.number().optional().describe('1 − b/a of the shape that its stars have in common'),
    angle_deg: z
      .number()
      .optional()
      .describe('Direction of the long axis from +x towards +y, degrees, 0 to 180'),
  })
  .describe('One of 3 × 3 equal parts of the image; figures are absent where it has fewer than 3 such stars');

/** Validates `image_quality` of a result. */
export const imageQualitySchema: z.ZodType<ImageQuality> = z
  .looseObject({
    stars: z
      .looseObject({
        found: z.number().describe('Stars found in the image'),
        measured: z.number().describe('Stars measured: the brightest 300 at most'),
        used: z.number().describe('Stars that the figures are taken from'),
        saturated: z.number().describe('Stars left out because they are saturated'),
        crowded: z.number().describe('Stars left out because another one is close by'),
      })
      .describe('How many stars there are'),
    binning: z
      .number()
      .describe(
        'Side of the squares of pixels that were averaged before measuring: 2 of a colour mosaic, otherwise 1',
      ),
    fwhm_px: z
      .number()
      .optional()
      .describe(
        'Full width at half maximum, pixels of the original image, before pixels gather the light: median',
      ),
    fwhm_arcsec: z.number().optional().describe('The same, arcseconds'),
    hfr_px: z.number().optional().describe("Radius that holds half of a star's light, pixels: median"),
    hfr_arcsec: z.number().optional().describe('The same, arcseconds'),
    ellipticity: z.number().optional().describe('1 − b/a of the shape that the stars have in common'),
    angle_deg: z
      .number()
      .optional()
      .describe(
        'Direction of its long axis in the stored image, from +x towards +y, degrees, 0 to 180; absent of round stars',
      ),
    position_angle_deg: z
      .number()
      .optional()
      .describe('The same direction on the sky, degrees east of north, 0 to 180'),
    grid: z
      .array(qualityCellSchema)
      .optional()
      .describe('Nine parts of the image, row by row as they are stored'),
    tilt: z
      .looseObject({
        percent: z
          .number()
          .describe('How much widths rise from one side of the image to the other, percent of `fwhm_px`'),
        toward_deg: z
          .number()
          .optional()
          .describe('Where stars are wider: from +x towards +y, degrees, 0 to 360'),
      })
      .optional()
      .describe('A plane through the widths of the stars'),
    curvature_percent: z
      .number()
      .optional()
      .describe(
        'How much wider stars are in the corners than in the middle, percent of `fwhm_px`, without the tilt',
      ),
    summary: z.string().optional().describe('Tilt and curvature, one sentence for a person'),
    background: z
      .looseObject({
        level: z.number().describe('Median of the sky, units of the file (ADU)'),
        gradient_percent: z.number().optional().describe('From one side to the other, percent of `level`'),
        gradient_toward_deg: z
          .number()
          .optional()
          .describe('Where it is brighter: from +x towards +y, degrees, 0 to 360'),
        noise: z.number().optional().describe('One standard deviation of a pixel, units of the file'),
      })
      .optional()
      .describe('The sky between the stars'),
    saturation: z
      .looseObject({
        level: z
          .number()
          .optional()
          .describe('From which value on a pixel is saturated, units of the file; absent where none is'),
        share: z.number().describe('Share of all pixels that are, 0 to 1'),
      })
      .optional()
      .describe('Pixels as bright as the image can show'),
    trailing: z
      .looseObject({
        length_px: z.number().describe('Length, pixels of the original image'),
        length_arcsec: z.number().describe('Length, arcseconds'),
        position_angle_deg: z.number().describe('Direction, degrees east of north, 0 to 180'),
        sidereal: z
          .looseObject({
            length_px: z.number().describe('Length, pixels'),
            length_arcsec: z.number().describe('Length, arcseconds'),
            position_angle_deg: z.number().describe('Direction, degrees east of north'),
          })
          .optional()
          .describe('What the sky alone would do in the exposure while a camera stands still'),
      })
      .optional()
      .describe('Only of stars that are all drawn out in one direction'),
    notes: z.array(z.string()).optional().describe('What is not stated, and why; one line each'),
  })
  .describe(
    'How sharp the stars are, and how even the sky. What cannot be known is absent, and `notes` say why',
  );

const zeroPoint = z.looseObject({
  zero_point: z
    .number()
    .describe(
      'Magnitude of a star of which one unit of the file, over the whole exposure, is within `aperture_px`',
    ),
  scatter: z
    .number()
    .describe('One standard deviation of a star, magnitudes: 1.4826 times the median absolute deviation'),
  error: z.number().describe('One standard deviation of `zero_point`, magnitudes'),
  stars: z.number().describe('Stars that it was taken from'),
});

/** Validates `photometry` of a result. */
export const photometrySchema: z.ZodType<Photometry> = z
  .looseObject({
    ...zeroPoint.shape,
    band: z.literal('VT').describe("Band of the catalogue's magnitudes: Tycho-2 VT"),
    v: zeroPoint.optional().describe('The same against V of the Hipparcos stars in the catalogue'),
    slope: z
      .number()
      .optional()
      .describe(
        'Magnitudes of the image for one of the catalogue: 1 where brightness is proportional to light',
      ),
    linear: z
      .boolean()
      .describe('Whether pixels are proportional to light; if not, the figures here are rough'),
    linear_why: z.string().describe('From what that is known, for a person'),
    aperture_px: z.number().describe('Radius of the circles in which light was summed, pixels'),
    aperture_correction: z
      .number()
      .optional()
      .describe('Magnitudes that stars are brighter by in all than in their circles'),
    limiting_magnitude: z
      .number()
      .optional()
      .describe('Magnitude, in `band`, of a star whose light is five times its error'),
    sky: z
      .looseObject({
        magnitude_arcsec2: z.number().describe('Magnitudes, in `band`, per square arcsecond'),
        is_limit: z
          .boolean()
          .describe(
            'True where it is unknown what a pixel without light has: the sky is this bright at most',
          ),
        offset: z
          .number()
          .describe('What a pixel without light has, units of the file; 0 where it is unknown'),
      })
      .optional()
      .describe('Brightness of the sky; only of linear images'),
    notes: z.array(z.string()).optional().describe('What is not stated, and why; one line each'),
  })
  .describe(
    'How bright things are, against the catalogue. What cannot be known is absent, and `notes` say why',
  );

/** Validates an entry of `candidates` of a result. */
export const candidateSchema: z.ZodType<Candidate> = z
  .looseObject({
    x: z.number().describe('Along a row, pixels of the original image, FITS convention'),
    y: z.number().describe('From row to row as stored, pixels'),
    ra_deg: z.number().describe('Right ascension, degrees, J2000'),
    dec_deg: z.number().describe('Declination, degrees, J2000'),
    magnitude: z.number().describe('VT magnitude, estimated by the zero point'),
    relative_width: z.number().describe('Its width over the median of the stars'),
    snr: z.number().describe('Its light over its error'),
  })
  .describe(
    'What looks like a bright star and is in no catalogue of the package. No more than a place to look at',
  );
