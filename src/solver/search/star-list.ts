// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import type { OpenedImage } from '../../image/image.js';
import { cleanStars } from '../../stars/clean.js';
import { findStars } from '../../stars/find.js';
import { byBrightness, spreadEvenly } from '../../stars/order.js';
import type { Star } from '../../stars/star.js';
import type { StarListPlan } from './attempts.js';

/** Positions in the original image (FITS convention) in the order in which the engine shall look at them. */
export interface StarList {
  x: number[];
  y: number[];
  flux: number[];
  background: number[];
  /** How many stars were found in all. */
  detected: number;
}

/** The engine verifies with all stars that it is given; more than this many of the brightest tell it nothing new. */
const MAX_LISTED = 300;

/** Stars that are found in the pixels of an image, the brightest first. */
export async function detect(
  image: OpenedImage,
  { shrink, sigmas }: Pick<StarListPlan, 'shrink' | 'sigmas'>,
  signal: AbortSignal,
): Promise<Star[]> {
  const grey = await image.grey(shrink, signal);
  return byBrightness(cleanStars(await findStars(grey, { sigmas, signal }), image));
}

/**
 * A list of detected stars.
 * @param stars the brightest first
 * @param boxes over which the list is spread evenly; 0 for plain brightness
 */
export function listOf(stars: Star[], image: OpenedImage, boxes: number): StarList {
  const listed = (boxes > 0 ? spreadEvenly(stars, image, boxes) : stars).slice(0, MAX_LISTED);
  return {
    x: listed.map((star) => star.x),
    y: listed.map((star) => star.y),
    flux: listed.map((star) => star.peak),
    background: listed.map((star) => star.background),
    detected: stars.length,
  };
}

/** The list that a plan asks for. */
export async function ourStars(
  image: OpenedImage,
  plan: StarListPlan,
  signal: AbortSignal,
): Promise<StarList> {
  return listOf(await detect(image, plan, signal), image, plan.boxes);
}

/** The stars of a list, brightest first where it says how bright they are. */
export async function givenList(image: OpenedImage): Promise<StarList> {
  const { x = [], y = [], flux = [], background = [] } = (await image.stars?.()) ?? {};
  const order = Array.from(x.keys()).sort((a, b) => flux[b]! - flux[a]!);
  const listed = order.slice(0, 4 * MAX_LISTED);
  const of = (values: readonly number[]) => listed.map((i) => values[i]!);
  return { x: of(x), y: of(y), flux: of(flux), background: of(background), detected: order.length };
}
