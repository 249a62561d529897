import { z } from 'zod';
import { LENS_NAMES } from '../../wcs/zenithal.js';

// What the server answers of the sky. `npm run derive` writes the interfaces of the library from these schemas.

const pair = z.tuple([z.number(), z.number()]);
const polynomial = z.array(z.array(z.number()));

export const sipSchema = z
  .looseObject({
    a: polynomial.describe('Of u, forwards: `[p][q]` multiplies u^p·v^q'),
    b: polynomial.describe('Of v, forwards'),
    ap: polynomial
      .optional()
      .describe('The inverse as written by the solver; only a starting point, since it is a fit'),
    bp: polynomial.optional().describe('Of v, backwards'),
  })
  .describe(
    'SIP polynomials (Shupe et al. 2005): `a[p][q]` multiplies u^p·v^q, with u, v in pixels from CRPIX',
  );

export const imageCircleSchema = z
  .looseObject({
    x: z.number().describe('Its centre along a row, FITS pixels'),
    y: z.number().describe('Its centre from row to row, FITS pixels'),
    radius: z.number().describe('Its radius, pixels'),
  })
  .describe('The round picture that a fisheye lens makes, pixels');

export const wcsSchema = z
  .looseObject({
    crval: pair.describe('Reference point on the sky, [RA, Dec] in degrees'),
    crpix: pair.describe('Reference pixel'),
    cd: z.tuple([pair, pair]).describe('Degrees per pixel: [[CD1_1, CD1_2], [CD2_1, CD2_2]]'),
    width: z.int().describe('Size of the image that it describes, pixels'),
    height: z.int().describe('Height of the image, pixels'),
    sip: sipSchema.optional().describe('The distortion, where there is one'),
    projection: z
      .enum(Object.keys(LENS_NAMES) as (keyof typeof LENS_NAMES)[])
      .optional()
      .describe('Of a fisheye lens; otherwise the projection is gnomonic (TAN)'),
    circle: imageCircleSchema
      .optional()
      .describe('Where the image shows the sky, when that is not all of it. Pixels outside look nowhere'),
  })
  .describe(
    'A plate solution: a zenithal world coordinate system (TAN, or one of the fisheye projections) with optional SIP distortion. Pixels follow the FITS convention: (1, 1) is the centre of the first pixel. Angles are degrees, J2000 (ICRS)',
  );

export const solvedFieldSchema = z
  .looseObject({
    job_id: z.string().describe('The id of the job'),
    filename: z.string().optional().describe('The name of the image'),
    finished_at: z.number().describe('When the job ended, Unix seconds'),
    ra_center: z.number().describe('Right ascension of the centre, degrees, J2000'),
    dec_center: z.number().describe('Declination of the centre, degrees, J2000'),
    fov_deg: pair.describe('Width and height, degrees'),
    radius_deg: z
      .number()
      .optional()
      .describe('Of the smallest circle around its centre that holds it, degrees'),
    corners: z
      .array(pair)
      .optional()
      .describe('RA and Dec of the corners, in their order around it, degrees, J2000'),
    subject: z
      .looseObject({
        name: z.string().describe('What it is called'),
        common_name: z.string().optional().describe('What people call it'),
        type: z.string().optional().describe('What it is, such as `galaxy`'),
      })
      .optional()
      .describe('What a person would say that the picture shows'),
  })
  .describe('Where a solved image looks');

export const fieldPageSchema = z
  .looseObject({
    fields: z.array(solvedFieldSchema).describe('The newest first'),
    next: z.string().optional().describe('Cursor of the next page; absent on the last'),
  })
  .describe('A page of solved jobs');

export const catalogRowSchema = z
  .looseObject({
    name: z.string().describe('What people call it'),
    catalog: z.string().optional().describe('The catalogue that it is from, such as `NGC`'),
    id: z.string().optional().describe('Its designation there'),
    names: z.array(z.string()).readonly().optional().describe('Every alias; the name need not be repeated'),
    type: z
      .string()
      .optional()
      .describe(
        'Such as `galaxy`, `open cluster`, `planetary nebula`, `star`; any other text is of the kind `other`',
      ),
    ra_deg: z.number().describe('Right ascension, degrees, J2000 (ICRS)'),
    dec_deg: z.number().describe('Declination, degrees, J2000 (ICRS)'),
    magnitude: z.number().optional().describe('Apparent magnitude, where it is known'),
    size_arcmin: z.number().optional().describe('Largest extent, arcminutes'),
    axes_arcmin: pair
      .readonly()
      .optional()
      .describe('Major and minor axis, arcminutes, of what is no circle; the first one is `size_arcmin`'),
    axis_pa_deg: z.number().optional().describe('Position angle of the major axis, degrees east of north'),
    motion_mas_per_year: pair
      .readonly()
      .optional()
      .describe(
        'Proper motion, mas a year in RA·cos Dec and in Dec; applied when the date of the photograph is known',
      ),
  })
  .describe('One object of a catalogue, as a caller writes it; the built-in catalogue has the same shape');
