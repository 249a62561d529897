import type { JobResult, SolvedResult } from '../job/result.js';
import type { Picture } from './picture.js';

/**
 * One picture of a batch. What is not known is absent. `ok`, `error` and `error_code` are as in a result; the units are in the names,
 * and every figure is that of the result document.
 */
export interface BatchRow {
  /** Relative to the folder, with `/` between. */
  file: string;
  /** Whether there is a plate solution. */
  ok: boolean;
  /** Why there is no solution: a code of `ERROR_TABLE`. */
  error_code?: string;
  /** Why there is no solution, one line for a person. */
  error?: string;
  /** The picture with the same bytes that was solved in the place of this one. */
  duplicate_of?: string;
  /** UTC where that is known, otherwise as it was recorded. */
  datetime?: string;
  /** Right ascension of the centre, degrees, J2000: `astrometry.ra_center`. */
  ra_deg?: number;
  /** Declination of the centre, degrees, J2000: `astrometry.dec_center`. */
  dec_deg?: number;
  /** Degrees east of north: `orientation_deg`. */
  rotation_deg?: number;
  /** Whether the picture, as it is looked at, is a mirror image of the sky. */
  mirrored?: boolean;
  /** Width of the field, degrees: `astrometry.fov_deg[0]`. */
  width_deg?: number;
  /** Height of the field, degrees: `astrometry.fov_deg[1]`. */
  height_deg?: number;
  /** Pixel scale, arcseconds per pixel. */
  pixscale_arcsec?: number;
  /** IAU abbreviation of the constellation in which the centre lies. */
  constellation?: string;
  /** What a person would say that it shows: `astrometry.subject`. */
  subject?: string;
  /** How many catalogue objects are in it, and the most prominent of them. */
  objects?: number;
  /** The most prominent catalogue objects in it. */
  object_names?: string;
  /** Stars found in the picture. */
  stars_detected?: number;
  /** Stars that the solution was fitted to. */
  stars_matched?: number;
  /** Root mean square of the distances of matched stars from the solution, arcseconds. */
  rms_arcsec?: number;
  /** Full width at half maximum of the stars, pixels: median. */
  fwhm_px?: number;
  /** Full width at half maximum of the stars, arcseconds: median. */
  fwhm_arcsec?: number;
  /** Radius that holds half of a star's light, pixels: median. */
  hfr_px?: number;
  /** 1 − b/a of the shape that the stars have in common. */
  ellipticity?: number;
  /** Of the sky, in units of the image. */
  background?: number;
  /** One standard deviation of a pixel of the sky, in units of the image. */
  noise?: number;
  /** Tycho-2 VT. */
  zero_point_mag?: number;
  /** VT magnitude of a star whose light is five times its error. */
  limiting_mag?: number;
  /** Brightness of the sky, VT magnitudes per square arcsecond. */
  sky_mag_arcsec2?: number;
  /** Exposure time, seconds. */
  exposure_s?: number;
  /** Filter, as the file names it. */
  filter?: string;
  /** Temperature of the sensor, °C: `capture.ccd_temp_c`. */
  ccd_temp_c?: number;
  /** How long the solve took, wall-clock seconds. */
  solve_s?: number;
  /** The job that solved it, where jobs are kept. */
  job_id?: string;
  /** Exports, relative to the folder of the table. */
  exports?: string;
  /** Size of the file, bytes. */
  bytes: number;
  /** When the file was changed last, milliseconds since 1970. */
  changed_ms: number;
  /** SHA-256 of the file, hexadecimal. */
  sha256: string;
}

/** The columns of the table, in order. */
export const COLUMNS = [
  ...['file', 'ok', 'error_code', 'error', 'duplicate_of', 'datetime', 'ra_deg', 'dec_deg', 'rotation_deg'],
  ...['mirrored', 'width_deg', 'height_deg', 'pixscale_arcsec', 'constellation', 'subject', 'objects'],
  ...['object_names', 'stars_detected', 'stars_matched', 'rms_arcsec', 'fwhm_px', 'fwhm_arcsec', 'hfr_px'],
  ...['ellipticity', 'background', 'noise', 'zero_point_mag', 'limiting_mag', 'sky_mag_arcsec2'],
  ...['exposure_s', 'filter', 'ccd_temp_c', 'solve_s', 'job_id', 'exports', 'bytes', 'changed_ms', 'sha256'],
] as readonly (keyof BatchRow)[];

const OF_THE_FILE: readonly string[] = [
  'file',
  'duplicate_of',
  'job_id',
  'exports',
  'bytes',
  'changed_ms',
  'sha256',
];

/** Those that come from a result. */
export const RESULT_COLUMNS = COLUMNS.filter((name) => !OF_THE_FILE.includes(name));

/** Objects that a row names; it counts them all. */
const NAMED = 8;

type ColumnName = Exclude<keyof BatchRow, 'file' | 'ok' | 'bytes' | 'changed_ms' | 'sha256'>;
/** The figures of a result as they stand in a row. */
export type ResultColumns = { ok: boolean } & { [K in ColumnName]?: BatchRow[K] | undefined };

/** A row out of what is known of the picture and of its result, in the order of the columns. */
export function rowOf(
  { file, bytes, changed_ms }: Picture,
  sha256: string,
  columns: ResultColumns,
): BatchRow {
  const row: BatchRow = { file, ...columns, bytes, changed_ms, sha256 };
  return Object.fromEntries(
    COLUMNS.map((name) => [name, row[name]] as const).filter(([, value]) => value !== undefined),
  ) as unknown as BatchRow;
}

/** What a result says in one row. */
export function resultColumns(result: JobResult): ResultColumns {
  const { capture } = result;
  const { datetime_utc, datetime, exposure, filter, ccd_temp_c } = capture ?? {};
  const taken = { datetime: datetime_utc ?? datetime, exposure_s: exposure, filter, ccd_temp_c };
  if (!result.ok) {
    const { error, error_code } = result;
    return { ok: false, error_code, error, ...taken };
  }
  return { ok: true, ...taken, ...solvedColumns(result) };
}

function solvedColumns({ astrometry, solve, image_quality, photometry }: SolvedResult) {
  const { fov_deg, objects, sources, quality } = astrometry;
  const prominent = [...objects].sort((a, b) => (b.prominence ?? 0) - (a.prominence ?? 0)).slice(0, NAMED);
  return {
    ra_deg: astrometry.ra_center,
    dec_deg: astrometry.dec_center,
    rotation_deg: astrometry.orientation_deg,
    mirrored: astrometry.mirrored,
    width_deg: fov_deg[0],
    height_deg: fov_deg[1],
    pixscale_arcsec: astrometry.pixscale_arcsec,
    constellation: astrometry.constellation,
    subject: astrometry.subject?.name,
    objects: objects.length,
    object_names: [...new Set(prominent.map(({ name }) => name))].join('; ') || undefined,
    stars_detected: sources?.detected,
    stars_matched: sources?.matched,
    rms_arcsec: quality?.rms_arcsec,
    fwhm_px: image_quality?.fwhm_px,
    fwhm_arcsec: image_quality?.fwhm_arcsec,
    hfr_px: image_quality?.hfr_px,
    ellipticity: image_quality?.ellipticity,
    background: image_quality?.background?.level,
    noise: image_quality?.background?.noise,
    zero_point_mag: photometry?.zero_point,
    limiting_mag: photometry?.limiting_magnitude,
    sky_mag_arcsec2: photometry?.sky?.magnitude_arcsec2,
    solve_s: solve?.seconds,
  };
}
