import { z } from 'zod';
import { astrometrySchema } from './astrometry.js';
import { captureSchema } from './capture.js';
import { ERROR_CODES } from './error-codes.js';
import type { Known } from './known.js';
import { candidateSchema, imageQualitySchema, photometrySchema } from './measured.js';
import { movingObjectsSchema, observationSchema } from './observation.js';
import { solveSchema } from './solve-report.js';

export const solvedResultSchema = z.looseObject({
  ok: z.literal(true),
  filename: z.string(),
  capture: captureSchema,
  astrometry: astrometrySchema,
  observation: observationSchema.optional(),
  moving_objects: movingObjectsSchema.optional(),
  solve: solveSchema.optional(),
  image_quality: imageQualitySchema.optional(),
  photometry: photometrySchema.optional(),
  /** Absent where the picture does not allow to look for them. */
  candidates: z.array(candidateSchema).optional(),
});

export const failedResultSchema = z.looseObject({
  ok: z.literal(false),
  error: z.string(),
  error_code: z.enum(ERROR_CODES),
  filename: z.string().optional(),
  capture: captureSchema.optional(),
  /** What was learned before the failure. */
  sources: z.looseObject({ detected: z.number().optional() }).optional(),
  solve: solveSchema.optional(),
});

/** `output/result.json`. */
export const resultSchema = z.discriminatedUnion('ok', [solvedResultSchema, failedResultSchema]);
export interface SolvedResult extends Known<z.output<typeof solvedResultSchema>> {}
export interface FailedResult extends Known<z.output<typeof failedResultSchema>> {}
/** `ok` tells whether the image was solved. */
export type JobResult = SolvedResult | FailedResult;
