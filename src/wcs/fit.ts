// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { cholesky } from './cholesky.js';
import { coefficientTable, type Powers, powersUpTo, termsAt } from './polynomial.js';
import { tangentPlane } from './sphere.js';
import { pixelToSky } from './tan-sip.js';
import type { SipDistortion, Wcs } from './wcs.js';

/** Stars by their pixels (FITS convention) and their places on the sky (J2000 degrees), in the same order. */
export interface StarPairs {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  ra_deg: ArrayLike<number>;
  dec_deg: ArrayLike<number>;
}

export interface FitOptions {
  /** Order of the distortion; 0 and 1 fit none. */
  order: number;
  /** Standard deviation of a star's measured position along one axis, pixels. */
  sigma_px: number;
}

export interface WcsFit {
  /** About the centre of the image; without the inverse of its distortion, see `withInverse`. */
  wcs: Wcs;
  /** How far the solution may be off at a pixel: standard deviation along one axis, pixels. */
  uncertainty(x: number, y: number): number;
}

/**
 * Lenses bend the corners by about this part of half the diagonal. As what is expected before any star is seen it keeps a
 * distortion from bending to a few stars, and is nothing against many.
 */
const EXPECTED_DISTORTION = 0.01;
/** The reference place moves with each round, and the tangent plane with it. */
const ROUNDS = 3;

type Matrix = Wcs['cd'];

// Indices below: i is a pair of stars, j and k are terms of the polynomial (three or more), the design has a row of terms a pair.

/**
 * The TAN-SIP solution that fits pairs of stars best: least squares of the residuals in pixels, where no distortion is
 * what is expected. Undefined when the pairs do not determine it, or lie behind the tangent plane of `start`.
 */
export function fitWcs(start: Wcs, pairs: StarPairs, { order, sigma_px }: FitOptions): WcsFit | undefined {
  const { width, height } = start;
  const crpix: [number, number] = [(width + 1) / 2, (height + 1) / 2];
  const half = Math.hypot(width, height) / 2;
  const powers = powersUpTo(Math.max(1, order));
  const terms = powers.length;
  const count = pairs.x.length;

  const design = new Float64Array(count * terms);
  for (let i = 0; i < count; i++)
    termsAt(powers, (pairs.x[i]! - crpix[0]) / half, (pairs.y[i]! - crpix[1]) / half, design, i * terms);
  const normal = new Float64Array(terms * terms);
  const stiffness = (sigma_px / (EXPECTED_DISTORTION * half)) ** 2;
  for (let j = 0; j < terms; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = j === k && j > 2 ? stiffness : 0;
      for (let at = 0; at < design.length; at += terms) sum += design[at + j]! * design[at + k]!;
      normal[j * terms + k] = sum;
    }
  }
  const solver = count < 3 ? undefined : cholesky(normal, terms);
  if (!solver) return undefined;

  let { crval, cd } = aboutCentre(start, crpix);
  let sip: SipDistortion | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const plane = tangentPlane(...crval);
    const toPixels = inverse(cd);
    const [sumX, sumY] = [new Float64Array(terms), new Float64Array(terms)];
    for (let i = 0; i < count; i++) {
      const standard = plane.project(pairs.ra_deg[i]!, pairs.dec_deg[i]!);
      if (!standard) return undefined;
      const [x, y] = apply(toPixels, standard);
      for (let j = 0; j < terms; j++) {
        sumX[j]! += design[i * terms + j]! * x;
        sumY[j]! += design[i * terms + j]! * y;
      }
    }
    const [cx, cy] = [solver.solve(sumX), solver.solve(sumY)];
    // The constant terms say where the reference pixel looks; the linear ones mend the matrix.
    crval = plane.unproject(...apply(cd, [cx[0]!, cy[0]!]));
    const linear: Matrix = [
      [cx[1]! / half, cx[2]! / half],
      [cy[1]! / half, cy[2]! / half],
    ];
    cd = product(cd, linear);
    if (order > 1) sip = distortion(powers, order, cx, cy, inverse(linear), half);
  }
  return {
    wcs: { crval, crpix, cd, width, height, ...(sip && { sip }) },
    uncertainty(x, y) {
      const row = new Float64Array(terms);
      termsAt(powers, (x - crpix[0]) / half, (y - crpix[1]) / half, row);
      return sigma_px * Math.sqrt(solver.inverseForm(row));
    },
  };
}

/** Where the centre of the image looks, and how the sky moves with the pixel there. */
function aboutCentre(wcs: Wcs, [x, y]: readonly [number, number]): Pick<Wcs, 'crval' | 'cd'> {
  const crval = pixelToSky(wcs, x, y);
  const plane = tangentPlane(...crval);
  const at = (dx: number, dy: number) => plane.project(...pixelToSky(wcs, x + dx, y + dy)) ?? [0, 0];
  const [east, west, up, down] = [at(1, 0), at(-1, 0), at(0, 1), at(0, -1)];
  return {
    crval,
    cd: [
      [(east[0] - west[0]) / 2, (up[0] - down[0]) / 2],
      [(east[1] - west[1]) / 2, (up[1] - down[1]) / 2],
    ],
  };
}

/** SIP from polynomials in coordinates of half the diagonal: what is left of them when `unlinear` undoes their linear part. */
function distortion(
  powers: Powers,
  order: number,
  cx: Float64Array,
  cy: Float64Array,
  unlinear: Matrix,
  half: number,
): SipDistortion {
  const table = (axis: 0 | 1) =>
    coefficientTable(powers, order, (term) => {
      const [p, q] = powers[term]!;
      return p + q < 2 ? 0 : apply(unlinear, [cx[term]!, cy[term]!])[axis] / half ** (p + q);
    });
  return { a: table(0), b: table(1) };
}

function apply([[a, b], [c, d]]: Matrix, [x, y]: readonly [number, number]): [number, number] {
  return [a * x + b * y, c * x + d * y];
}

function product(m: Matrix, [[a, b], [c, d]]: Matrix): Matrix {
  const [left, right] = [apply(m, [a, c]), apply(m, [b, d])];
  return [
    [left[0], right[0]],
    [left[1], right[1]],
  ];
}

function inverse([[a, b], [c, d]]: Matrix): Matrix {
  const det = a * d - b * c;
  return [
    [d / det, -b / det],
    [-c / det, a / det],
  ];
}
