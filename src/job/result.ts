import { z } from 'zod';
import { ERROR_CODES } from './error-codes.js';
import type { Known } from './known.js';
import { candidateSchema, imageQualitySchema, photometrySchema } from './measured.js';

const pair = z.tuple([z.number(), z.number()]);

/** A value of the file that could not be read, or was left out. */
export const captureNoteSchema = z.looseObject({
  /** Where it stood, such as `EXIF LensModel` or `FITS EXPTIME`. */
  key: z.string(),
  /** As written; empty where that cannot be said. */
  value: z.string(),
  /** For a person. */
  why: z.string(),
});
export interface CaptureNote extends Known<z.output<typeof captureNoteSchema>> {}

/** When and with what the image was taken. Every field is absent when unknown, never null, never guessed. */
export const captureSchema = z.looseObject({
  /** ISO 8601 as recorded, without a zone. */
  datetime: z.string().optional(),
  /** ISO 8601 with `Z`; only when truly known. */
  datetime_utc: z.string().optional(),
  /** Seconds. */
  exposure: z.number().optional(),
  iso: z.number().optional(),
  f_number: z.number().optional(),
  focal_length_mm: z.number().optional(),
  focal_length_35mm: z.number().optional(),
  camera_make: z.string().optional(),
  camera_model: z.string().optional(),
  lens_model: z.string().optional(),
  telescope: z.string().optional(),
  filter: z.string().optional(),
  gain: z.number().optional(),
  offset: z.number().optional(),
  ccd_temp_c: z.number().optional(),
  object: z.string().optional(),
  observer: z.string().optional(),
  software: z.string().optional(),
  bayer_pattern: z.string().optional(),
  binning: pair.optional(),
  /** µm, as recorded. */
  pixel_size_um: pair.optional(),
  /** Degrees (+N, +E) and metres. */
  gps: z.looseObject({ lat: z.number(), lon: z.number(), alt: z.number().optional() }).optional(),
  /** Degrees; what the mount claimed. */
  pointing: z.looseObject({ ra: z.number(), dec: z.number() }).optional(),
  /** Pixels, as stored. */
  image_width: z.number().optional(),
  image_height: z.number().optional(),
  /** Pixels, as the camera says that it took them; the image may have been shrunk since. */
  recorded_width: z.number().optional(),
  recorded_height: z.number().optional(),
  /** EXIF Orientation, 1 to 8, when recorded. */
  exif_orientation: z.number().optional(),
  /** field → where it came from, such as `EXIF DateTimeOriginal`, `FITS OBJCTRA` or `FITS FOCALLEN [cm]`. */
  sources: z.record(z.string(), z.string()).optional(),
  /** What was left out, and why. */
  notes: z.array(captureNoteSchema).optional(),
});
export interface Capture extends Known<z.output<typeof captureSchema>> {}

/** A catalogue object or star in the field. */
export const astroObjectSchema = z.looseObject({
  /** What people call it: `Orion Nebula`, `Alnitak`, `15 Mon`, `HD 47839`. */
  name: z.string(),
  /** `NGC`, `IC`, `M`, `Sh2`, …; `star`; `solar-system`. */
  catalog: z.string().optional(),
  id: z.string().optional(),
  /** Every alias, this name included. */
  names: z.array(z.string()).optional(),
  type: z.string().optional(),
  /** Degrees, J2000. */
  ra_deg: z.number().optional(),
  dec_deg: z.number().optional(),
  /** Pixels of the original image, FITS convention: (1, 1) is the centre of the first pixel. */
  x: z.number().optional(),
  y: z.number().optional(),
  /** Arcminutes from the centre. */
  sep_arcmin: z.number(),
  /** Position angle from the centre, degrees east of north. */
  pa_deg: z.number().optional(),
  magnitude: z.number().optional(),
  /** Largest extent, arcminutes. */
  size_arcmin: z.number().optional(),
  /** Major and minor axis, arcminutes. */
  axes_arcmin: pair.optional(),
  /** Position angle of the major axis, degrees east of north; `pa_deg` is another angle. */
  axis_pa_deg: z.number().optional(),
  /** How much the object stands out in this picture, 0 to 1. */
  prominence: z.number().optional(),
  /** How far off the place may be, arcminutes, where that matters. */
  uncertainty_arcmin: z.number().optional(),
  /** Of asteroids, comets and satellites: how fast they cross the sky, and in which direction, degrees east of north. */
  motion: z.looseObject({ arcsec_per_hour: z.number(), pa_deg: z.number() }).optional(),
  /** Of the same: their way while the picture was exposed, [RA, Dec] in degrees, from its start to its end. */
  trail: z.array(pair).optional(),
  /** Of the same: from the observer, au. */
  distance_au: z.number().optional(),
  /** Of the same: days between the epoch of their elements and the picture. */
  elements_age_days: z.number().optional(),
});
export interface AstroObject extends Known<z.output<typeof astroObjectSchema>> {}

