// biome-ignore-all lint/style/noNonNullAssertion: tables have a row for each power, and polynomials a coefficient for each term.
import { CALIBRATION_VERSION, type Calibration } from '../job/calibration.js';
import { halfDiagonal } from './fit.js';
import { LensPolynomial } from './lens-polynomial.js';
import type { Wcs } from './wcs.js';

/** What a solution says of the lens, wherever the picture points. Undefined of a tangent plane about another pixel than the middle. */
export function calibrationOf(
  wcs: Wcs,
  about: Pick<Calibration, 'optics' | 'fit'> = {},
): Calibration | undefined {
  const { width, height, crpix, sip, projection = 'TAN' } = wcs;
  if (projection === 'TAN' && (crpix[0] !== (width + 1) / 2 || crpix[1] !== (height + 1) / 2))
    return undefined;
  const [[a, b], [c, d]] = wcs.cd;
  return {
    version: CALIBRATION_VERSION,
    ...(about.optics !== undefined && { optics: about.optics }),
    width,
    height,
    projection,
    center: [...crpix],
    arcsec_per_pixel: 3600 * Math.sqrt(Math.abs(a * d - b * c)),
    ...(sip && { sip: { a: sip.a, b: sip.b } }),
    ...(about.fit && { fit: about.fit }),
  };
}

/** A lens as other images have shown it. */
export interface KnownLens {
  /** In half diagonals from the middle of the image. */
  lens: LensPolynomial;
  /** How far the stars were off that showed it: root mean square, pixels. */
  rms_px: number;
}

/** Of calibrations that do not say how far stars were off. */
const USUAL_RMS_PX = 0.5;

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
