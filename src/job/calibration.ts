import { z } from 'zod';
import { AstroJobsError } from './errors.js';

/** The version of the calibrations that this version of the package writes and reads. */
export const CALIBRATION_VERSION = 1;

/** SIP knows no terms of higher order. */
const MOST_ORDER = 9;
/** How far the middle of an image may be missed, pixels: numbers may have been rounded. */
const ROUNDING_PX = 0.01;

const polynomial = z
  .array(z.array(z.number()).max(MOST_ORDER + 1))
  .max(MOST_ORDER + 1)
  .describe('c[p][q] multiplies u^p·v^q');

/**
 * What a lens does to pictures of one size, wherever they point. Pixels follow the FITS convention: (1, 1) is the centre of the first pixel
 * of the file's first row.
 */
export const calibrationSchema = z
  .object({
    version: z.literal(CALIBRATION_VERSION, { error: `a calibration of version ${CALIBRATION_VERSION}` }),
    /** Camera, optics and picture size, for a person. */
    optics: z.string().max(500).optional(),
    /** Size of the picture, pixels. */
    width: z.int().positive(),
    height: z.int().positive(),
    /** The projection, as CTYPE says it: `TAN`, of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`. */
    projection: z.enum(['TAN', 'ARC', 'ZEA', 'STG', 'SIN']),
    /** Where `u` and `v` are 0, pixels: the middle of the picture for `TAN`, the optical axis of a fisheye lens. */
    center: z.tuple([z.number(), z.number()]),
    /** At the center. */
    arcsec_per_pixel: z.number().positive(),
    /** SIP (Shupe et al. 2005): a pixel (u, v) from the center lies at (u + a(u, v), v + b(u, v)) in the plane of the projection. */
    sip: z.object({ a: polynomial, b: polynomial }).optional(),
    /** What it was fitted to. */
    fit: z
      .object({
        frames: z.int().positive(),
        stars: z.int().nonnegative(),
        rms_px: z.number().nonnegative(),
        /** How far the distortion moves the corner that it moves most. */
        corner_distortion_px: z.number().nonnegative().optional(),
      })
      .optional(),
  })
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
  const where = issue?.path.join('.') || 'it';
  throw new AstroJobsError('invalid_params', `Not a calibration: ${where}: ${issue?.message ?? 'not read'}`);
}
