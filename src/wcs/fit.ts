// biome-ignore-all lint/style/noNonNullAssertion: the columns of pairs are of one length, and a polynomial of first order has three terms.
import { LensPolynomial } from './lens-polynomial.js';
import { apply, inverse, PixelPlane, unitVectors } from './pixel-plane.js';
import { coefficientTable } from './polynomial.js';
import type { SipDistortion, Wcs } from './wcs.js';

/** Stars by their pixels (FITS convention) and their places on the sky (J2000 degrees), in the same order. */
export interface StarPairs {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  ra_deg: ArrayLike<number>;
  dec_deg: ArrayLike<number>;
}

/** The same for a fit: places in half diagonals of the image from its middle, and unit vectors, three elements each. */
export interface LensPairs {
  u: Float64Array;
  v: Float64Array;
  vectors: Float64Array;
  /** How much each counts. @default 1 */
  weights?: Float64Array;
}

/** Width and height of an image, pixels. */
type Size = Pick<Wcs, 'width' | 'height'>;

export interface FitOptions {
  /** Order of the distortion; 0 and 1 fit none. */
  order: number;
  /** Standard deviation of a star's measured position along one axis, pixels. */
  sigma_px: number;
  /** How much more than usual a lens may bend. @default 1 */
  flexibility?: number;
  /** What is known of the lens beforehand: the fit adds to it. @default nothing */
  known?: LensPolynomial | undefined;
  /** How often the plane is moved to where the fit says that the middle looks, and once more. @default 3 */
  rounds?: number;
}

/** A lens over the plane in which its shift, scale and rotation are next to nothing. */
export interface FittedLens {
  plane: PixelPlane;
  lens: LensPolynomial;
}

const ROUNDS = 3;

export function halfDiagonal({ width, height }: Size): number {
  return Math.hypot(width, height) / 2;
}

export function lensPairs({ x, y, ra_deg, dec_deg }: StarPairs, size: Size): LensPairs {
  const half = halfDiagonal(size);
  const [cx, cy] = [(size.width + 1) / 2, (size.height + 1) / 2];
  return {
    u: Float64Array.from(x, (at) => (at - cx) / half),
    v: Float64Array.from(y, (at) => (at - cy) / half),
    vectors: unitVectors(ra_deg, dec_deg),
  };
}

/**
 * Fits a lens to pairs of stars: least squares of the residuals in pixels of the plane, where `LensPolynomial` says what is expected.
 * Undefined when the pairs do not determine it, or lie behind the plane.
 */
export function fitLens(
  start: PixelPlane,
  { u, v, vectors, weights = new Float64Array(u.length).fill(1) }: LensPairs,
  size: Size,
  { order, sigma_px, flexibility = 1, known, rounds = ROUNDS }: FitOptions,
): FittedLens | undefined {
  const half = halfDiagonal(size);
  const lens = new LensPolynomial(Math.max(1, order), flexibility, known);
  if (!lens.design(u, v, sigma_px / half, weights)) return undefined;
  const [imageX, imageY] = [new Float64Array(u.length), new Float64Array(u.length)];
  let plane = start;
  for (let round = 1; ; round++) {
    plane.project(vectors, imageX, imageY);
    for (let i = 0; i < u.length; i++) {
      imageX[i]! /= half;
      imageY[i]! /= half;
      if (Number.isNaN(imageX[i]!)) return undefined;
    }
    lens.fit(u, v, imageX, imageY, weights);
    if (round === rounds) return { plane, lens };
    plane = recentred(plane, lens, half);
  }
}

/** The constant terms of a lens say where the middle looks, the linear ones how the sky moves with the pixel there. */
function recentred(plane: PixelPlane, lens: LensPolynomial, half: number): PixelPlane {
  return plane.moved(half * lens.x[0]!, half * lens.y[0]!, linearOf(lens));
}

function linearOf({ x, y }: LensPolynomial): Wcs['cd'] {
  return [
    [x[1]!, x[2]!],
    [y[1]!, y[2]!],
  ];
}

/** A lens as a TAN-SIP solution about the middle of the image; without the inverse of its distortion, see `withInverse`. */
export function wcsOf({ plane, lens }: FittedLens, { width, height }: Size): Wcs {
  const half = halfDiagonal({ width, height });
  const { crval, cd } = recentred(plane, lens, half);
  const crpix: Wcs['crpix'] = [(width + 1) / 2, (height + 1) / 2];
  return { crval, crpix, cd, width, height, ...(lens.order > 1 && { sip: distortion(lens, half) }) };
}

/** SIP from polynomials in coordinates of half the diagonal: what is left of them when their linear part is undone. */
function distortion(lens: LensPolynomial, half: number): SipDistortion {
  const { powers, order } = lens;
  const unlinear = inverse(linearOf(lens));
  const table = (axis: 0 | 1) =>
    coefficientTable(powers, order, (term) => {
      const [p, q] = powers[term]!;
      return p + q < 2 ? 0 : apply(unlinear, [lens.x[term]!, lens.y[term]!])[axis] / half ** (p + q - 1);
    });
  return { a: table(0), b: table(1) };
}

export interface WcsFit {
  /** About the centre of the image; without the inverse of its distortion, see `withInverse`. */
  wcs: Wcs;
  /** How far the solution may be off at a pixel: standard deviation along one axis, pixels. */
  uncertainty(x: number, y: number): number;
}

/** The TAN-SIP solution that fits pairs of stars best, see `fitLens`. */
export function fitWcs(start: Wcs, pairs: StarPairs, options: FitOptions): WcsFit | undefined {
  const { width, height } = start;
  const fit = fitLens(PixelPlane.of(start), lensPairs(pairs, start), start, options);
  if (!fit) return undefined;
  const half = halfDiagonal(start);
  return {
    wcs: wcsOf(fit, start),
    uncertainty: (x, y) =>
      half * fit.lens.deviation((x - (width + 1) / 2) / half, (y - (height + 1) / 2) / half),
  };
}
