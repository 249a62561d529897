import { fitLens, type LensPairs } from '../../wcs/fit.js';
import { LensPolynomial } from '../../wcs/lens-polynomial.js';
import type { PixelPlane } from '../../wcs/pixel-plane.js';
import { chooseOrder, type OrderOptions } from './choose-order.js';
import { type FitField, type Matched, type MeasuredLens, matchStars } from './match.js';

/** A first match is known to this, pixels. */
const FIRST_SIGMA_PX = 1;
/** How many of the image's first stars are matched, one after another: few may be looked for far away, many must be near. */
const DEPTHS = [40, 120, Number.POSITIVE_INFINITY] as const;
/** Of the polynomials that stars are matched with, until they reach the corners, and then. */
const GROWING_ORDER = 3;
const GROWN_ORDER = 5;
const GROWN_STARS = 50;
/** Of a polynomial without distortion. */
const LINEAR_TERMS = 3;

export interface GrownFit extends Matched {
  order: number;
  held_out_px?: number;
  /** Standard deviation of a star's place in a fit that may bend as much as it needs, pixels. */
  measured_px: number;
}

/** Grows a fit from seeds outwards: match, fit, widen. */
export function grow(
  plane: PixelPlane,
  seeds: LensPairs,
  field: FitField,
  flexibility: number,
  most: number,
): GrownFit | undefined {
  const sigma_px = FIRST_SIGMA_PX;
  const first = fitLens(plane, seeds, field, { order: GROWING_ORDER, sigma_px, flexibility });
  let grown: Matched | undefined = first && { ...first, sigma_px, matches: [] };
  for (const depth of DEPTHS)
    grown &&= matchStars(grown, field, { order: GROWING_ORDER, flexibility, depth });
  const all = { flexibility, depth: Number.POSITIVE_INFINITY };
  if ((grown?.matches.length ?? 0) >= GROWN_STARS)
    grown &&= matchStars(grown, field, { ...all, order: GROWN_ORDER });
  return grown && settle(grown, field, { most, flexibility });
}

/** Chooses the order of a fit that may bend as much as it needs, and matches with it. */
function settle(grown: Matched, field: FitField, options: OrderOptions): GrownFit | undefined {
  const chosen = chooseOrder(grown, field, options);
  if (!chosen) return undefined;
  const { order, held_out_px } = chosen;
  const { flexibility, known } = options;
  const measured_px = grown.sigma_px;
  const settled = matchStars({ ...chosen, sigma_px: measured_px }, field, {
    order,
    flexibility,
    known,
    depth: Number.POSITIVE_INFINITY,
  });
  return (
    settled && {
      ...settled,
      order: settled.lens.order > 1 ? settled.lens.order : 0,
      measured_px,
      ...(Number.isFinite(held_out_px) && { held_out_px }),
    }
  );
}

/** The same with a lens that is known: one match reaches the corners. */
export function growKnown(
  plane: PixelPlane,
  seeds: LensPairs,
  field: FitField,
  known: LensPolynomial,
  most: number,
): (GrownFit & { isAsKnown: boolean }) | undefined {
  const sigma_px = FIRST_SIGMA_PX;
  const given = { flexibility: 1, known };
  const first = fitLens(plane, seeds, field, { ...given, order: 0, sigma_px });
  const begun = { ...given, depth: Number.POSITIVE_INFINITY };
  const near = first && matchStars({ ...first, sigma_px }, field, { ...begun, order: 0 });
  const grown = near && matchStars(near, field, { ...begun, order: GROWING_ORDER });
  const settled = grown && settle(grown, field, { ...given, most });
  return settled && { ...settled, isAsKnown: settled.lens.terms <= LINEAR_TERMS };
}

/**
 * The stars that a solution without distortion matches, and it fitted to them.
 * @param measured_px how well stars are measured, where a fit that may bend has told
 */
export function matchedAs(
  start: MeasuredLens,
  field: FitField,
  measured_px = Number.POSITIVE_INFINITY,
): GrownFit | undefined {
  const matched = matchStars(start, field, { order: 0, flexibility: 1, depth: Number.POSITIVE_INFINITY });
  return matched && { ...matched, order: 0, measured_px: Math.min(measured_px, matched.sigma_px) };
}

/** A solution without distortion as the first match. */
export function firstMatch(plane: PixelPlane): MeasuredLens {
  const lens = new LensPolynomial(1);
  lens.x[1] = 1;
  lens.y[2] = 1;
  return { plane, lens, sigma_px: FIRST_SIGMA_PX };
}
