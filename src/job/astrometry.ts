import { z } from 'zod';
import type { Astrometry, AstroObject, Horizon, Subject } from './types/astrometry.js';

export type { Astrometry, AstroObject, Horizon, Subject } from './types/astrometry.js';

const pair = z.tuple([z.number(), z.number()]);

/** Validates an `AstroObject`. */
export const astroObjectSchema: z.ZodType<AstroObject> = z
  .looseObject({
    name: z.string().describe('What people call it: `Orion Nebula`, `Alnitak`, `15 Mon`, `HD 47839`'),
    catalog: z
      .string()
      .optional()
      .describe('`NGC`, `IC`, `M`, `Sh2`, …; `star`; `solar-system`; `minor-planet`, `comet`, `satellite`'),
    id: z.string().optional().describe('Its designation in that catalogue'),
    names: z.array(z.string()).optional().describe('Every name of it, `name` included'),
    type: z.string().optional().describe('`open cluster`, `emission nebula`, `galaxy`, `star`, `planet`, …'),
    ra_deg: z.number().optional().describe('Right ascension, degrees, J2000 (ICRS)'),
    dec_deg: z.number().optional().describe('Declination, degrees, J2000 (ICRS)'),
    x: z
      .number()
      .optional()
      .describe(
        'Along a row, pixels of the original image, FITS convention: (1, 1) is the centre of the first pixel; absent of an extended object that is centred outside the image circle and reaches into it',
      ),
    y: z.number().optional().describe('From row to row as stored, likewise'),
    sep_arcmin: z.number().describe('Distance from the centre of the image, arcminutes'),
    pa_deg: z
      .number()
      .optional()
      .describe('Position angle from the centre of the image, degrees east of north'),
    magnitude: z.number().optional().describe('Apparent magnitude, where it is known'),
    size_arcmin: z.number().optional().describe('Largest extent, arcminutes'),
    axes_arcmin: pair.optional().describe('[major, minor] axis, arcminutes'),
    axis_pa_deg: z
      .number()
      .optional()
      .describe('Position angle of the major axis, degrees east of north; `pa_deg` is another angle'),
    prominence: z.number().optional().describe('How much the object stands out in this picture, 0 to 1'),
    uncertainty_arcmin: z
      .number()
      .optional()
      .describe(
        'How far off the place may be, arcminutes, where that matters: of the Moon without a site, and of what moves',
      ),
    motion: z
      .looseObject({
        arcsec_per_hour: z.number().describe('Speed across the sky, arcseconds per hour'),
        pa_deg: z.number().describe('Its direction, degrees east of north'),
      })
      .optional()
      .describe('Of asteroids, comets and satellites: how they cross the sky'),
    trail: z
      .array(pair)
      .optional()
      .describe(
        'Of the same: their way from the start to the end of the exposure, [RA, Dec] in degrees, J2000',
      ),
    distance_au: z.number().optional().describe('Of the same: distance from the observer, au'),
    elements_age_days: z
      .number()
      .optional()
      .describe('Of the same: days between the epoch of their elements and the picture'),
  })
  .describe('A catalogue object, star or body in the field');

/** Validates `astrometry.subject` of a result. */
export const subjectSchema: z.ZodType<Subject> = z
  .looseObject({
    name: z
      .string()
      .describe(
        'Its designation, the name of a star, or the Latin name of a constellation: `M 42`, `Vega`, `Orion`',
      ),
    common_name: z.string().optional().describe('What people call it: `Orion Nebula`'),
    catalog: z.string().optional().describe('As in `objects`; of a constellation `constellation`'),
    id: z.string().optional().describe('As in `objects`; of a constellation its IAU abbreviation'),
    type: z.string().optional().describe('As in `objects`; of a constellation `constellation`'),
    why: z.string().describe('Why this one, a sentence for a person'),
  })
  .describe('What a person would say that the picture shows');

/** Validates `astrometry.horizon` of a result. */
export const horizonSchema: z.ZodType<Horizon> = z
  .looseObject({
    about: z
      .enum(['zenith', 'optical_axis'])
      .describe('The zenith where time and place are known, the optical axis where they are not'),
    ra_deg: z.number().describe('Right ascension of that place, degrees, J2000'),
    dec_deg: z.number().describe('Declination of that place, degrees, J2000'),
    x: z
      .number()
      .optional()
      .describe('Its pixel along a row, FITS convention; absent where it is not in the picture'),
    y: z.number().optional().describe('Its pixel from row to row as stored, likewise'),
    stars_within_deg: z.number().describe('Angle from there within which stars were recognised, degrees'),
  })
  .describe('How far down a picture of the whole sky sees');

