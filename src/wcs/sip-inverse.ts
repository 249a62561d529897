// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { cholesky } from './cholesky.js';
import { coefficientTable, powersUpTo, termsAt } from './polynomial.js';
import { distorted, isInCircle } from './tan-sip.js';
import type { Wcs } from './wcs.js';

// k and l are terms of the polynomial below; sums, rows and solutions have one value for each.

/** Points along each side of the image to which the inverse is fitted. */
const GRID = 20;
/** SIP knows no higher one. */
const MAX_ORDER = 9;

/**
 * The solution, its distortion with AP and BP: the polynomials, one order higher, that come closest to its inverse over the image. They are for
 * programs that do not invert it themselves.
 */
export function withInverse(wcs: Wcs): Wcs {
  const { sip, width, height } = wcs;
  if (!sip) return wcs;
  const order = Math.min(sip.a.length, MAX_ORDER);
  const powers = powersUpTo(order);
  const terms = powers.length;
  const half = Math.hypot(width, height) / 2;
  const normal = new Float64Array(terms * terms);
  const [sumU, sumV] = [new Float64Array(terms), new Float64Array(terms)];
  const row = new Float64Array(terms);
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const [x, y] = [0.5 + (i / (GRID - 1)) * width, 0.5 + (j / (GRID - 1)) * height];
      if (wcs.circle && !isInCircle(wcs.circle, x, y)) continue;
      const [u, v] = [x - wcs.crpix[0], y - wcs.crpix[1]];
      const [U, V] = distorted(sip, u, v);
      termsAt(powers, U / half, V / half, row);
      for (let k = 0; k < terms; k++) {
        sumU[k]! += row[k]! * (u - U);
        sumV[k]! += row[k]! * (v - V);
        for (let l = 0; l <= k; l++) normal[k * terms + l]! += row[k]! * row[l]!;
      }
    }
  }
  const solver = cholesky(normal, terms);
  if (!solver) return wcs;
  const table = (sums: Float64Array) => {
    const solved = solver.solve(sums);
    return coefficientTable(
      powers,
      order,
      (term) => solved[term]! / half ** (powers[term]![0] + powers[term]![1]),
    );
  };
  return { ...wcs, sip: { ...sip, ap: table(sumU), bp: table(sumV) } };
}
