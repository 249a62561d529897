import { DEG, tangentPlane } from './sphere.js';
import { pixelToSky, skyToPixel } from './tan-sip.js';
import type { Wcs } from './wcs.js';

export interface LinearWcs {
  /** TAN without distortion; its reference point is about the middle of the image. */
  wcs: Wcs;
  /** Degrees per pixel along both axes, the first negative where east is left of north, as CDELT of FITS. */
  scale_deg: [number, number];
  /** CROTA2 of FITS, degrees. */
  rotation_deg: number;
  /** How far it is from the solution at most, pixels. */
  worst_px: number;
}

/** Points along an axis at which the plane is fitted and compared, the edges among them. */
const STEPS = 15;

/** Pixels evenly over the image and where they look. */
function placesOf(wcs: Wcs): { x: number; y: number; sky: [ra_deg: number, dec_deg: number] }[] {
  const at = (i: number, size: number) => 0.5 + (size * i) / (STEPS - 1);
  return Array.from({ length: STEPS * STEPS }, (_, i) => {
    const [x, y] = [at(i % STEPS, wcs.width), at(Math.floor(i / STEPS), wcs.height)];
    return { x, y, sky: pixelToSky(wcs, x, y) };
  });
}

/** How far another solution is from a plate solution at most, pixels; infinite where it does not reach what the image shows. */
export function worstDifference(wcs: Wcs, other: Wcs): number {
  return placesOf(wcs).reduce((worst, { x, y, sky }) => {
    const [px, py] = skyToPixel(other, ...sky) ?? [Number.POSITIVE_INFINITY, 0];
    return Math.max(worst, Math.hypot(px - x, py - y));
  }, 0);
}

/** The gnomonic plane without distortion that is closest to a plate solution, by least squares: for formats that know no other. */
export function linearWcs(wcs: Wcs): LinearWcs {
  const { width, height } = wcs;
  const [midX, midY] = [(width + 1) / 2, (height + 1) / 2];
  const [ra, dec] = pixelToSky(wcs, midX, midY);
  const plane = tangentPlane(ra, dec);
  const points = placesOf(wcs).map(({ x, y, sky }) => ({
    x,
    y,
    plane: plane.project(...sky) ?? [Number.NaN, Number.NaN],
  }));
  // The grid is even, so that its columns are independent of one another and each coefficient is one quotient.
  const mean = (axis: 0 | 1) => points.reduce((sum, { plane }) => sum + plane[axis], 0) / points.length;
  const slope = (axis: 0 | 1, offset: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + point.plane[axis] * offset(point), 0) /
    points.reduce((sum, point) => sum + offset(point) ** 2, 0);
  const fromX = ({ x }: { x: number }) => x - midX;
  const fromY = ({ y }: { y: number }) => y - midY;
  const cd: Wcs['cd'] = [
    [slope(0, fromX), slope(0, fromY)],
    [slope(1, fromX), slope(1, fromY)],
  ];
  const [[a, b], [c, d]] = cd;
  const det = a * d - b * c;
  const [xi, eta] = [mean(0), mean(1)];
  const fitted: Wcs = {
    crval: [ra, dec],
    crpix: [midX - (d * xi - b * eta) / det, midY - (a * eta - c * xi) / det],
    cd,
    width,
    height,
  };
  const sign = det < 0 ? -1 : 1;
  return {
    wcs: fitted,
    scale_deg: [sign * Math.hypot(a, c), Math.hypot(b, d)],
    rotation_deg: Math.atan2(sign * c - b, sign * a + d) * DEG,
    worst_px: worstDifference(wcs, fitted),
  };
}
