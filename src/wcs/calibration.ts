// biome-ignore-all lint/style/noNonNullAssertion: tables have a row for each power, and polynomials a coefficient for each term.
import { CALIBRATION_VERSION, type Calibration } from '../job/calibration.js';
import { halfDiagonal } from './fit.js';
import { LensPolynomial } from './lens-polynomial.js';
import type { SipDistortion, Wcs } from './wcs.js';

/** What a solution says of the lens, wherever the picture points. Undefined of a tangent plane about another pixel than the middle. */
export function calibrationOf(
  wcs: Wcs,
  about: Pick<Calibration, 'optics' | 'fit'> = {},
): Calibration | undefined {
  const { width, height, crpix, sip, projection = 'TAN' } = wcs;
  if (projection === 'TAN' && (crpix[0] !== (width + 1) / 2 || crpix[1] !== (height + 1) / 2))
    return undefined;
  const [[a, b], [c, d]] = wcs.cd;
  const distortion = sip && projection !== 'TAN' ? sheared(sip, wcs.cd) : sip;
  return {
    version: CALIBRATION_VERSION,
    ...(about.optics !== undefined && { optics: about.optics }),
    width,
    height,
    projection,
    center: [...crpix],
    arcsec_per_pixel: 3600 * Math.sqrt(Math.abs(a * d - b * c)),
    ...(distortion && { sip: { a: distortion.a, b: distortion.b } }),
    ...(wcs.circle && { image_circle: { ...wcs.circle } }),
    ...(about.fit && { fit: about.fit }),
  };
}

/** The shear that is left of a CD matrix without its scale, rotation and mirror (polar decomposition): a symmetric matrix of determinant 1. */
export function shearOf([[a, b], [c, d]]: Wcs['cd']): [xx: number, xy: number, yy: number] {
  const scale2 = Math.abs(a * d - b * c);
  const [xx, xy, yy] = [(a * a + c * c) / scale2, (a * b + c * d) / scale2, (b * b + d * d) / scale2];
  // The root of a symmetric 2 × 2 matrix of determinant 1 (Levinger 1980).
  const root = Math.sqrt(xx + yy + 2);
  return [(xx + 1) / root, xy / root, (yy + 1) / root];
}

/** Less is rounding. */
const LEAST_SHEAR = 1e-9;

/** A distortion with the shear of a CD matrix in its linear terms: what belongs to the lens, and not to where it points. */
function sheared({ a, b }: SipDistortion, cd: Wcs['cd']): Pick<SipDistortion, 'a' | 'b'> {
  const [xx, xy, yy] = shearOf(cd);
  if (Math.hypot(xx - yy, 2 * xy) < LEAST_SHEAR) return { a, b };
  const order = Math.max(1, a.length - 1, b.length - 1);
  const of = (along: number, across: number, own: 0 | 1) =>
    Array.from({ length: order + 1 }, (_, p) =>
      Array.from({ length: order + 1 - p }, (_, q) => {
        const [u, v] = [p === 1 && q === 0 ? 1 : 0, p === 0 && q === 1 ? 1 : 0];
        const value = along * (u + (a[p]?.[q] ?? 0)) + across * (v + (b[p]?.[q] ?? 0));
        return value - (own === 0 ? u : v);
      }),
    );
  return { a: of(xx, xy, 0), b: of(xy, yy, 1) };
}

/** A lens with a tangent plane as other images have shown it. */
export interface KnownLens {
  /** In half diagonals from the middle of the image. */
  lens: LensPolynomial;
  /** How far the stars were off that showed it: root mean square, pixels. */
  rms_px: number;
}

/** Of calibrations that do not say how far stars were off. */
export const USUAL_RMS_PX = 0.5;

/**
 * The lens of a calibration. Undefined where that says nothing of a picture of this size, or of any: a fisheye lens, or one without distortion.
 */
export function knownLensOf(
  { projection, sip, fit, ...known }: Calibration,
  { width, height }: Pick<Wcs, 'width' | 'height'>,
): KnownLens | undefined {
  if (projection !== 'TAN' || !sip || known.width !== width || known.height !== height) return undefined;
  const half = halfDiagonal({ width, height });
  const order = Math.max(1, orderOf(sip.a), orderOf(sip.b));
  if (order < 2) return undefined;
  const lens = new LensPolynomial(order);
  lens.powers.forEach(([p, q], term) => {
    const scale = half ** (p + q - 1);
    lens.x[term] = (p === 1 && q === 0 ? 1 : 0) + scale * (sip.a[p]?.[q] ?? 0);
    lens.y[term] = (p === 0 && q === 1 ? 1 : 0) + scale * (sip.b[p]?.[q] ?? 0);
  });
  return { lens, rms_px: fit?.rms_px ?? USUAL_RMS_PX };
}

/** The highest degree of a term that is there. */
function orderOf(table: readonly (readonly number[])[]): number {
  return Math.max(0, ...table.flatMap((row, p) => row.map((value, q) => (value === 0 ? 0 : p + q))));
}
