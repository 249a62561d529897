import { z } from 'zod';
import { AstroJobsError } from './errors.js';

/** What a number of `scale_low` and `scale_high` means. */
export const SCALE_UNITS = ['degwidth', 'arcminwidth', 'arcsecperpix', 'focalmm'] as const;
export type ScaleUnits = (typeof SCALE_UNITS)[number];

const given = <T extends z.ZodType>(type: T) => type.nullable().default(null);
const positive = (unit: string) =>
  z.number({ error: `a positive number of ${unit}` }).positive({ error: `a positive number of ${unit}` });

/**
 * What was asked for, as stored in `status.json`: snake_case, null where nothing was given.
 * What the caller gives is a bound, never relaxed; what the image's metadata say is only a hint.
 */
export const paramsSchema = z
  .strictObject({
    /** Lower bound of the scale, in `scale_units`. */
    scale_low: given(positive('scale units')),
    /** Upper bound of the scale, in `scale_units`. */
    scale_high: given(positive('scale units')),
    /** degrees of image width (default), arcminutes of image width, arcseconds per pixel, or 35 mm-equivalent focal length in mm. */
    scale_units: z.enum(SCALE_UNITS).default('degwidth'),
    /** Factor by which the image may be shrunk before stars are looked for. */
    downsample: z
      .int({ error: 'a whole number from 1 to 64' })
      .min(1, { error: 'a whole number from 1 to 64' })
      .max(64, { error: 'a whole number from 1 to 64' })
      .default(2),
    /** Wall-clock seconds that one attempt at the job may take. */
    timeout: positive('seconds').max(86_400, { error: 'at most 86400 seconds' }).default(600),
    /** Centre to search around, degrees J2000; needs `dec` and `radius`. */
    ra: given(
      z
        .number({ error: 'degrees from 0 to 360' })
        .min(0, { error: 'degrees from 0 to 360' })
        .max(360, { error: 'degrees from 0 to 360' }),
    ),
    dec: given(
      z
        .number({ error: 'degrees from -90 to 90' })
        .min(-90, { error: 'degrees from -90 to 90' })
        .max(90, { error: 'degrees from -90 to 90' }),
    ),
    /** Search radius around `ra`, `dec`, degrees. */
    radius: given(positive('degrees').max(180, { error: 'at most 180 degrees' })),
    /** Sign of det CD when known: 1 or -1. */
    parity: given(z.union([z.literal(1), z.literal(-1)], { error: '1 or -1' })),
    /** Order of the SIP distortion polynomial; 0 for a plain tangent plane. */
    tweak_order: z
      .int({ error: 'a whole number from 0 to 9' })
      .min(0, { error: 'a whole number from 0 to 9' })
      .max(9, { error: 'a whole number from 0 to 9' })
      .default(2),
    /** Width and height, in pixels, of the image that a source list was measured on. */
    image_width: given(positive('pixels')),
    image_height: given(positive('pixels')),
    /** Whether scale and pointing from EXIF and FITS headers may guide the search. */
    use_metadata: z.boolean().default(true),
    /** `auto`: solve-field where it is installed, else the external extractor. */
    solver: z.enum(['auto', 'solve-field', 'external']).default('auto'),
    /** Keep `output/annotated.jpg` with the result. */
    annotate: z.boolean().default(false),
  })
  .superRefine((params, context) => {
    if (params.scale_low !== null && params.scale_high !== null && params.scale_low > params.scale_high) {
      context.addIssue({
        code: 'custom',
        path: ['scale_low'],
        message: `at most scale_high (${params.scale_high})`,
      });
    }
    const centre = [params.ra, params.dec, params.radius].filter((value) => value !== null).length;
    if (centre !== 0 && centre !== 3) {
      context.addIssue({
        code: 'custom',
        path: ['radius'],
        message: 'together with ra and dec: a search centre needs all three',
      });
    }
  });

/** Validated parameters: every field present. */
export type SolveParams = z.output<typeof paramsSchema>;
/** Parameters as a caller gives them: every field optional. */
export type SolveParamsInput = z.input<typeof paramsSchema>;

/**
 * The one door for parameters.
 * @throws AstroJobsError `invalid_params`: ``Expected `scale_low` to be a positive number of scale units, got `-1` (number)``.
 */
export function parseParams(input: unknown): SolveParams {
  return parseInput(paramsSchema, input ?? {}, 'parameter');
}

/** What a caller gave, validated; the schema's messages say what was expected. @throws AstroJobsError `invalid_params` */
export function parseInput<T extends z.ZodObject>(schema: T, input: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    throw new AstroJobsError(
      'invalid_params',
      `Unknown ${what} \`${issue.keys.join('`, `')}\`; known are ${known}`,
    );
  }
  const got = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  const shown = typeof got === 'string' ? JSON.stringify(got).slice(0, 80) : String(got);
  const name = issue.path.join('.') || `${what}s`;
  throw new AstroJobsError(
    'invalid_params',
    `Expected \`${name}\` to be ${issue.message}, got \`${shown}\` (${typeof got})`,
  );
}
