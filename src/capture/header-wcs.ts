import type { FitsHeader } from '../fits/header.js';
import { parseWcs } from '../wcs/parse.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { PositionHint, ScaleHint } from './hints.js';
import { type Note, scaleHint } from './scale-hints.js';

/** Many programs write a solution that was only reckoned from where the mount believed to point. */
const LEAST_RADIUS_DEG = 2;
/** Mounts were met that pointed 2° and 8.6° away from where they claimed. */
export const POINTING_RADIUS_DEG = 10;

/**
 * Whether a solution was made for a picture of this size, and not for the larger one that it was cut or shrunk
 * from.
 */
function fitsSize(wcs: Wcs, header: FitsHeader, width: number, height: number): boolean {
  const claimed = [header.number('IMAGEW') ?? width, header.number('IMAGEH') ?? height];
  if (claimed[0] !== width || claimed[1] !== height || wcs.width !== width || wcs.height !== height)
    return false;
  const [x, y] = wcs.crpix;
  return x >= -width / 2 && x <= 1.5 * width && y >= -height / 2 && y <= 1.5 * height;
}

/** A celestial WCS that stands in a header. */
export interface HeaderWcs {
  wcs: Wcs;
  /**
   * Made for a picture of this size; if not, the picture was cut or shrunk since, and only the place still tells
   * something.
   */
  fits: boolean;
}

/** `undefined` when there is none, and with a note when there is one that cannot be used. */
export function readHeaderWcs(
  header: FitsHeader,
  width: number,
  height: number,
  note: Note,
): HeaderWcs | undefined {
  if (!/^(?:RA|DEC)-/.test(header.string('CTYPE1') ?? '')) return undefined;
  try {
    const wcs = parseWcs(header);
    const fits = fitsSize(wcs, header, width, height);
    if (!fits)
      note('The WCS in the FITS header belongs to a picture of another size; it only hints at the place');
    return { wcs, fits };
  } catch (thrown) {
    note(
      `The WCS in the FITS header gives no hint: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
    return undefined;
  }
}

/** Scale and place that a solution in the header claims. */
export function wcsHints(
  { wcs, fits }: HeaderWcs,
  note: Note,
): { scales: ScaleHint[]; positions: PositionHint[] } {
  const { cd, crval, width, height } = wcs;
  if (!fits) {
    const reason = 'the WCS in the header, of a picture of another size';
    const [ra, dec] = crval;
    return {
      scales: [],
      positions: [{ ra_deg: ra, dec_deg: dec, radius_deg: POINTING_RADIUS_DEG, source: 'fits', reason }],
    };
  }
  const reason = 'the WCS in the header';
  const scale = 3600 * Math.sqrt(Math.abs(cd[0][0] * cd[1][1] - cd[0][1] * cd[1][0]));
  const scales = scaleHint(scale, 'exact', 'fits', reason, note);
  const [ra, dec] = pixelToSky(wcs, (width + 1) / 2, (height + 1) / 2);
  if (scales.length === 0 || !Number.isFinite(ra) || !Number.isFinite(dec)) return { scales, positions: [] };
  const radius = Math.min(180, Math.max(LEAST_RADIUS_DEG, (scale / 3600) * (Math.hypot(width, height) / 2)));
  return { scales, positions: [{ ra_deg: ra, dec_deg: dec, radius_deg: radius, source: 'fits', reason }] };
}
