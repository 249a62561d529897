import { z } from 'zod';
import { AstroJobsError } from './errors.js';

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

/**
 * What a lens does to pictures of one size, wherever they point. Pixels follow the FITS convention: (1, 1) is the centre of the first pixel
 * of the file's first row.
 */
export const calibrationSchema = z
  .object(
    {
      version: z.literal(CALIBRATION_VERSION, { error: `a calibration of version ${CALIBRATION_VERSION}` }),
      /** Camera, optics and picture size, for a person. */
      optics: z.string().max(500).optional(),
      /** Size of the picture, pixels. */
      width: count,
      height: count,
      /** The projection, as CTYPE says it: `TAN`, of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`. */
      projection: z.enum(PROJECTIONS, { error: `one of ${PROJECTIONS.join(', ')}` }),
      /** Where `u` and `v` are 0, pixels: the middle of the picture for `TAN`, the optical axis of a fisheye lens. */
      center: z.tuple([number, number], { error: 'two numbers' }),
      /** At the center. */
      arcsec_per_pixel: positive,
      /** SIP (Shupe et al. 2005): a pixel (u, v) from the center lies at (u + a(u, v), v + b(u, v)) in the plane of the projection. */
      sip: z.object({ a: polynomial, b: polynomial }).optional(),
      /** Where a fisheye lens shows the sky, when that is not all of the picture: middle and radius, pixels. */
      image_circle: z.object({ x: number, y: number, radius: positive }).optional(),
      /** What it was fitted to. */
      fit: z
        .object({
          frames: count,
          stars: notNegative,
          rms_px: notNegative,
          /** How far the distortion moves the corner that it moves most. */
          corner_distortion_px: notNegative.optional(),
        })
        .optional(),
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
  });

export type Calibration = z.output<typeof calibrationSchema>;

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
