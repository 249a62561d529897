import { skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';

/**
 * What an export is made of: `result`: the job has ended · `solution`: it was solved · `pixels`: it is no list of stars ·
 * `stars`, `pairs`: stars that were found, and those that were matched · `measured`: stars whose sharpness and brightness were measured ·
 * `grid`: sharpness in the parts of the picture · `lens`: the solution is true to the corners.
 */
export type ExportNeed = 'result' | 'solution' | 'pixels' | 'stars' | 'pairs' | 'measured' | 'grid' | 'lens';

/** A format that jobs can be exported in. */
export interface ExportFormat {
  /** What it is, for a person. */
  title: string;
  /** Its media type. */
  contentType: string;
  /** What its name has after that of the image. */
  ending: string;
  /** What the job must have for it. */
  needs: readonly ExportNeed[];
  /** Why the format cannot hold a plate solution. Where it is absent, the format holds all of them. */
  refuses?(wcs: Wcs): string | undefined;
}

const flatOnly = ({ projection }: Wcs): string | undefined =>
  projection && 'A picture of a fisheye lens has no place in this format, which knows flat pictures only';

/** Longitudes and latitudes of four corners hold neither a picture of a fisheye lens nor one around a pole. */
function quadOnly(wcs: Wcs): string | undefined {
  if (wcs.projection) return 'A picture of a fisheye lens cannot be laid on the sky by its four corners';
  const holdsPole = [-90, 90].some((dec) => {
    const [x, y] = skyToPixel(wcs, wcs.crval[0], dec) ?? [0, 0];
    return x > 0.5 && y > 0.5 && x < wcs.width + 0.5 && y < wcs.height + 0.5;
  });
  return holdsPole
    ? 'A picture around a celestial pole cannot be laid on the sky by its four corners'
    : undefined;
}

const FITS = 'application/fits';
const JPEG = 'image/jpeg';

const FORMATS = {
  json: {
    title: 'Result document',
    contentType: 'application/json',
    ending: '.json',
    needs: ['result'],
  },
  wcs: {
    title: 'Plate solution, a FITS header without pixels',
    contentType: FITS,
    ending: '.wcs',
    needs: ['solution'],
  },
  'new-fits': {
    title: 'Image as FITS with the solution in its header',
    contentType: FITS,
    ending: '-solved.fits',
    needs: ['solution', 'pixels'],
  },
  jpeg: {
    title: 'Annotated picture, JPEG',
    contentType: JPEG,
    ending: '-annotated.jpg',
    needs: ['solution'],
  },
  png: {
    title: 'Annotated picture, PNG',
    contentType: 'image/png',
    ending: '-annotated.png',
    needs: ['solution'],
  },
  webp: {
    title: 'Annotated picture, WebP',
    contentType: 'image/webp',
    ending: '-annotated.webp',
    needs: ['solution'],
  },
  svg: {
    title: 'Annotated picture, SVG in layers',
    contentType: 'image/svg+xml',
    ending: '-annotated.svg',
    needs: ['solution'],
  },
  ds9: {
    title: 'Regions for SAOImage DS9: frame and objects',
    contentType: 'text/plain; charset=utf-8',
    ending: '.reg',
    needs: ['solution'],
  },
  kml: {
    title: 'Outline and objects for Google Earth’s sky',
    contentType: 'application/vnd.google-earth.kml+xml',
    ending: '.kml',
    needs: ['solution'],
    refuses: quadOnly,
  },
  kmz: {
    title: 'The same with the picture laid on the sky',
    contentType: 'application/vnd.google-earth.kmz',
    ending: '.kmz',
    needs: ['solution', 'pixels'],
    refuses: quadOnly,
  },
  avm: {
    title: 'Image with its place on the sky embedded (AVM in XMP)',
    contentType: JPEG,
    ending: '-avm.jpg',
    needs: ['solution', 'pixels'],
    refuses: flatOnly,
  },
  xmp: {
    title: 'The same tags alone, an XMP sidecar',
    contentType: 'application/rdf+xml',
    ending: '.xmp',
    needs: ['solution'],
    refuses: flatOnly,
  },
  ini: {
    title: 'Plate solution as ASTAP writes it',
    contentType: 'text/plain; charset=utf-8',
    ending: '.ini',
    needs: ['solution'],
    refuses: flatOnly,
  },
  preview: {
    title: 'Image as JPEG, upright',
    contentType: JPEG,
    ending: '-preview.jpg',
    needs: [],
  },
  thumbnail: {
    title: 'Thumbnail, 320 pixels',
    contentType: JPEG,
    ending: '-thumbnail.jpg',
    needs: [],
  },
  extraction: {
    title: 'Picture with the stars that were found',
    contentType: JPEG,
    ending: '-extraction.jpg',
    needs: ['stars'],
  },
  'red-green': {
    title: 'Picture with found (red) and reference stars (green)',
    contentType: JPEG,
    ending: '-red-green.jpg',
    needs: ['pairs'],
  },
  'image-rd': {
    title: 'Stars of the image, their places on the sky, FITS table',
    contentType: FITS,
    ending: '-radec.fits',
    needs: ['solution', 'stars'],
  },
  rdls: {
    title: 'Reference stars that were matched, FITS table',
    contentType: FITS,
    ending: '-rdls.fits',
    needs: ['pairs'],
  },
  'quality-map': {
    title: 'How sharp the picture is in its parts, SVG',
    contentType: 'image/svg+xml',
    ending: '-quality.svg',
    needs: ['solution', 'grid'],
  },
  'stars-csv': {
    title: 'The measured stars as text, one a line',
    contentType: 'text/csv; charset=utf-8',
    ending: '-stars.csv',
    needs: ['solution', 'measured'],
  },
  calibration: {
    title: 'Distortion of the lens, for other images of it',
    contentType: 'application/json',
    ending: '-calibration.json',
    needs: ['lens'],
  },
} as const satisfies Record<string, ExportFormat>;

/** Name of a format: a key of `EXPORT_FORMATS`. */
export type ExportKind = keyof typeof FORMATS;

/** Every format that a job can be exported in. */
export const EXPORT_FORMATS: Readonly<Record<ExportKind, ExportFormat>> = FORMATS;

/** Names of the formats. */
export const EXPORT_KINDS = Object.keys(EXPORT_FORMATS) as readonly ExportKind[];

/** Exports that are pictures of the whole image, made at once where images of strangers are read. */
export type PictureExport = Extract<ExportKind, 'preview' | 'thumbnail' | 'extraction' | 'red-green'>;

export const formatOf = (kind: ExportKind): ExportFormat => EXPORT_FORMATS[kind];
export const isExportKind = (name: string): name is ExportKind => Object.hasOwn(EXPORT_FORMATS, name);
