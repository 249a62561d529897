import { z } from 'zod';
import { STYLE_NAMES } from '../annotate/drawing-options.js';
import { astroObjectSchema } from '../job/astrometry.js';
import { PARAM_NAMES } from '../job/param-table.js';
import { paramSchemas } from '../job/params.js';
import { resultSchema } from '../job/result.js';
import { statusSchema } from '../job/status.js';

// What the tools take and give: the documents of a job, as everywhere else.

/** A job, by its id. */
export const jobInput = z.object({ job_id: z.string().describe('as `submit` or `solve` gave it') });

/** Documents that a model cannot type, and what a tool of its own does. */
const NOT_ASKED = new Set(['calibration', 'annotate']);
const solveParams = Object.fromEntries(
  PARAM_NAMES.filter((name) => !NOT_ASKED.has(name)).map((name) => [name, paramSchemas[name]]),
);

/** An image, and what is known of its field. */
export const imageInput = z.object({
  image: z.string().min(1).describe('path of the photograph on the machine of this server'),
  ...solveParams,
});

/** How many objects a result lists at most; the tool `objects` has the others. */
export const LISTED_OBJECTS = 25;

/** A result, its objects those that stand out most. */
export const resultOutput = z.object({
  job_id: z.string(),
  result: resultSchema,
  objects_total: z
    .int()
    .optional()
    .describe(`objects in the picture; \`result\` lists the ${LISTED_OBJECTS} that stand out most`),
});

export const statusOutput = z.object({ status: statusSchema });

export const objectsInput = jobInput.extend({
  catalog: z.string().optional().describe('only of this catalogue: M, NGC, IC, Sh2, star, solar-system, …'),
  limit: z.int().min(1).max(2000).default(50).describe('the ones that stand out most'),
});
export const objectsOutput = z.object({
  job_id: z.string(),
  total: z.int().describe('before the limit'),
  objects: z.array(astroObjectSchema).describe('what stands out most first'),
});

const MAX_POINTS = 1000;
const pixel = z.object({ x: z.number(), y: z.number() });
const place = z.object({ ra_deg: z.number(), dec_deg: z.number() });

export const pixelsInput = jobInput.extend({
  pixels: z
    .array(pixel)
    .min(1)
    .max(MAX_POINTS)
    .describe('of the image as stored, (1, 1) the centre of the first pixel of the file'),
});
export const placesInput = jobInput.extend({
  places: z.array(place).min(1).max(MAX_POINTS).describe('degrees, J2000'),
});
/** Pixels and places of the same order; what does not belong together has only the half that was asked about. */
export const pointsOutput = z.object({
  job_id: z.string(),
  points: z.array(
    z.object({
      x: z.number().optional(),
      y: z.number().optional(),
      ra_deg: z.number().optional(),
      dec_deg: z.number().optional(),
      inside: z.boolean().describe('whether the point is in the picture'),
    }),
  ),
});

export const pictureInput = jobInput.extend({
  width: z.int().min(64).max(2000).default(1200).describe('pixels'),
  style: z
    .enum(STYLE_NAMES)
    .default('overlay')
    .describe(
      '`minimal` names only what stands out most, `print` draws on the negative, `chart` is a finder chart without the photograph',
    ),
});
export const pictureOutput = z.object({
  job_id: z.string(),
  mime_type: z.string(),
  width: z.int(),
  bytes: z.int(),
});
