import { z } from 'zod';
import { astrometrySchema } from './astrometry.js';
import { captureSchema } from './capture.js';
import { ERROR_CODES } from './error-codes.js';
import { candidateSchema, imageQualitySchema, photometrySchema } from './measured.js';
import { movingObjectsSchema, observationSchema } from './observation.js';
import { solveSchema } from './solve-report.js';
import type { FailedResult, SolvedResult } from './types/result.js';
import { writtenExportSchema } from './written-exports.js';

export type { FailedResult, SolvedResult } from './types/result.js';

const filename = z.string().describe('Safe form of the name under which the image was submitted');

const solved = z
  .looseObject({
    ok: z.literal(true).describe('There is a plate solution'),
    filename,
    capture: captureSchema.describe('What the file says of itself'),
    astrometry: astrometrySchema.describe('The plate solution'),
    observation: observationSchema
      .optional()
      .describe('Where the telescope stood, Sun and Moon, offset of the mount'),
    moving_objects: movingObjectsSchema
      .optional()
      .describe(
        'How asteroids, comets and satellites were looked for; absent where no files of elements are known',
      ),
    solve: solveSchema.optional().describe('How the solution was obtained'),
    image_quality: imageQualitySchema
      .optional()
      .describe('How sharp the stars are, and how even the sky; only when it was measured'),
    photometry: photometrySchema
      .optional()
      .describe(
        'Zero point, limiting magnitude, brightness of the sky; only when it was measured on enough stars',
      ),
    candidates: z
      .array(candidateSchema)
      .optional()
      .describe(
        'Bright stars that are in no catalogue of the package; absent where the picture does not allow to look for them',
      ),
    exports: z
      .array(writtenExportSchema)
      .optional()
      .describe('What has become of the files that its submitter asked for'),
  })
  .describe('`output/result.json` of a solved image');

const failed = z
  .looseObject({
    ok: z.literal(false).describe('There is no plate solution'),
    error: z.string().describe('What went wrong, one line for a person'),
    error_code: z
      .enum(ERROR_CODES)
      .describe('The same for a program: each code stays the same across releases'),
    filename: filename.optional(),
    capture: captureSchema.optional().describe('What the file says of itself, as far as it was read'),
    sources: z
      .looseObject({
        detected: z
          .number()
          .optional()
          .describe('Stars found in the image, in the size in which it was solved'),
      })
      .optional()
      .describe('What was learned of the stars before the failure'),
    solve: solveSchema.optional().describe('What was tried'),
  })
  .describe('`output/result.json` of an image that was not solved');

/** Validates `output/result.json` of a solved image. Fields that are not known here are kept. */
export const solvedResultSchema: z.ZodType<SolvedResult> = solved;
/** Validates `output/result.json` of an image that was not solved. Fields that are not known here are kept. */
export const failedResultSchema: z.ZodType<FailedResult> = failed;
/** Validates `output/result.json`. Fields that are not known here are kept. */
export const resultSchema: z.ZodType<JobResult> = z.discriminatedUnion('ok', [solved, failed]);

/** `output/result.json`; `ok` tells whether the image was solved. */
export type JobResult = SolvedResult | FailedResult;
