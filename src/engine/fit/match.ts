// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { type FittedLens, fitLens, halfDiagonal, type LensPairs } from '../../wcs/fit.js';
import type { LensPolynomial } from '../../wcs/lens-polynomial.js';
import type { PixelPlane } from '../../wcs/pixel-plane.js';
import { Nearest } from './nearest.js';

/** Stars of an image and of a catalogue, as a fit takes them. */
export interface FitField {
  width: number;
  height: number;
  /** Stars of the image, in half diagonals from its middle; the likeliest to be bright stars of the sky first. */
  u: Float64Array;
  v: Float64Array;
  /** Unit vectors of the catalogue's stars in and about the image, three elements each. */
  vectors: Float64Array;
  /** Whether those are sorted, the brightest first. */
  isSorted: boolean;
}

/** One star of the image that is one of the catalogue, by their places in the two lists. */
export interface StarMatch {
  field: number;
  reference: number;
  /** Pixels between the two in the plane of the fit. */
  distance: number;
}

/** A fit, and how well stars are measured: standard deviation of a position along one axis, pixels. */
export interface MeasuredLens extends FittedLens {
  sigma_px: number;
}

export interface Matched extends MeasuredLens {
  matches: StarMatch[];
}

type WeightedPairs = LensPairs & { weights: Float64Array };

export interface MatchOptions {
  order: number;
  flexibility: number;
  /** What the fit adds to, see `FitOptions`. */
  known?: LensPolynomial | undefined;
  /** So many of the image's first stars are matched. */
  depth: number;
}

/** Stars are looked for where a fit is known so well that no more than so many others lie within so many standard deviations by chance. */
const KNOWN_SIGMAS = 3.5;
const MAX_CHANCE = 0.3;
/** A star further off than this many standard deviations is another one. */
const MAX_SIGMAS = 6;
/** A star off by so many standard deviations counts half: saturated and blended stars are off by more than a Gaussian has it. */
const HALF_SIGMAS = 2.5;
/** Positions are not known better than this, pixels. */
export const LEAST_SIGMA_PX = 0.05;
const MAX_ROUNDS = 6;
/** How well a fit is known changes little within so many cells along each side. */
const CELLS = 12;
/** Stars for each term of a polynomial. */
const MANY = 8;
/** A fit that leaves hardly a star to spare goes through them all: that does not tell how well they are measured. */
const FEW_TO_SPARE = 4;
const USUAL_SIGMA_PX = 0.3;
/** Of a list that is sorted so many catalogue stars are looked at for each star of the image. */
const REFERENCES_A_STAR = 1.5;
/** Of a Gaussian in two dimensions: the median distance in units of the standard deviation along one axis. */
export const MEDIAN_DISTANCE = Math.sqrt(2 * Math.log(2));

/**
 * Matches as many stars as a fit's own uncertainty allows at each place, and fits again, until they are the same ones. Undefined when the
 * stars do not determine a fit.
 */
export function matchStars(
  start: MeasuredLens,
  field: FitField,
  { order, flexibility, known, depth }: MatchOptions,
): Matched | undefined {
  const { width, height, u, vectors } = field;
  const stars = Math.min(depth, u.length);
  const all = vectors.length / 3;
  const references = field.isSorted ? Math.min(all, Math.ceil(REFERENCES_A_STAR * stars) + 4) : all;
  const farthest = Math.sqrt((MAX_CHANCE * width * height) / (Math.PI * Math.max(stars, references, 1)));
  const most_px = farthest / (2 * KNOWN_SIGMAS);
  const sky = new Projected(field, references, farthest);
  let current = { ...start, sigma_px: Math.min(start.sigma_px, most_px) };
  let matches: StarMatch[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    sky.project(current.plane);
    const found = sky.match(current, stars);
    const isSettled = isSame(found, matches);
    matches = found;
    const { sigma_px } = current;
    const pairs = pairsOf(matches, field, sigma_px);
    const fit = fitLens(current.plane, pairs, field, { order, sigma_px, flexibility, known, rounds: 2 });
    if (!fit) return undefined;
    current = { ...fit, sigma_px: Math.min(spread(fit, pairs, field), most_px) };
    if (isSettled) break;
  }
  return { ...current, matches };
}

function isSame(a: readonly StarMatch[], b: readonly StarMatch[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ field, reference }, i) => field === b[i]!.field && reference === b[i]!.reference)
  );
}

/** Whether a star is off so far that it is another one. */
export function isTooFar(distance: number, sigma_px: number): boolean {
  return distance > MAX_SIGMAS * sigma_px;
}

/** How much a star counts that is off by a distance: the weights of a Cauchy distribution. */
export function weightOf(distance: number, sigma_px: number): number {
  return 1 / (1 + (distance / (HALF_SIGMAS * sigma_px)) ** 2);
}

/** What a star that is off by a distance adds to what the fit makes small, and the distance that a loss is of. */
export function lossOf(distance: number, sigma_px: number): number {
  return Math.log1p((distance / (HALF_SIGMAS * sigma_px)) ** 2);
}

