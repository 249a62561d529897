import type { GreyImage } from '../image/image.js';
import { cleanStars } from './clean.js';
import { type FindOptions, findStars } from './find.js';
import { hasBrightBackground, negativeOf } from './negative.js';
import { byBrightness } from './order.js';
import type { Star } from './star.js';

/** An image with fewer stars than this cannot be solved; then it may be a negative. */
const FEWEST_STARS = 7;

/**
 * Finds the stars of an image, without hot pixels, streaks and bad columns, the brightest first. Where there are next to none, or the background
 * is bright, dark stars are looked for too: the image is taken for a negative where there are more of those. Works in stretches of some
 * milliseconds, so that the event loop goes on.
 * @param grey one plane of brightness, possibly shrunk
 * @param image size of the original image, pixels
 * @throws `options.signal.reason`
 */
export async function detectStars(
  grey: GreyImage,
  image: { width: number; height: number },
  options: FindOptions = {},
): Promise<Star[]> {
  const stars = await brightStars(grey, image, options);
  if (stars.length >= FEWEST_STARS && !hasBrightBackground(grey)) return stars;
  const dark = await brightStars(negativeOf(grey), image, options);
  if (dark.length < FEWEST_STARS || dark.length <= stars.length) return stars;
  return dark.map((star) => ({ ...star, isDark: true }));
}

async function brightStars(
  grey: GreyImage,
  image: { width: number; height: number },
  options: FindOptions,
): Promise<Star[]> {
  return byBrightness(cleanStars(await findStars(grey, options), image));
}
