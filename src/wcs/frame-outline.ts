import { skyOutline } from './sky-edge.js';
import { pixelToSky } from './tan-sip.js';
import type { Wcs } from './wcs.js';

/** Points of an edge. */
const STEPS = 8;
/** Points of the rim of a fisheye lens. */
const RIM = 72;

/** The edge of what the image shows of the sky, a closed curve of places, J2000 degrees. */
export function frameOutline(wcs: Wcs): [ra_deg: number, dec_deg: number][] {
  if (wcs.projection) return skyOutline(wcs, RIM).map(([x, y]) => pixelToSky(wcs, x, y));
  const { width, height } = wcs;
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
  return corners.flatMap(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % 4] ?? corners[0];
    return Array.from({ length: STEPS }, (_, k) =>
      pixelToSky(wcs, 0.5 + x1 + ((x2 - x1) * k) / STEPS, 0.5 + y1 + ((y2 - y1) * k) / STEPS),
    );
  });
}