/** Validates `astrometry` of a result. */
export const astrometrySchema: z.ZodType<Astrometry> = z
  .looseObject({
    ra_center: z
      .number()
      .describe(
        'Right ascension of the centre, pixel ((W+1)/2, (H+1)/2), degrees, J2000 (ICRS), distortion included',
      ),
    dec_center: z.number().describe('Declination of the centre, degrees, J2000 (ICRS), distortion included'),
    fov_deg: pair.describe(
      '[width, height], degrees: great-circle length through the middle row and the middle column; of a fisheye lens inside the image circle, where it may exceed 180',
    ),
    pixscale_arcsec: z
      .number()
      .describe(
        'Pixel scale, arcseconds per pixel of the original image: 3600·√|det CD|; of a fisheye lens that of the centre',
      ),
    orientation_deg: z
      .number()
      .describe(
        'Position angle of +y of the stored pixels, degrees east of north, (−180, 180], as astrometry.net counts it',
      ),
    display_up_deg: z
      .number()
      .optional()
      .describe('Position angle of what is up when the picture is looked at, degrees east of north'),
    parity: z
      .union([z.literal(1), z.literal(-1)])
      .optional()
      .describe('Sign of det CD'),
    mirrored: z
      .boolean()
      .optional()
      .describe('Whether the picture, as it is looked at, is a mirror image of the sky'),
    radius_deg: z.number().optional().describe('From the centre to the farthest corner, degrees'),
    corners: z
      .array(pair)
      .optional()
      .describe(
        '[RA, Dec] of the corners, degrees, J2000: upper left, upper right, lower right, lower left, as the picture is looked at; absent where one shows no sky',
      ),
    cd_matrix: z
      .looseObject({
        CD1_1: z.number().describe('∂ξ/∂x, degrees per pixel'),
        CD1_2: z.number().describe('∂ξ/∂y, degrees per pixel'),
        CD2_1: z.number().describe('∂η/∂x, degrees per pixel'),
        CD2_2: z.number().describe('∂η/∂y, degrees per pixel'),
      })
      .optional()
      .describe('Linear part of the WCS at its reference pixel, as in the FITS header: ξ is east, η north'),
    projection: z
      .string()
      .optional()
      .describe(
        'Of a fisheye lens only: `equidistant`, `equisolid`, `stereographic` or `orthographic`; otherwise gnomonic (TAN)',
      ),
    image_circle: z
      .looseObject({
        x: z.number().describe('Its centre along a row, pixels, FITS convention'),
        y: z.number().describe('Its centre from row to row, pixels'),
        radius: z.number().describe('Its radius, pixels'),
      })
      .optional()
      .describe('Where the picture shows the sky, when that is not all of it'),
    horizon: horizonSchema.optional().describe('Of a fisheye lens: how far down stars were recognised'),
    constellation: z
      .string()
      .optional()
      .describe('IAU abbreviation of the constellation in which the centre lies'),
    subject: subjectSchema.optional().describe('What a person would say that the picture shows'),
    sources: z
      .looseObject({
        detected: z
          .number()
          .optional()
          .describe('Stars found in the image, in the size in which it was solved'),
        matched: z
          .number()
          .optional()
          .describe('Those of them that the solution was fitted to (`output/solution.corr`)'),
      })
      .optional()
      .describe('How many stars there are'),
    quality: z
      .looseObject({
        rms_arcsec: z
          .number()
          .optional()
          .describe('Root mean square of the distances of matched stars from the solution, arcseconds'),
        max_arcsec: z.number().optional().describe('The largest of them, arcseconds'),
        log_odds: z.number().optional().describe('Natural logarithm of the odds that the solution is true'),
        index: z.string().optional().describe('The index whose quad found it, without its folder'),
        coverage: z
          .number()
          .optional()
          .describe('Share of the picture within reach of matched stars, 0 to 1'),
        trailed: z
          .looseObject({
            ratio: z.number().describe('Length over width, median of the stars'),
            length_px: z.number().describe('Length, pixels of the original image'),
            position_angle_deg: z
              .number()
              .optional()
              .describe(
                'Direction in the middle of the picture, degrees east of north, 0 to 180; absent where trails have no common one',
              ),
          })
          .optional()
          .describe('Only of a picture whose stars are drawn out to 2.5 times their width or more'),
      })
      .optional()
      .describe('How good the plate solution is'),
    objects: z
      .array(astroObjectSchema)
      .describe(
        'What is in the field, nearest to the centre first: centred in it, or extended and reaching into it',
      ),
  })
  .describe(
    'The plate solution. Angles are degrees and positions J2000 (ICRS), unless a name says otherwise',
  );
