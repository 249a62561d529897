import { z } from 'zod';
import type { Attempt, Hint, LensFit, LensFitPart, SolveReport } from './types/solve-report.js';

export type { Attempt, Hint, LensFit, LensFitPart, SolveReport } from './types/solve-report.js';

/** Validates an entry of `solve.attempts` of a result. */
export const attemptSchema: z.ZodType<Attempt> = z
  .looseObject({
    name: z.string().describe('Short stable name, such as `exif-scale` or `blind`'),
    reason: z.string().describe('Why it was tried, for a person'),
    seconds: z.number().describe('How long it took, wall-clock seconds'),
    outcome: z
      .enum(['solved', 'no_solution', 'stopped', 'crashed', 'too_few_stars'])
      .describe('How it ended; `stopped`: another one was first, or the time was over'),
  })
  .describe('One try at a solution');

/** Validates a hint of `solve.hints` of a result. */
export const hintSchema: z.ZodType<Hint> = z
  .looseObject({
    value: z.unknown().describe('What was supposed; its form depends on the hint'),
    source: z
      .enum(['user', 'exif', 'fits', 'remembered'])
      .describe('Where it came from; `remembered`: the last image of the same camera and optics'),
    reason: z.string().optional().describe('Why it was supposed, for a person'),
  })
  .describe('A hint that guided the search, and where it came from');

/** Validates an entry of `solve.fit.thirds` of a result. */
export const lensFitPartSchema: z.ZodType<LensFitPart> = z
  .looseObject({
    stars: z.number().describe('Matched stars there'),
    rms_px: z
      .number()
      .optional()
      .describe('Root mean square of their distances from the solution, pixels; absent without stars'),
  })
  .describe('How the fit does in a part of the picture');

/** Validates `solve.fit` of a result. */
export const lensFitSchema: z.ZodType<LensFit> = z
  .looseObject({
    model: z
      .string()
      .describe(
        'The projection, as CTYPE says it: `TAN`, `TAN-SIP`; of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`',
      ),
    order: z.number().describe('Order of the polynomials that distort it; 0 where there are none'),
    stars: z.number().describe('Stars that it was fitted to'),
    rms_arcsec: z.number().describe('Root mean square of their distances from the solution, arcseconds'),
    rms_px: z.number().describe('The same, pixels of the original image'),
    held_out_px: z
      .number()
      .optional()
      .describe(
        'The same at stars that took no part in a fit of this order, one left out at a time, pixels; a star that is far off counts less. Absent where stars are too few to leave any out',
      ),
    thirds: z
      .tuple([lensFitPartSchema, lensFitPartSchema, lensFitPartSchema])
      .describe(
        'By the distance from the middle of the picture: to a third of that of its farthest pixel, to two thirds, and beyond',
      ),
    corner_distortion_px: z
      .number()
      .optional()
      .describe(
        'How far the distortion moves the corner that it moves most, against the tangent plane of the middle, pixels; absent where the sky does not reach the corners',
      ),
    corner_sigma_px: z
      .number()
      .optional()
      .describe(
        'How well the fit knows the place of the worst corner, of a fisheye lens of the edge of the sky: standard deviation along one axis, pixels',
      ),
    good_to_corners: z
      .boolean()
      .describe('Whether the solution is shown to be true to the corners, or to the edge of the sky'),
  })
  .describe('The model of the lens and what it was fitted to');

/** Validates `solve` of a result. */
export const solveSchema: z.ZodType<SolveReport> = z
  .looseObject({
    solver: z
      .string()
      .describe('`builtin`, `solve-field`, `external`, or the name of a solver that the host registered'),
    version: z.string().optional().describe('The version of that solver'),
    seconds: z.number().describe('How long the solve took, wall-clock seconds'),
    command: z
      .array(z.string())
      .optional()
      .describe(
        "The exact argv that found it, where a program did; paths are relative to the job's scratch folder",
      ),
    hints: z
      .record(z.string(), hintSchema)
      .optional()
      .describe('What guided the search, by name of the hint'),
    attempts: z.array(attemptSchema).optional().describe('What was tried'),
    fit: lensFitSchema
      .optional()
      .describe('The fit of the lens; absent where the solver does not say which stars it matched'),
  })
  .describe('How the solution was obtained');
