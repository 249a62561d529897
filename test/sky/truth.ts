import type { Wcs } from '../../src/wcs/wcs.js';
import { positionAngle_deg, projection, separation_deg } from './projection.js';

type Point = [number, number];
const DEG = Math.PI / 180;

/** How a file's rows come to a person's eye. */
export interface Viewing {
  rowOrder: 'top-down' | 'bottom-up';
  /** EXIF Orientation, 1 to 8. @default 1 */
  exifOrientation?: number;
}

/** The geometry that a result must report, reckoned from the sky itself: by points and angles, without a CD matrix. */
export interface TrueGeometry {
  ra_center: number;
  dec_center: number;
  fov_deg: [number, number];
  parity: 1 | -1;
  display_up_deg: number;
  mirrored: boolean;
  radius_deg: number;
  /** Top left, top right, bottom right, bottom left of what is seen; outer edges of the pixels. */
  corners: Point[];
}

/** Towards which side of the file (x, y) the top and the left of the seen picture lie: EXIF 2.32, Orientation. */
function seen({ rowOrder, exifOrientation = 1 }: Viewing): { up: Point; left: Point } {
  if (rowOrder === 'bottom-up') return { up: [0, 1], left: [-1, 0] };
  const sides: Record<number, { up: Point; left: Point }> = {
    1: { up: [0, -1], left: [-1, 0] },
    2: { up: [0, -1], left: [1, 0] },
    3: { up: [0, 1], left: [1, 0] },
    4: { up: [0, 1], left: [-1, 0] },
    5: { up: [-1, 0], left: [0, -1] },
    6: { up: [-1, 0], left: [0, 1] },
    7: { up: [1, 0], left: [0, 1] },
    8: { up: [1, 0], left: [0, -1] },
  };
  return sides[exifOrientation]!;
}

/** From angle `b` to angle `a` in degrees, in (−180, 180]. */
export function turn_deg(a: number, b: number): number {
  const difference = (((a - b) % 360) + 360) % 360;
  return difference > 180 ? difference - 360 : difference;
}

/** Position angle, at a FITS pixel, of a direction in the file. */
export function directionOnSky_deg(wcs: Wcs, [x, y]: Point, [dx, dy]: Point): number {
  const sky = projection(wcs);
  const step = 0.01;
  return positionAngle_deg(sky.toSky(x - step * dx, y - step * dy), sky.toSky(x + step * dx, y + step * dy));
}

export function trueGeometry(wcs: Wcs, viewing: Viewing): TrueGeometry {
  const { width, height } = wcs;
  const sky = projection(wcs);
  const middle: Point = [(width + 1) / 2, (height + 1) / 2];
  const centre = sky.toSky(...middle);
  const { up, left } = seen(viewing);
  const upAngle = directionOnSky_deg(wcs, middle, up);
  const leftAngle = directionOnSky_deg(wcs, middle, left);
  const corner = (vertical: 1 | -1, horizontal: 1 | -1): Point =>
    sky.toSky(
      middle[0] + (width / 2) * (vertical * up[0] + horizontal * left[0]),
      middle[1] + (height / 2) * (vertical * up[1] + horizontal * left[1]),
    );
  const corners = [corner(1, 1), corner(1, -1), corner(-1, -1), corner(-1, 1)];
  const xTurn = turn_deg(directionOnSky_deg(wcs, middle, [1, 0]), directionOnSky_deg(wcs, middle, [0, 1]));
  const across = (a: Point, b: Point) =>
    separation_deg(sky.toSky(...a), centre) + separation_deg(centre, sky.toSky(...b));
  return {
    ra_center: centre[0],
    dec_center: centre[1],
    fov_deg: [
      across([0.5, middle[1]], [width + 0.5, middle[1]]),
      across([middle[0], 0.5], [middle[0], height + 0.5]),
    ],
    // In a plot of RA to the right over Dec, x lies 90° east of y and the determinant is positive.
    parity: xTurn > 0 ? 1 : -1,
    display_up_deg: upAngle,
    // Looking up at the sky, east lies to the left of north.
    mirrored: turn_deg(leftAngle, upAngle) < 0,
    radius_deg: Math.max(...corners.map((place) => separation_deg(centre, place))),
    corners,
  };
}

/** Size of a pixel at the reference pixel: the side of a square of the same area. */
export function pixscale_arcsec(wcs: Wcs): number {
  const sky = projection(wcs);
  const [x, y] = wcs.crpix;
  const step = 0.5;
  const wide = separation_deg(sky.toSky(x - step, y), sky.toSky(x + step, y));
  const tall = separation_deg(sky.toSky(x, y - step), sky.toSky(x, y + step));
  const shear = directionOnSky_deg(wcs, wcs.crpix, [1, 0]) - directionOnSky_deg(wcs, wcs.crpix, [0, 1]);
  return 3600 * Math.sqrt(wide * tall * Math.abs(Math.sin(shear * DEG)));
}