/** What a person would say that the picture shows. */
export const subjectSchema = z.looseObject({
  /** Its designation, a star's name, or the name of the constellation: `M 42`, `Vega`, `Orion`. */
  name: z.string(),
  /** What people call it: `Orion Nebula`. */
  common_name: z.string().optional(),
  /** As in `objects`; of a constellation `constellation` and its IAU abbreviation. */
  catalog: z.string().optional(),
  id: z.string().optional(),
  type: z.string().optional(),
  /** For a person. */
  why: z.string(),
});
export interface Subject extends Known<z.output<typeof subjectSchema>> {}

/** How far down a picture of the whole sky sees. */
export const horizonSchema = z.looseObject({
  /** The zenith where time and place are known; the optical axis where they are not. */
  about: z.enum(['zenith', 'optical_axis']),
  /** Degrees, J2000. */
  ra_deg: z.number(),
  dec_deg: z.number(),
  /** Pixels; absent where it is not in the picture. */
  x: z.number().optional(),
  y: z.number().optional(),
  /** Angle from there within which stars were recognised, degrees. */
  stars_within_deg: z.number(),
});
export interface Horizon extends Known<z.output<typeof horizonSchema>> {}

/** The plate solution as the contract publishes it; each field's definition is in docs/result.md. */
export const astrometrySchema = z.looseObject({
  ra_center: z.number(),
  dec_center: z.number(),
  fov_deg: pair,
  pixscale_arcsec: z.number(),
  orientation_deg: z.number(),
  display_up_deg: z.number().optional(),
  parity: z.union([z.literal(1), z.literal(-1)]).optional(),
  mirrored: z.boolean().optional(),
  radius_deg: z.number().optional(),
  corners: z.array(pair).optional(),
  cd_matrix: z
    .looseObject({ CD1_1: z.number(), CD1_2: z.number(), CD2_1: z.number(), CD2_2: z.number() })
    .optional(),
  /** Of a fisheye lens: `equidistant`, `equisolid`, `stereographic`, `orthographic`. */
  projection: z.string().optional(),
  /** Where the picture shows the sky, when that is not all of it: pixels. */
  image_circle: z.looseObject({ x: z.number(), y: z.number(), radius: z.number() }).optional(),
  horizon: horizonSchema.optional(),
  constellation: z.string().optional(),
  subject: subjectSchema.optional(),
  sources: z.looseObject({ detected: z.number().optional(), matched: z.number().optional() }).optional(),
  quality: z
    .looseObject({
      rms_arcsec: z.number().optional(),
      max_arcsec: z.number().optional(),
      log_odds: z.number().optional(),
      index: z.string().optional(),
      /** Share of the picture within reach of matched stars, 0 to 1. */
      coverage: z.number().optional(),
      /** Of stars that are drawn out only: how much longer than wide, how long (pixels), and in which direction (degrees east of north, 0 to 180). */
      trailed: z
        .looseObject({
          ratio: z.number(),
          length_px: z.number(),
          position_angle_deg: z.number().optional(),
        })
        .optional(),
    })
    .optional(),
  objects: z.array(astroObjectSchema),
});
export interface Astrometry extends Known<z.output<typeof astrometrySchema>> {}

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
