import type { JobResult, SolvedResult } from '../job/result.js';
import type { Picture } from './picture.js';

/**
 * One picture of a batch. What is not known is absent. `ok`, `error` and `error_code` are as in a result; the units are in the names,
 * and every figure is that of the result document.
 */
export interface BatchRow {
  /** Relative to the folder, with `/` between. */
  file: string;
  ok: boolean;
  error_code?: string;
  error?: string;
  /** The picture with the same bytes that was solved in the place of this one. */
  duplicate_of?: string;
  /** UTC where that is known, otherwise as it was recorded. */
  datetime?: string;
  ra_deg?: number;
  dec_deg?: number;
  /** Degrees east of north: `orientation_deg`. */
  rotation_deg?: number;
  mirrored?: boolean;
  width_deg?: number;
  height_deg?: number;
  pixscale_arcsec?: number;
  constellation?: string;
  subject?: string;
  /** How many catalogue objects are in it, and the most prominent of them. */
  objects?: number;
  object_names?: string;
  stars_detected?: number;
  stars_matched?: number;
  rms_arcsec?: number;
  fwhm_px?: number;
  fwhm_arcsec?: number;
  hfr_px?: number;
  ellipticity?: number;
  /** Of the sky, in units of the image. */
  background?: number;
  noise?: number;
  /** Tycho-2 VT. */
  zero_point_mag?: number;
  limiting_mag?: number;
  sky_mag_arcsec2?: number;
  exposure_s?: number;
  filter?: string;
  ccd_temp_c?: number;
  solve_s?: number;
  job_id?: string;
  /** Exports, relative to the folder of the table. */
  exports?: string;
  bytes: number;
  /** When the file was changed last, milliseconds since 1970. */
  changed_ms: number;
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
