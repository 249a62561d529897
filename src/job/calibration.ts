import { z } from 'zod';
import { AstroJobsError } from './errors.js';
import type { Calibration } from './types/calibration.js';

export type { Calibration } from './types/calibration.js';

/** The version of the calibrations that this version of the package writes and reads. */
export const CALIBRATION_VERSION = 1;

/** SIP knows no terms of higher order. */
const MOST_ORDER = 9;
/** How far the middle of an image may be missed, pixels: numbers may have been rounded. */
const ROUNDING_PX = 0.01;

const number = z.number({ error: 'a number' });
const positive = number.gt(0, { error: 'a positive number' });
const notNegative = number.min(0, { error: 'a number that is not negative' });
const count = z.int({ error: 'a whole number' }).positive({ error: 'a whole number of 1 or more' });
const TABLE = { error: `rows of numbers, at most ${MOST_ORDER + 1} of ${MOST_ORDER + 1}` };
const polynomial = z
  .array(z.array(number, TABLE).max(MOST_ORDER + 1, TABLE), TABLE)
  .max(MOST_ORDER + 1, TABLE)
  .describe('c[p][q] multiplies u^p·v^q');
const PROJECTIONS = ['TAN', 'ARC', 'ZEA', 'STG', 'SIN'] as const;

/** Validates a calibration; what is not known here is left out. */
export const calibrationSchema: z.ZodType<Calibration> = z
  .object(
    {
      version: z
        .literal(CALIBRATION_VERSION, { error: `a calibration of version ${CALIBRATION_VERSION}` })
        .describe('The version of this form of document'),
      optics: z.string().max(500).optional().describe('Camera, optics and picture size, for a person'),
      width: count.describe('Width of the pictures, pixels'),
      height: count.describe('Height of the pictures, pixels'),
      projection: z
        .enum(PROJECTIONS, { error: `one of ${PROJECTIONS.join(', ')}` })
        .describe('The projection, as CTYPE says it: `TAN`, of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`'),
      center: z
        .tuple([number, number], { error: 'two numbers' })
        .describe(
          'Where `u` and `v` are 0, [x, y] pixels, FITS convention: the middle of the picture for `TAN`, the optical axis of a fisheye lens',
        ),
      arcsec_per_pixel: positive.describe('Pixel scale at the center, arcseconds per pixel'),
      sip: z
        .object({ a: polynomial, b: polynomial })
        .optional()
        .describe(
          'SIP (Shupe et al. 2005): a pixel (u, v) from the center lies at (u + a(u, v), v + b(u, v)) in the plane of the projection',
        ),
      image_circle: z
        .object({
          x: number.describe('Pixels from the left'),
          y: number.describe('Pixels from the first row'),
          radius: positive.describe('Pixels'),
        })
        .optional()
        .describe('Where a fisheye lens shows the sky, when that is not all of the picture: FITS convention'),
      fit: z
        .object({
          frames: count.describe('Pictures'),
          stars: notNegative.describe('Stars of all of them'),
          rms_px: notNegative.describe('Root mean square of their distances from the solution, pixels'),
          corner_distortion_px: notNegative
            .optional()
            .describe('How far the distortion moves the corner that it moves most, pixels'),
        })
        .optional()
        .describe('What it was fitted to'),
    },
    { error: 'a calibration, as `astro-jobs calibrate` writes it' },
  )
  .superRefine(({ projection, center, width, height }, context) => {
    const [x, y] = [center[0] - (width + 1) / 2, center[1] - (height + 1) / 2];
    if (projection === 'TAN' && Math.hypot(x, y) > ROUNDING_PX)
      context.addIssue({
        code: 'custom',
        path: ['center'],
        message: `the middle of the picture, [${(width + 1) / 2}, ${(height + 1) / 2}]`,
      });
  })
  .describe(
    'What a lens does to pictures of one size, wherever they point. Pixels follow the FITS convention: (1, 1) is the centre of the first pixel of the first row of the file',
  );

/**
 * Reads a calibration, as `JSON.parse` gives it.
 * @throws AstroJobsError `invalid_params`
 */
export function parseCalibration(value: unknown): Calibration {
  const parsed = calibrationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'all';
  throw new AstroJobsError(
    'invalid_params',
    `Expected \`${where}\` of a calibration to be ${issue?.message ?? 'there'}`,
  );
}
