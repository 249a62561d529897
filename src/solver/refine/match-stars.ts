// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { fitWcs, type StarPairs, type WcsFit } from '../../wcs/fit.js';
import { skyToPixels } from '../../wcs/tan-sip.js';
import type { Wcs } from '../../wcs/wcs.js';
import { Nearest } from './nearest.js';

/** Stars of the index, J2000 degrees. */
export interface ReferenceStars {
  ra_deg: Float64Array;
  dec_deg: Float64Array;
}

/** Stars of the image, pixels. */
export interface FieldStars {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** One star of the image that is one of the index, by their places in the two lists. */
export interface StarMatch {
  field: number;
  reference: number;
  /** Pixels between the one and where the solution puts the other. */
  distance: number;
}

export interface MatchedField {
  wcs: Wcs;
  matches: StarMatch[];
  /** Standard deviation of a star's position along one axis, pixels. */
  sigma_px: number;
}

/** A star further off than this many standard deviations is another one. */
const MAX_SIGMAS = 3.5;
/** No star is looked for so far away that this many others would stand there by chance. */
const MAX_CHANCE = 0.3;
/** Positions are not known better than this, pixels. */
const LEAST_SIGMA_PX = 0.05;
/** Before it is measured; what the engine takes for it when it verifies. */
const FIRST_SIGMA_PX = 1;
const MAX_ROUNDS = 12;
/** Of a Gaussian in two dimensions: the median distance in units of the standard deviation along one axis. */
const MEDIAN_DISTANCE = Math.sqrt(2 * Math.log(2));

/**
 * Fits a solution to all stars of the image that the index has, beginning with a few that are known. Each fit says how well
 * it is known at each place; as many stars as that allows are matched, and fitted again, until they are the same ones.
 * Undefined when the seeds do not determine a solution.
 */
export function matchStars(
  start: Wcs,
  seeds: StarPairs,
  field: FieldStars,
  reference: ReferenceStars,
  order: number,
): MatchedField | undefined {
  const { width, height } = start;
  const stars = Math.max(field.x.length, reference.ra_deg.length, 1);
  const farthest = Math.sqrt((MAX_CHANCE * width * height) / (Math.PI * stars));
  const nearest = new Nearest(field.x, field.y, farthest);

  let sigma_px = Math.min(FIRST_SIGMA_PX, farthest / (2 * MAX_SIGMAS));
  let fit = fitWcs(start, seeds, { order, sigma_px });
  let matches: StarMatch[] = [];
  for (let round = 0; fit && round < MAX_ROUNDS; round++) {
    const found = match(fit, reference, nearest, sigma_px, farthest);
    const settled = found.map(keyOf).join() === matches.map(keyOf).join();
    matches = found;
    if (settled) break;
    const pairs = pairsOf(matches, field, reference);
    fit = fitWcs(fit.wcs, pairs, { order, sigma_px });
    if (fit) sigma_px = spread(fit.wcs, pairs, farthest);
  }
  return fit && { wcs: fit.wcs, matches, sigma_px };
}

/** The matched stars by their pixels and their places on the sky. */
export function pairsOf(
  matches: readonly StarMatch[],
  field: FieldStars,
  reference: ReferenceStars,
): StarPairs {
  return {
    x: matches.map((pair) => field.x[pair.field]!),
    y: matches.map((pair) => field.y[pair.field]!),
    ra_deg: matches.map((pair) => reference.ra_deg[pair.reference]!),
    dec_deg: matches.map((pair) => reference.dec_deg[pair.reference]!),
  };
}

function keyOf({ field, reference }: StarMatch): string {
  return `${field}:${reference}`;
}

/** Each star of the image with the index's star that is closest to it, and the other way round, as far as the fit is known there. */
function match(
  fit: WcsFit,
  reference: ReferenceStars,
  nearest: Nearest,
  sigma_px: number,
  farthest: number,
): StarMatch[] {
  const { width, height } = fit.wcs;
  const { x, y } = skyToPixels(fit.wcs, reference.ra_deg, reference.dec_deg);
  const closest = new Map<number, StarMatch>();
  for (let i = 0; i < x.length; i++) {
    const inFrame = x[i]! > 0.5 && y[i]! > 0.5 && x[i]! < width + 0.5 && y[i]! < height + 0.5;
    if (!inFrame) continue;
    const reach = MAX_SIGMAS * Math.hypot(sigma_px, fit.uncertainty(x[i]!, y[i]!));
    const found = reach <= farthest ? nearest.within(x[i]!, y[i]!, reach) : undefined;
    if (found && found.distance < (closest.get(found.point)?.distance ?? Number.POSITIVE_INFINITY))
      closest.set(found.point, { field: found.point, reference: i, distance: found.distance });
  }
  return [...closest.values()].sort((a, b) => a.field - b.field);
}

/** How far stars lie from where the solution puts them: standard deviation along one axis, from the median. */
function spread(wcs: Wcs, pairs: StarPairs, farthest: number): number {
  const { x, y } = skyToPixels(wcs, Float64Array.from(pairs.ra_deg), Float64Array.from(pairs.dec_deg));
  const distances = Array.from(x, (at, i) => Math.hypot(at - pairs.x[i]!, y[i]! - pairs.y[i]!)).sort(
    (a, b) => a - b,
  );
  const median = distances[Math.floor(distances.length / 2)] ?? 0;
  const sigma = (median / MEDIAN_DISTANCE) * Math.sqrt(x.length / Math.max(x.length - 3, 1));
  return Math.min(Math.max(sigma || 0, LEAST_SIGMA_PX), farthest / (2 * MAX_SIGMAS));
}
