// biome-ignore-all lint/style/noNonNullAssertion: both columns are of one length.
import { zenithAt } from '../catalog/zenith.js';
import type { Horizon } from '../job/astrometry.js';
import type { Capture } from '../job/capture.js';
import type { Places } from '../solver/solver.js';
import { separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';

/**
 * How far down a picture of a fisheye lens sees: about the zenith where time and place are known, otherwise about the optical axis.
 * @param stars that were matched
 */
export function horizonOf(wcs: Wcs, stars: Places, { datetime_utc, gps }: Capture): Horizon {
  const zenith = datetime_utc !== undefined && gps ? zenithAt(datetime_utc, gps) : undefined;
  const [ra_deg, dec_deg] = zenith ?? wcs.crval;
  const pixel = skyToPixel(wcs, ra_deg, dec_deg);
  const distances = Array.from(stars.ra_deg, (ra, i) => separation(ra_deg, dec_deg, ra, stars.dec_deg[i]!));
  return {
    about: zenith ? 'zenith' : 'optical_axis',
    ra_deg,
    dec_deg,
    ...(pixel && { x: pixel[0], y: pixel[1] }),
    stars_within_deg: Math.max(0, ...distances),
  };
}
