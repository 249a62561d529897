import type { GreyImage } from '../image/image.js';
import { cleanStars } from './clean.js';
import { type FindOptions, findStars } from './find.js';
import { byBrightness } from './order.js';
import type { Star } from './star.js';

/**
 * Finds the stars of an image, without hot pixels, streaks and bad columns, the brightest first. Works in stretches of some
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
  return byBrightness(cleanStars(await findStars(grey, options), image));
}
