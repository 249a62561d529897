// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import type { LensFit } from '../../job/solve-report.js';
import type { KnownLens } from '../../wcs/calibration.js';
import { type FittedLens, halfDiagonal, lensPairs, type StarPairs, wcsOf } from '../../wcs/fit.js';
import { PixelPlane, unitVectors } from '../../wcs/pixel-plane.js';
import type { Wcs } from '../../wcs/wcs.js';
import { coverageOf, describeFit, type Shown } from './describe.js';
import { firstMatch, type GrownFit, grow, growKnown, matchedAs } from './grow-fit.js';
import type { FitField, Matched, StarMatch } from './match.js';
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

/** A scale, a rotation, a shift and a shear take three stars. */
const FEWEST_SEEDS = 3;
/** How much a lens may bend: as the widest do, or next to nothing, which asks for less stars to reach the corners. */
const FLEXIBILITIES = [1, 0.1] as const;
/** A match of so large a share of the stars has reached the corners. */
const ENOUGH = 0.6;
/** Stars are as well placed as those that have shown a lens when they are off by no more than this times as much. */
const AS_WELL = 1.5;
/** A fit is no worse than its start when the catalogue's stars are off by so little more: it is noise. */
const NOISE = 1.02;

/**
 * Fits a lens to all stars that an image and a catalogue have in common, from a first match outwards: match, fit, widen. The order of its
 * distortion is chosen by cross-validation. Where that is worse than the start, the start is kept. Undefined when the seeds do not
 * determine a solution.
 * @param seeds stars that are known to be matched
 * @param most the highest order of the distortion; 0 and 1 allow none
 * @param known the lens as other images have shown it: a first guess, that is dropped where the fit without it is better
 */
export function fitField(
  start: Wcs,
  seeds: StarPairs,
  stars: FieldStars,
  reference: ReferenceStars,
  most: number,
  known?: KnownLens,
): FieldFit | undefined {
  if (seeds.x.length < FEWEST_SEEDS) return undefined;
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
  const begun = firstMatch(PixelPlane.of(start));
  const described = (fit: GrownFit): FieldFit => {
    const wcs = wcsOf(fit, start);
    const pairs = starPairsOf(fit.matches, stars, reference);
    const { matches, sigma_px, ...rest } = fit;
    return {
      wcs,
      matches,
      sigma_px,
      report: describeFit({ ...rest, wcs, pairs, shown: shownOf(fit, field) }),
      coverage: coverageOf(pairs, start),
    };
  };
  const first = lensPairs(seeds, start);
  const guided =
    known && known.lens.order <= most ? growKnown(begun.plane, first, field, known.lens, most) : undefined;
  if (guided?.isAsKnown && !isWorseThan(guided, begun, field)) {
    const fit = described(guided);
    if (fit.report.good_to_corners && fit.report.rms_px <= AS_WELL * (known?.rms_px ?? 0)) return fit;
  }
  let best: GrownFit | undefined;
  for (const flexibility of FLEXIBILITIES) {
    const grown = grow(begun.plane, first, field, flexibility, most);
    if (grown && grown.matches.length > (best?.matches.length ?? 0)) best = grown;
    if (best && best.matches.length > ENOUGH * Math.min(stars.x.length, reference.ra_deg.length)) break;
  }
  if (guided && (!best || (heldOut(guided) <= heldOut(best) && isWorseThan(best, guided, field))))
    best = guided;
  const isWorse = best && isWorseThan(best, begun, field);
  if (!best || isWorse) best = matchedAs(begun, field, best?.measured_px);
  return best && described(best);
}

function heldOut({ held_out_px = Number.POSITIVE_INFINITY }: GrownFit): number {
  return held_out_px;
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