export function distanceOf(loss: number, sigma_px: number): number {
  return HALF_SIGMAS * sigma_px * Math.sqrt(Math.expm1(loss));
}

/** The matched stars, for a fit. */
export function pairsOf(
  matches: readonly StarMatch[],
  { u, v, vectors }: FitField,
  sigma_px: number,
): WeightedPairs {
  const chosen = new Float64Array(3 * matches.length);
  matches.forEach(({ reference }, i) => {
    for (let axis = 0; axis < 3; axis++) chosen[3 * i + axis] = vectors[3 * reference + axis]!;
  });
  return {
    u: Float64Array.from(matches, (match) => u[match.field]!),
    v: Float64Array.from(matches, (match) => v[match.field]!),
    vectors: chosen,
    weights: Float64Array.from(matches, ({ distance }) => weightOf(distance, sigma_px)),
  };
}

/** The catalogue's stars in the plane of a fit. */
class Projected {
  readonly #field: FitField;
  readonly #farthest: number;
  readonly #vectors: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(field: FitField, references: number, farthest: number) {
    this.#field = field;
    this.#farthest = farthest;
    this.#vectors = field.vectors.subarray(0, 3 * references);
    this.#x = new Float64Array(references);
    this.#y = new Float64Array(references);
  }

  project(plane: PixelPlane): void {
    plane.project(this.#vectors, this.#x, this.#y);
  }

  /** Each star of the image with the catalogue's star that is closest to it, and the other way round, as far as the fit is known there. */
  match({ lens, sigma_px }: MeasuredLens, stars: number): StarMatch[] {
    const { u, v } = this.#field;
    const half = halfDiagonal(this.#field);
    const nearest = new Nearest(this.#x, this.#y, this.#farthest);
    const deviationAt = deviations(lens);
    const closest = new Map<number, StarMatch>();
    for (let field = 0; field < stars; field++) {
      const sigma = Math.hypot(sigma_px, half * deviationAt(u[field]!, v[field]!));
      if (!(KNOWN_SIGMAS * sigma <= this.#farthest)) continue;
      const [x, y] = lens.at(u[field]!, v[field]!);
      const found = nearest.within(half * x, half * y, Math.min(MAX_SIGMAS * sigma, this.#farthest));
      if (!found) continue;
      const { point: reference, distance } = found;
      const other = closest.get(reference);
      if (!other || distance < other.distance) closest.set(reference, { field, reference, distance });
    }
    return [...closest.values()].sort((a, b) => a.field - b.field);
  }
}

/** How well a fit is known at any place, of each cell of a square about the image that of its corner farthest from the middle. */
function deviations(lens: LensPolynomial): (u: number, v: number) => number {
  const known = new Float64Array(CELLS * CELLS).fill(Number.NaN);
  const cellOf = (at: number) => Math.max(0, Math.min(CELLS - 1, Math.floor(((at + 1) / 2) * CELLS)));
  const outer = (cell: number) => (2 * (cell < CELLS / 2 ? cell : cell + 1)) / CELLS - 1;
  return (u, v) => {
    const [column, row] = [cellOf(u), cellOf(v)];
    const cell = row * CELLS + column;
    if (Number.isNaN(known[cell]!)) known[cell] = lens.deviation(outer(column), outer(row));
    return known[cell]!;
  };
}

/** How far stars lie from where a fit puts them: standard deviation along one axis, from the median. */
function spread(fit: FittedLens, pairs: WeightedPairs, field: FitField): number {
  const distances = residuals(fit, pairs, field).distance.sort();
  const count = distances.length;
  const median = distances[count >> 1] ?? 0;
  const freedom = Math.max(count - determined(fit.lens, pairs), 1);
  const least_px = freedom < FEW_TO_SPARE ? USUAL_SIGMA_PX : LEAST_SIGMA_PX;
  return Math.max((median / MEDIAN_DISTANCE) * Math.sqrt(count / freedom), least_px);
}

/** Numbers of a fit along one axis that the stars determined; the others come from what is expected. */
function determined(lens: LensPolynomial, { u, v, weights }: WeightedPairs): number {
  // Each star's share in its own image adds up to them; where stars are many, none comes from what is expected.
  if (u.length > MANY * lens.terms) return lens.terms;
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += weights[i]! * lens.leverage(u[i]!, v[i]!);
  return sum;
}

/** Where stars of the image lie from where the catalogue's are, pixels of the plane. */
export function residuals(
  { plane, lens }: FittedLens,
  { u, v, vectors }: LensPairs,
  size: Pick<FitField, 'width' | 'height'>,
): { x: Float64Array; y: Float64Array; distance: Float64Array } {
  const half = halfDiagonal(size);
  const [x, y] = [new Float64Array(u.length), new Float64Array(u.length)];
  plane.project(vectors, x, y);
  for (let i = 0; i < u.length; i++) {
    const [px, py] = lens.at(u[i]!, v[i]!);
    x[i] = half * px - x[i]!;
    y[i] = half * py - y[i]!;
  }
  return { x, y, distance: x.map((at, i) => Math.hypot(at, y[i]!)) };
}
