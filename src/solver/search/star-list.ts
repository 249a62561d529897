// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import type { OpenedImage } from '../../image/image.js';
import { detectStars } from '../../stars/detect.js';
import { detectUndrawn } from '../../stars/detect-undrawn.js';
import { listOf, MAX_LISTED, type StarList } from '../../stars/list.js';
import { unpackStars } from '../../stars/packed.js';
import type { Star } from '../../stars/star.js';
import type { StarListPlan } from './attempts.js';

/** Stars that are found in the pixels of an image, the brightest first. */
export async function detect(
  image: OpenedImage,
  { shrink, sigmas, undrawn }: Pick<StarListPlan, 'shrink' | 'sigmas'> & { undrawn?: boolean },
  signal: AbortSignal,
): Promise<Star[]> {
  if (image.findStars) return unpackStars(await image.findStars({ shrink, sigmas, undrawn }, signal));
  const find = undrawn ? detectUndrawn : detectStars;
  return find(await image.grey(shrink, signal), image, { sigmas, signal });
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
