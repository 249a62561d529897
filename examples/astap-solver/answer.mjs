import { userScale } from 'astro-jobs';
import { pixelToSky, separation } from 'astro-jobs/wcs';

/** The lines `KEY=value` of ASTAP's `.ini`. */
export function parseIni(text) {
  const lines = text.split(/\r?\n/).map((line) => /^(\w+)\s*=(.*)$/.exec(line));
  return Object.fromEntries(lines.filter(Boolean).map(([, key, value]) => [key, value.trim()]));
}

/**
 * The plate solution of an `.ini` in pixels of the image as stored, where row 1 is the first of the file. ASTAP counts the rows of
 * FITS files so, and those of JPEG, PNG and TIFF from the last one.
 * @param {import('astro-jobs').OpenedImage} image
 * @returns {import('astro-jobs').Wcs}
 */
export function wcsOf(ini, { kind, width, height }) {
  const [crval1, crval2, crpix1, crpix2, cd11, cd12, cd21, cd22] = [
    ...['CRVAL1', 'CRVAL2', 'CRPIX1', 'CRPIX2'],
    ...['CD1_1', 'CD1_2', 'CD2_1', 'CD2_2'],
  ].map((key) => Number(ini[key]));
  const fromFirst = kind === 'fits';
  const up = fromFirst ? 1 : -1;
  return {
    crval: [crval1, crval2],
    crpix: [crpix1, fromFirst ? crpix2 : height + 1 - crpix2],
    cd: [
      [cd11, up * cd12],
      [cd21, up * cd22],
    ],
    width,
    height,
  };
}

/** What an `.ini` without a solution means. ASTAP exits with 1 for all of them, so only the text tells. */
export function failureOf(ini) {
  const { PLTSOLVD, ERROR = '' } = ini;
  if (PLTSOLVD !== 'F') return { code: 'solver_crashed', message: 'ASTAP left no answer; see the log' };
  if (/star database/i.test(ERROR)) {
    const message = `ASTAP: ${ERROR} Install one of its star databases, or say with \`database\` where it is`;
    return { code: 'solver_unavailable', message };
  }
  if (/image file/i.test(ERROR)) return { code: 'corrupt_image', message: `ASTAP: ${ERROR}` };
  if (/enough stars/i.test(ERROR)) return { code: 'too_few_stars', message: `ASTAP: ${ERROR}` };
  return { code: 'no_solution', message: ERROR === '' ? 'ASTAP found no solution' : `ASTAP: ${ERROR}` };
}

/** Scale and parity of a fit may lie a little beyond the bound within which the field was searched. */
const SCALE_TOLERANCE = 1.02;

/** Whether a solution keeps to the caller's bounds: ASTAP takes one height of the field, no range, and no parity. */
export function isWithinBounds(wcs, params) {
  const [[a, b], [c, d]] = wcs.cd;
  const determinant = a * d - b * c;
  const found = 3600 * Math.sqrt(Math.abs(determinant));
  const scale = userScale(params, wcs.width);
  if (scale && (found < scale.low / SCALE_TOLERANCE || found > scale.high * SCALE_TOLERANCE)) return false;
  if (params.parity !== null && params.parity !== (determinant >= 0 ? 1 : -1)) return false;
  if (params.ra === null) return true;
  const [ra, dec] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  const halfDiagonal = (found / 3600) * (Math.hypot(wcs.width, wcs.height) / 2);
  return separation(ra, dec, params.ra, params.dec) <= params.radius + halfDiagonal;
}
