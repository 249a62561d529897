import type { Wcs } from '../../src/wcs/wcs.js';

/*
 * TAN and TAN-SIP by unit vectors (Calabretta & Greisen 2002, Shupe et al. 2005), written for the tests alone:
 * the truth must not come out of the code that is tested.
 */

const DEG = Math.PI / 180;
type Vector = readonly [number, number, number];
type Point = [number, number];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export function unitVector(ra_deg: number, dec_deg: number): Vector {
  const cosDec = Math.cos(dec_deg * DEG);
  return [cosDec * Math.cos(ra_deg * DEG), cosDec * Math.sin(ra_deg * DEG), Math.sin(dec_deg * DEG)];
}

/** [RA 0–360, Dec] in degrees. */
export function radec([x, y, z]: Vector): Point {
  return [(Math.atan2(y, x) / DEG + 360) % 360, Math.atan2(z, Math.hypot(x, y)) / DEG];
}

/** East and north on the tangent plane at a point; at a pole they follow the given RA. */
function eastNorth(ra_deg: number, dec_deg: number): [east: Vector, north: Vector] {
  const east: Vector = [-Math.sin(ra_deg * DEG), Math.cos(ra_deg * DEG), 0];
  return [east, cross(unitVector(ra_deg, dec_deg), east)];
}

/** Great-circle distance in degrees, exact for small and large angles alike. */
export function separation_deg(a: Point, b: Point): number {
  const u = unitVector(...a);
  const v = unitVector(...b);
  return Math.atan2(Math.hypot(...cross(u, v)), dot(u, v)) / DEG;
}

/** Position angle of `to` as seen from `from`, degrees east of north, in (−180, 180]. */
export function positionAngle_deg(from: Point, to: Point): number {
  const [east, north] = eastNorth(...from);
  const target = unitVector(...to);
  return Math.atan2(dot(target, east), dot(target, north)) / DEG;
}

const polynomial = (c: number[][], u: number, v: number): number =>
  c.reduce((sum, row, p) => row.reduce((s, value, q) => s + value * u ** p * v ** q, sum), 0);

export interface Projection {
  /** [RA, Dec] of a FITS pixel. */
  toSky(x: number, y: number): Point;
  /** FITS pixel of a point on the sky; undefined on the far half of the sphere or where the distortion has no inverse. */
  toPixel(ra_deg: number, dec_deg: number): Point | undefined;
}

export function projection({ crval, crpix, cd, sip }: Wcs): Projection {
  const centre = unitVector(...crval);
  const [east, north] = eastNorth(...crval);
  const [[a, b], [c, d]] = cd;
  const det = a * d - b * c;
  const distort = (u: number, v: number): Point =>
    sip ? [u + polynomial(sip.a, u, v), v + polynomial(sip.b, u, v)] : [u, v];

  const undistort = (U: number, V: number): Point | undefined => {
    if (!sip) return [U, V];
    let [u, v] = [U, V];
    for (let i = 0; i < 100; i++) {
      const [U1, V1] = distort(u, v);
      const [du, dv] = [U - U1, V - V1];
      u += du;
      v += dv;
      if (Math.abs(du) + Math.abs(dv) < 1e-10) return [u, v];
      if (!(Math.abs(u) + Math.abs(v) < 1e6)) return undefined;
    }
    return undefined;
  };

  return {
    toSky(x, y) {
      const [U, V] = distort(x - crpix[0], y - crpix[1]);
      const xi = (a * U + b * V) * DEG;
      const eta = (c * U + d * V) * DEG;
      const at = (i: 0 | 1 | 2) => centre[i] + xi * east[i] + eta * north[i];
      return radec([at(0), at(1), at(2)]);
    },
    toPixel(ra_deg, dec_deg) {
      const star = unitVector(ra_deg, dec_deg);
      const depth = dot(star, centre);
      if (depth <= 1e-6) return undefined;
      const xi = dot(star, east) / depth / DEG;
      const eta = dot(star, north) / depth / DEG;
      const pixel = undistort((d * xi - b * eta) / det, (a * eta - c * xi) / det);
      return pixel && [pixel[0] + crpix[0], pixel[1] + crpix[1]];
    },
  };
}

export interface Framing {
  /** Sky at the centre of the picture. */
  ra_deg: number;
  dec_deg: number;
  width: number;
  height: number;
  pixscale_arcsec: number;
  /** Position angle of +y (towards later rows), degrees east of north. */
  orientation_deg: number;
  /** Sign of det CD: an ordinary photograph stored top row first has 1, an ordinary FITS −1. */
  parity: 1 | -1;
}

/** The plate solution of a frame with its reference pixel in the middle. */
export function framedWcs(frame: Framing): Wcs {
  const scale = frame.pixscale_arcsec / 3600;
  const angle = frame.orientation_deg * DEG;
  const [sin, cos] = [scale * Math.sin(angle), scale * Math.cos(angle)];
  return {
    crval: [frame.ra_deg, frame.dec_deg],
    crpix: [(frame.width + 1) / 2, (frame.height + 1) / 2],
    // +y points to the position angle; +x lies 90° east of it or west of it, by parity.
    cd: [
      [frame.parity * cos, sin],
      [-frame.parity * sin, cos],
    ],
    width: frame.width,
    height: frame.height,
  };
}
