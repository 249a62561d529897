// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop over the same arrays.
import { type FittedLens, fitLens, halfDiagonal } from '../../wcs/fit.js';
import type { LensPolynomial } from '../../wcs/lens-polynomial.js';
import {
  distanceOf,
  type FitField,
  lossOf,
  type MeasuredLens,
  pairsOf,
  residuals,
  type StarMatch,
} from './match.js';

/** A fit of one order, and how well it does at stars that took no part. */
export interface OrderedFit extends FittedLens {
  order: number;
  /** Root mean square of the distances of stars from fits without them, pixels; stars that are far off count less, as in the fit. */
  held_out_px: number;
}

export interface OrderOptions {
  /** The highest that may be chosen. */
  most: number;
  flexibility: number;
  /** What the fits add to, see `FitOptions`; the order is that of what is added. */
  known?: LensPolynomial | undefined;
}

/** A lower order is as good as the best one when it is so little worse at stars that took no part. */
const AS_GOOD = 1.02;
/** Orders 0 and 1 are the same: both have no distortion. SIP knows none beyond 9. */
export const ORDERS = [0, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/**
 * Chooses the order of the distortion by cross-validation: each star is left out once, and the lowest order is taken that is as good at such stars
 * as the best one. Undefined when the matches do not determine a fit.
 */
export function chooseOrder(
  { plane, sigma_px, matches }: MeasuredLens & { matches: readonly StarMatch[] },
  field: FitField,
  { most, flexibility, known }: OrderOptions,
): OrderedFit | undefined {
  const half = halfDiagonal(field);
  const pairs = pairsOf(matches, field, sigma_px);
  /** From the mean loss of a Cauchy distribution, whose derivative is the residual times its weight in the fit. */
  const heldOut = (fit: FittedLens): number => {
    const { x, y } = residuals(fit, pairs, field);
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      const [u, v, weight] = [pairs.u[i]!, pairs.v[i]!, pairs.weights[i]!];
      sum += lossOf(half * fit.lens.leftOut(u, v, weight, x[i]! / half, y[i]! / half), sigma_px);
    }
    return distanceOf(sum / x.length, sigma_px);
  };
  const fits: OrderedFit[] = [];
  for (const order of ORDERS) {
    if (order > most) break;
    const fit = fitLens(plane, pairs, field, { order, sigma_px, flexibility, known, rounds: 1 });
    if (fit) fits.push({ ...fit, order, held_out_px: heldOut(fit) });
  }
  // What adds to a known lens must be better by a standard error: the lens as it is known is likelier than any other (Breiman et al. 1984).
  return lowestAsGood(fits, known ? Math.max(AS_GOOD, 1 + 0.5 / Math.sqrt(matches.length)) : AS_GOOD);
}

/** The first of several fits, by rising order, that is as good at stars that took no part as the best one. */
export function lowestAsGood<F extends { held_out_px: number }>(
  fits: readonly F[],
  asGood = AS_GOOD,
): F | undefined {
  const least = Math.min(...fits.map(({ held_out_px }) => held_out_px));
  return fits.find(({ held_out_px }) => held_out_px <= asGood * least) ?? fits[0];
}
