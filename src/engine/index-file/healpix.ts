import { DEG, normalizeRa, separation } from '../../wcs/sphere.js';

/** Part of the sky, J2000 degrees. */
interface SkyCircle {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
}

/** One of the 12·nside² cells of equal area into which the sky is divided. */
export interface HealpixCell {
  /** Cells along one side of each of the twelve base cells. */
  nside: number;
  /** Base cell · nside² + x · nside + y, as astrometry.net counts them; x runs north-east, y north-west. */
  healpix: number;
}

/** A place in one of the twelve base cells, x and y from 0 to 1 (Górski et al. 2005, sections 4 and 5): [RA, Dec] in degrees. */
function place(base: number, x: number, y: number): [number, number] {
  const column = base % 4;
  const ring = Math.floor(base / 4);
  const fromNorth = 2 - x - y;
  const fromSouth = x + y;
  if (ring === 0 && fromNorth < 1) return polar(column, fromNorth, 1 - y, 1);
  if (ring === 2 && fromSouth < 1) return polar(column, fromSouth, x, -1);
  const z = (2 / 3) * (x + y - ring);
  return [normalizeRa(45 * (x - y + 2 * column + (ring === 1 ? 0 : 1))), Math.asin(z) * DEG];
}

/** Within a polar cap, `reach` and its part `part` along the east side counted from the pole. */
function polar(column: number, reach: number, part: number, pole: 1 | -1): [number, number] {
  const turn = reach === 0 ? 0 : part / reach;
  return [normalizeRa(90 * (column + turn)), pole * Math.asin(1 - reach ** 2 / 3) * DEG];
}

/** The sides of a cell bulge a little beyond its corners. */
const BULGE = 1.1;

/** A circle that holds the whole cell. */
export function circleAround({ nside, healpix }: HealpixCell): SkyCircle {
  const base = Math.floor(healpix / nside ** 2);
  const x = Math.floor((healpix % nside ** 2) / nside);
  const y = healpix % nside;
  const at = (dx: number, dy: number) => place(base, (x + dx) / nside, (y + dy) / nside);
  const [ra_deg, dec_deg] = at(0.5, 0.5);
  const corners = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
  const radius_deg = BULGE * Math.max(...corners.map((corner) => separation(ra_deg, dec_deg, ...corner)));
  return { ra_deg, dec_deg, radius_deg };
}

/** Whether some of a circle may lie in the cell. */
export function mayOverlap(cell: HealpixCell, circle: SkyCircle): boolean {
  const { ra_deg, dec_deg, radius_deg } = circleAround(cell);
  return separation(ra_deg, dec_deg, circle.ra_deg, circle.dec_deg) <= radius_deg + circle.radius_deg;
}
