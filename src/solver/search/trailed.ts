import type { Astrometry } from '../../job/astrometry.js';
import { isTrailed, type Trail } from '../../stars/trail.js';
import { positionAngle } from '../../wcs/sphere.js';
import { pixelToSky } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';

/** What `quality` says of an image whose stars are trailed; of others nothing. */
export function trailedQuality(
  trail: Trail | undefined,
  wcs: Wcs,
): Pick<NonNullable<Astrometry['quality']>, 'trailed'> {
  if (!trail || !isTrailed(trail)) return {};
  const { ratio, length_px, angle_rad } = trail;
  return {
    trailed: {
      ratio,
      length_px,
      ...(angle_rad !== undefined && { position_angle_deg: positionAngleOf(angle_rad, wcs) }),
    },
  };
}

/** Of a direction in the middle of the image, degrees east of north, 0 to 180. */
function positionAngleOf(angle_rad: number, wcs: Wcs): number {
  const [x, y] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
  const there = pixelToSky(wcs, x + Math.cos(angle_rad), y + Math.sin(angle_rad));
  return (positionAngle(...pixelToSky(wcs, x, y), ...there) + 360) % 180;
}
