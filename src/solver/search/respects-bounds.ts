import { separation } from '../../wcs/sphere.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';
import type { Attempt } from './attempts.js';

/** A fit may move the scale a little beyond the bound within which the field was found. */
const SCALE_TOLERANCE = 1.02;

function determinant({ cd: [[a, b], [c, d]] }: Wcs): number {
  return a * d - b * c;
}

/** Arcseconds per pixel at the reference point. */
export function pixelScale(wcs: Wcs): number {
  return 3600 * Math.sqrt(Math.abs(determinant(wcs)));
}

/** Sign of det CD, 1 for 0. */
export function parityOf(wcs: Wcs): 1 | -1 {
  return determinant(wcs) >= 0 ? 1 : -1;
}

/** Whether a solution lies where the attempt was told to look: the engine does not ask that of one that it verifies. */
export function respectsBounds(wcs: Wcs, { scale, position, parity }: Attempt): boolean {
  const found = pixelScale(wcs);
  if (found < scale.low / SCALE_TOLERANCE || found > scale.high * SCALE_TOLERANCE) return false;
  if (parity && parity !== parityOf(wcs)) return false;
  if (!position) return true;
  const [ra, dec] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  const radius_deg = ((found / 3600) * Math.hypot(wcs.width, wcs.height)) / 2;
  return separation(ra, dec, position.ra_deg, position.dec_deg) <= position.radius_deg + radius_deg;
}
