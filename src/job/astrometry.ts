import { z } from 'zod';
import type { Known } from './known.js';

const pair = z.tuple([z.number(), z.number()]);

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
