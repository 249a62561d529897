import { z } from 'zod';
import type { Known } from './known.js';

/** One try at a solution. */
export const attemptSchema = z.looseObject({
  /** Short stable name, such as `exif-scale` or `blind`. */
  name: z.string(),
  /** Why it was tried, for a person. */
  reason: z.string(),
  /** Wall-clock seconds. */
  seconds: z.number(),
  outcome: z.enum(['solved', 'no_solution', 'stopped', 'crashed', 'too_few_stars']),
});
export interface Attempt extends Known<z.output<typeof attemptSchema>> {}

/** A hint that guided the search, and where it came from. */
export const hintSchema = z.looseObject({
  value: z.unknown(),
  source: z.enum(['user', 'exif', 'fits', 'remembered']),
  reason: z.string().optional(),
});

/** How the fit does in a part of the picture. */
export const lensFitPartSchema = z.looseObject({
  /** Matched stars there. */
  stars: z.number(),
  /** Root mean square of their distances from the solution, pixels; absent without stars. */
  rms_px: z.number().optional(),
});

/** The model of the lens and what it was fitted to. */
export const lensFitSchema = z.looseObject({
  /** The projection, as CTYPE says it: `TAN`, `TAN-SIP`; of a fisheye lens `ARC`, `ZEA`, `STG` or `SIN`. */
  model: z.string(),
  /** Order of the polynomials that distort it; 0 where there are none. */
  order: z.number(),
  /** Stars that it was fitted to. */
  stars: z.number(),
  /** Root mean square of their distances from the solution. */
  rms_arcsec: z.number(),
  rms_px: z.number(),
  /** Root mean square at stars that took no part, of this order, pixels; absent where stars are too few to leave any out. */
  held_out_px: z.number().optional(),
  /** By the distance from the middle: to 1/3, to 2/3, and beyond, of that of the farthest pixel. */
  thirds: z.tuple([lensFitPartSchema, lensFitPartSchema, lensFitPartSchema]),
  /** How far the distortion moves the corner that it moves most, pixels; absent where the sky does not reach the corners. */
  corner_distortion_px: z.number().optional(),
  /** How well the fit knows the place of the worst corner (or of the edge of the sky): standard deviation along one axis, pixels. */
  corner_sigma_px: z.number().optional(),
  /** Whether the solution is shown to be true to the corners, or to the edge of the sky. */
  good_to_corners: z.boolean(),
});
export interface LensFitPart extends Known<z.output<typeof lensFitPartSchema>> {}
export interface LensFit extends Known<z.output<typeof lensFitSchema>> {}

/** How the solution was obtained. */
export const solveSchema = z.looseObject({
  solver: z.string(),
  version: z.string().optional(),
  seconds: z.number(),
  /** The exact argv that found it; paths are relative to the job's scratch folder. */
  command: z.array(z.string()).optional(),
  hints: z.record(z.string(), hintSchema).optional(),
  attempts: z.array(attemptSchema).optional(),
  fit: lensFitSchema.optional(),
});
export interface SolveReport extends Known<z.output<typeof solveSchema>> {}
