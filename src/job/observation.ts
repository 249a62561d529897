import { z } from 'zod';
import type {
  ElementFile,
  ElementWarning,
  MovingObjects,
  NotStated,
  Observation,
} from './types/observation.js';

export type {
  ElementFile,
  ElementWarning,
  MovingObjects,
  NotStated,
  Observation,
} from './types/observation.js';

/** Validates an entry of `not_stated`. */
export const notStatedSchema: z.ZodType<NotStated> = z
  .looseObject({
    what: z.string().describe('Such as `satellites`, `sun`, `moon` or `altitude`'),
    why: z.string().describe('What is missing for it, for a person'),
  })
  .describe('What is left out for a reason');

/** Validates a warning of such a file. */
export const elementWarningSchema: z.ZodType<ElementWarning> = z
  .looseObject({
    code: z
      .enum(['damaged_line', 'outdated_elements', 'unknown_format', 'unreadable_file'])
      .describe('What kind of fault it is; each code stays the same across releases'),
    line: z.number().optional().describe('The number of the line, 1 being the first'),
    message: z.string().describe('What is wrong, for a person'),
  })
  .describe('What was wrong with a file of elements');

/** Validates an entry of `moving_objects.files` of a result. */
export const elementFileSchema: z.ZodType<ElementFile> = z
  .looseObject({
    name: z.string().describe('Its name, without its folder'),
    kind: z
      .enum(['minor-planets', 'comets', 'satellites'])
      .optional()
      .describe('Whose elements it holds; absent where it has no line of elements'),
    objects: z.number().describe('Objects whose elements could be read'),
    damaged: z.number().describe('Lines that could not be read'),
    outdated: z.number().describe('Objects in the field whose elements are too old to say where they were'),
    warnings: z.array(elementWarningSchema).describe('What was wrong: the first 20 of each code'),
  })
  .describe('A file of elements that was looked through');

/** Validates `moving_objects` of a result. */
export const movingObjectsSchema: z.ZodType<MovingObjects> = z
  .looseObject({
    magnitude_limit: z
      .number()
      .optional()
      .describe('Apparent magnitude beyond which asteroids and comets are not listed'),
    left_out: z.number().optional().describe('Objects found beyond those that are listed, the faintest ones'),
    files: z.array(elementFileSchema).describe('The files of elements that were looked through'),
    not_stated: z.array(notStatedSchema).optional().describe('What could not be looked for, and why'),
  })
  .describe('How asteroids, comets and satellites were looked for; those found are among the objects');

const altitude = z.number().optional().describe('Altitude above the horizon, degrees, without refraction');
const azimuth = z.number().optional().describe('Azimuth, degrees from north through east');
const separation = z.number().describe('Distance from the middle of the picture, degrees');

/** Validates `observation` of a result. */
export const observationSchema: z.ZodType<Observation> = z
  .looseObject({
    start_utc: z.string().optional().describe('Start of the exposure, ISO 8601, UTC'),
    middle_utc: z
      .string()
      .optional()
      .describe('Its middle, ISO 8601, UTC; alone of the three where its length is unknown'),
    end_utc: z.string().optional().describe('Its end, ISO 8601, UTC'),
    altitude_deg: z
      .number()
      .optional()
      .describe(
        'Altitude of the middle of the picture at the middle of the exposure, degrees, without refraction',
      ),
    azimuth_deg: z.number().optional().describe('Its azimuth, degrees from north through east'),
    airmass: z
      .number()
      .optional()
      .describe('Its air mass (Pickering 2002), by the altitude with refraction; absent below the horizon'),
    parallactic_angle_deg: z
      .number()
      .optional()
      .describe('Direction of the zenith from there, degrees east of north, (−180, 180]'),
    tilt_deg: z
      .number()
      .optional()
      .describe(
        'How the camera is turned against the horizon: what is up in the picture, counted from the zenith, degrees, positive the way from north to east',
      ),
    sun: z
      .looseObject({
        altitude_deg: altitude,
        azimuth_deg: azimuth,
        separation_deg: separation,
        twilight: z
          .enum(['day', 'civil', 'nautical', 'astronomical', 'night'])
          .optional()
          .describe(
            '`day` above −0.833° of altitude, `civil` above −6°, `nautical` above −12°, `astronomical` above −18°, else `night`',
          ),
      })
      .optional()
      .describe('Where the Sun stood'),
    moon: z
      .looseObject({
        altitude_deg: altitude,
        azimuth_deg: azimuth,
        separation_deg: separation,
        illuminated: z.number().describe('Share of the disc that is lit, 0 to 1'),
        phase_deg: z
          .number()
          .describe(
            'Its ecliptic longitude over that of the Sun, degrees: 0 new, 90 first quarter, 180 full, 270 last quarter',
          ),
        phase: z
          .enum([
            'new',
            'waxing crescent',
            'first quarter',
            'waxing gibbous',
            'full',
            'waning gibbous',
            'last quarter',
            'waning crescent',
          ])
          .describe('The phase in words; a quarter within 6° of it'),
      })
      .optional()
      .describe('Where the Moon stood'),
    mount_offset: z
      .looseObject({
        arcmin: z.number().describe('Its length, arcminutes'),
        pa_deg: z.number().describe('Its direction, degrees east of north'),
        east_arcmin: z.number().describe('Its part along right ascension, arcminutes on the sky'),
        north_arcmin: z.number().describe('Its part along declination, arcminutes'),
        source: z.string().optional().describe('The keywords that the claim stands in'),
      })
      .optional()
      .describe('From where the mount claimed to look to the middle of the picture'),
    not_stated: z.array(notStatedSchema).optional().describe('What could not be said, and why'),
  })
  .describe('Where the telescope stood and what else was in the sky');
