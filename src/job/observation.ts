import { z } from 'zod';
import type { Known } from './known.js';

/** What is left out for a reason. */
export const notStatedSchema = z.looseObject({
  /** Such as `satellites`, `sun` or `altitude`. */
  what: z.string(),
  /** For a person. */
  why: z.string(),
});
export interface NotStated extends Known<z.output<typeof notStatedSchema>> {}

/** What was wrong with a file of elements; each code stays the same across releases. */
export const elementWarningSchema = z.looseObject({
  code: z.enum(['damaged_line', 'outdated_elements', 'unknown_format', 'unreadable_file']),
  /** The number of the line, 1 being the first. */
  line: z.number().optional(),
  /** For a person. */
  message: z.string(),
});
export interface ElementWarning extends Known<z.output<typeof elementWarningSchema>> {}

/** A file of elements that was looked through. */
export const elementFileSchema = z.looseObject({
  /** Without its folder. */
  name: z.string(),
  /** Absent where it has no line of elements. */
  kind: z.enum(['minor-planets', 'comets', 'satellites']).optional(),
  /** Whose elements could be read. */
  objects: z.number(),
  /** Lines that could not. */
  damaged: z.number(),
  /** Objects in the field whose elements are too old to say where they were. */
  outdated: z.number(),
  /** The first ones of each kind. */
  warnings: z.array(elementWarningSchema),
});
export interface ElementFile extends Known<z.output<typeof elementFileSchema>> {}

/** How asteroids, comets and satellites were looked for; those found are among the objects. */
export const movingObjectsSchema = z.looseObject({
  /** Fainter asteroids and comets are not listed. */
  magnitude_limit: z.number().optional(),
  /** Objects found beyond those that are listed, the faintest ones. */
  left_out: z.number().optional(),
  files: z.array(elementFileSchema),
  not_stated: z.array(notStatedSchema).optional(),
});
export interface MovingObjects extends Known<z.output<typeof movingObjectsSchema>> {}

/** Where the telescope stood and what else was in the sky. */
export const observationSchema = z.looseObject({
  /** ISO 8601, UTC: of the exposure's start, middle and end; the middle alone where it is not known how long it took. */
  start_utc: z.string().optional(),
  middle_utc: z.string().optional(),
  end_utc: z.string().optional(),
  /** Of the middle of the picture at the middle of the exposure: degrees, without refraction; azimuth from north through east. */
  altitude_deg: z.number().optional(),
  azimuth_deg: z.number().optional(),
  /** Absent below the horizon. */
  airmass: z.number().optional(),
  /** Direction of the zenith, degrees east of north. */
  parallactic_angle_deg: z.number().optional(),
  /** What is up in the picture, counted from the zenith, degrees, positive the way from north to east. */
  tilt_deg: z.number().optional(),
  sun: z
    .looseObject({
      /** Degrees, without refraction. */
      altitude_deg: z.number().optional(),
      azimuth_deg: z.number().optional(),
      /** From the middle of the picture. */
      separation_deg: z.number(),
      twilight: z.enum(['day', 'civil', 'nautical', 'astronomical', 'night']).optional(),
    })
    .optional(),
  moon: z
    .looseObject({
      altitude_deg: z.number().optional(),
      azimuth_deg: z.number().optional(),
      separation_deg: z.number(),
      /** Share of the disc that is lit, 0 to 1. */
      illuminated: z.number(),
      /** Of its ecliptic longitude over that of the Sun, degrees: 0 new, 90 first quarter, 180 full, 270 last quarter. */
      phase_deg: z.number(),
      phase: z.enum([
        'new',
        'waxing crescent',
        'first quarter',
        'waxing gibbous',
        'full',
        'waning gibbous',
        'last quarter',
        'waning crescent',
      ]),
    })
    .optional(),
  /** From where the mount claimed to look to the middle of the picture. */
  mount_offset: z
    .looseObject({
      arcmin: z.number(),
      /** Degrees east of north. */
      pa_deg: z.number(),
      /** Its parts along right ascension (on the sky) and declination. */
      east_arcmin: z.number(),
      north_arcmin: z.number(),
      /** The keywords that the claim stands in. */
      source: z.string().optional(),
    })
    .optional(),
  not_stated: z.array(notStatedSchema).optional(),
});
export interface Observation extends Known<z.output<typeof observationSchema>> {}
