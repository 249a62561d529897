import { separation } from '../wcs/sphere.js';
import { pixelToSky } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import type { Attempt } from './attempts.js';

/** A fit may move the scale a little beyond the bound within which the field was found. */
const SCALE_TOLERANCE = 1.02;

/** Whether a solution lies where the attempt was told to look: the engine does not ask that of one that it verifies. */
export function respectsBounds(wcs: Wcs, { scale, position, parity }: Attempt): boolean {
  const [[a, b], [c, d]] = wcs.cd;
  const determinant = a * d - b * c;
  const found = 3600 * Math.sqrt(Math.abs(determinant));
  if (found < scale.low / SCALE_TOLERANCE || found > scale.high * SCALE_TOLERANCE) return false;
  if (parity && parity !== (determinant >= 0 ? 1 : -1)) return false;
  if (!position) return true;
  const [ra, dec] = pixelToSky(wcs, (wcs.width + 1) / 2, (wcs.height + 1) / 2);
  const radius_deg = ((found / 3600) * Math.hypot(wcs.width, wcs.height)) / 2;
  return separation(ra, dec, position.ra_deg, position.dec_deg) <= position.radius_deg + radius_deg;
}
