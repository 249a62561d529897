// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import type { OpenedImage } from '../../image/image.js';
import { cleanStars } from '../../stars/clean.js';
import { findStars } from '../../stars/find.js';
import { byBrightness, spreadEvenly } from '../../stars/order.js';
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

/** Stars that are found in the pixels of an image. */
export async function ourStars(
  image: OpenedImage,
  plan: StarListPlan,
  signal: AbortSignal,
): Promise<StarList> {
  const grey = await image.grey(plan.shrink, signal);
  const stars = cleanStars(await findStars(grey, { sigmas: plan.sigmas, signal }), image);
  const ordered = byBrightness(stars);
  const listed = (plan.boxes > 0 ? spreadEvenly(ordered, image, plan.boxes) : ordered).slice(0, MAX_LISTED);
  return {
    x: listed.map((star) => star.x),
    y: listed.map((star) => star.y),
    flux: listed.map((star) => star.peak),
    background: listed.map((star) => star.background),
    detected: stars.length,
  };
}

/** The stars of a list, brightest first where it says how bright they are. */
export async function givenList(image: OpenedImage): Promise<StarList> {
  const { x = [], y = [], flux = [], background = [] } = (await image.stars?.()) ?? {};
  const order = Array.from(x.keys()).sort((a, b) => flux[b]! - flux[a]!);
  const listed = order.slice(0, 4 * MAX_LISTED);
  const of = (values: readonly number[]) => listed.map((i) => values[i]!);
  return { x: of(x), y: of(y), flux: of(flux), background: of(background), detected: order.length };
}
