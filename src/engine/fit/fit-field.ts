// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import type { LensFit } from '../../job/result.js';
import {
  type FittedLens,
  fitLens,
  halfDiagonal,
  type LensPairs,
  lensPairs,
  type StarPairs,
  wcsOf,
} from '../../wcs/fit.js';
import { LensPolynomial } from '../../wcs/lens-polynomial.js';
import { PixelPlane, unitVectors } from '../../wcs/pixel-plane.js';
import type { Wcs } from '../../wcs/wcs.js';
import { chooseOrder } from './choose-order.js';
import { coverageOf, describeFit, type Shown } from './describe.js';
import { type FitField, type Matched, type MeasuredLens, matchStars, type StarMatch } from './match.js';
import { Nearest } from './nearest.js';

/** Stars of an image, pixels; the likeliest to be bright stars of the sky first. */
export interface FieldStars {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** Stars of a catalogue in an image and a little about it, J2000 degrees. */
export interface ReferenceStars {
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  /** Whether the brightest come first. */
  isSorted: boolean;
}

/** A plate solution that is fitted to all stars that an image and a catalogue have in common. */
export interface FieldFit {
  wcs: Wcs;
  matches: StarMatch[];
  /** Standard deviation of a star's position along one axis, pixels. */
  sigma_px: number;
  report: LensFit;
  /** Share of the image within reach of the stars, 0 to 1. */
  coverage: number;
}

/** A first match is known to this, pixels. */
const FIRST_SIGMA_PX = 1;
/** How many of the image's first stars are matched, one after another: few may be looked for far away, many must be near. */
const DEPTHS = [40, 120, Number.POSITIVE_INFINITY] as const;
/** Of the polynomials that stars are matched with, until they reach the corners, and then. */
const GROWING_ORDER = 3;
const GROWN_ORDER = 5;
const GROWN_STARS = 50;
/** How much a lens may bend: as the widest do, or next to nothing, which asks for less stars to reach the corners. */
const FLEXIBILITIES = [1, 0.1] as const;
/** A match of so large a share of the stars has reached the corners. */
const ENOUGH = 0.6;
/** A fit is no worse than its start when the catalogue's stars are off by so little more: it is noise. */
const NOISE = 1.02;

/**
 * Fits a lens to all stars that an image and a catalogue have in common, from a first match outwards: match, fit, widen. The order of its
 * distortion is chosen by cross-validation. Where that is worse than the start, the start is kept. Undefined when the seeds do not
 * determine a solution.
 * @param seeds stars that are known to be matched
 * @param most the highest order of the distortion; 0 and 1 allow none
 */
export function fitField(
  start: Wcs,
  seeds: StarPairs,
  stars: FieldStars,
  reference: ReferenceStars,
  most: number,
): FieldFit | undefined {
  const { width, height } = start;
  const half = halfDiagonal(start);
  const field: FitField = {
    width,
    height,
    u: Float64Array.from(stars.x, (x) => (x - (width + 1) / 2) / half),
    v: Float64Array.from(stars.y, (y) => (y - (height + 1) / 2) / half),
    vectors: unitVectors(reference.ra_deg, reference.dec_deg),
    isSorted: reference.isSorted,
  };
  const begun = { plane: PixelPlane.of(start), lens: identity(), sigma_px: FIRST_SIGMA_PX };
  let best: GrownFit | undefined;
  for (const flexibility of FLEXIBILITIES) {
    const grown = grow(begun.plane, lensPairs(seeds, start), field, flexibility, most);
    if (grown && grown.matches.length > (best?.matches.length ?? 0)) best = grown;
    if (best && best.matches.length > ENOUGH * Math.min(stars.x.length, reference.ra_deg.length)) break;
  }
  const isWorse = best && isWorseThan(best, begun, field);
  if (!best || isWorse) best = matchedAs(begun, field, best?.measured_px);
  if (!best) return undefined;
  const wcs = wcsOf(best, start);
  const pairs = starPairsOf(best.matches, stars, reference);
  const { matches, sigma_px, ...fit } = best;
  return {
    wcs,
    matches,
    sigma_px,
    report: describeFit({ ...fit, wcs, pairs, shown: shownOf(best, field) }),
    coverage: coverageOf(pairs, start),
  };
}

interface GrownFit extends Matched {
  order: number;
  held_out_px?: number;
  /** Standard deviation of a star's place in a fit that may bend as much as it needs, pixels. */
  measured_px: number;
}

function grow(
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
  const chosen = grown && chooseOrder(grown, field, { most, flexibility });
  if (!grown || !chosen) return undefined;
  const { order, held_out_px } = chosen;
  const measured_px = grown.sigma_px;
  const settled = matchStars({ ...chosen, sigma_px: measured_px }, field, { ...all, order });
  return settled && { ...settled, order, measured_px, ...(Number.isFinite(held_out_px) && { held_out_px }) };
}

/**
 * The stars that a solution without distortion matches, and it fitted to them.
 * @param measured_px how well stars are measured, where a fit that may bend has told
 */
function matchedAs(
  start: MeasuredLens,
  field: FitField,
  measured_px = Number.POSITIVE_INFINITY,
): GrownFit | undefined {
  const matched = matchStars(start, field, { order: 0, flexibility: 1, depth: Number.POSITIVE_INFINITY });
  return matched && { ...matched, order: 0, measured_px: Math.min(measured_px, matched.sigma_px) };
}

/** Whether the catalogue's stars are farther from those of the image than they were at the start. */
function isWorseThan(fit: GrownFit, start: FittedLens, field: FitField): boolean {
  const most_px = Math.max(LEAST_MOST_PX, MOST_SIGMAS * fit.measured_px);
  return offBy(fit, field, most_px) > NOISE * offBy(start, field, most_px);
}

/** The matched stars by their pixels and their places on the sky. */
export function starPairsOf(
  matches: readonly StarMatch[],
  field: FieldStars,
  reference: Pick<ReferenceStars, 'ra_deg' | 'dec_deg'>,
): StarPairs {
  return {
    x: matches.map((pair) => field.x[pair.field]!),
    y: matches.map((pair) => field.y[pair.field]!),
    ra_deg: matches.map((pair) => reference.ra_deg[pair.reference]!),
    dec_deg: matches.map((pair) => reference.dec_deg[pair.reference]!),
  };
}

function identity(): LensPolynomial {
  const lens = new LensPolynomial(1);
  lens.x[1] = 1;
  lens.y[2] = 1;
  return lens;
}

/** Catalogue stars that a fit is compared by, and the most that one counts: pixels, and standard deviations. */
const COMPARED = 200;
const LEAST_MOST_PX = 1;
const MOST_SIGMAS = 6;

/** How far the catalogue's brightest stars are from stars of the image, pixels, on average, each `most_px` at most. */
function offBy({ plane, lens }: FittedLens, field: FitField, most_px: number): number {
  const half = halfDiagonal(field);
  const [x, y] = [new Float64Array(field.u.length), new Float64Array(field.u.length)];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = lens.at(field.u[i]!, field.v[i]!);
    x[i] = half * px;
    y[i] = half * py;
  }
  const nearest = new Nearest(x, y, most_px);
  const count = Math.min(COMPARED, field.vectors.length / 3);
  const [skyX, skyY] = [new Float64Array(count), new Float64Array(count)];
  plane.project(field.vectors, skyX, skyY);
  let [sum, seen] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (!(Math.abs(skyX[i]!) < field.width / 2 && Math.abs(skyY[i]!) < field.height / 2)) continue;
    seen++;
    sum += nearest.within(skyX[i]!, skyY[i]!, most_px)?.distance ?? most_px;
  }
  return sum / Math.max(1, seen);
}

/** Which of the catalogue's brightest stars, as many as are matched, the image shows. */
function shownOf({ plane, matches }: Matched, field: FitField): Shown {
  const half = halfDiagonal(field);
  const count = field.vectors.length / 3;
  const [x, y] = [new Float64Array(count), new Float64Array(count)];
  plane.project(field.vectors, x, y);
  const matched = new Set(matches.map(({ reference }) => reference));
  const shown: Shown = { inner: { sought: 0, found: 0 }, outer: { sought: 0, found: 0 } };
  let seen = 0;
  for (let i = 0; i < count && !(field.isSorted && seen >= matches.length); i++) {
    if (!(Math.abs(x[i]!) < field.width / 2 && Math.abs(y[i]!) < field.height / 2)) continue;
    seen++;
    const part = Math.hypot(x[i]!, y[i]!) > (2 / 3) * half ? shown.outer : shown.inner;
    part.sought++;
    if (matched.has(i)) part.found++;
  }
  return shown;
}
