import type { GreyImage } from '../image/image.js';
import { shapelyStars } from './clean.js';
import { withoutDots } from './dotted.js';
import { type EndStar, subtractLines } from './drawn-lines.js';
import { type FindOptions, findStars } from './find.js';
import { byBrightness } from './order.js';
import type { Star } from './star.js';
import { withoutWords } from './words.js';

/**
 * Finds the stars of a picture that is drawn over, the brightest first: grids and figures are taken out of its pixels, the stars that they cross or end at stay,
 * and names are left out. Empty where no line is drawn; then `detectStars` finds what there is. Works in stretches of some milliseconds.
 * @param grey one plane of brightness, possibly shrunk
 * @param image size of the original image, pixels
 * @throws `options.signal.reason`
 */
export async function detectUndrawn(
  grey: GreyImage,
  image: { width: number; height: number },
  options: FindOptions = {},
): Promise<Star[]> {
  let ends: EndStar[] | undefined;
  const found = await findStars(grey, options, async (plane, background, pause) => {
    ends = await subtractLines(plane, grey, background, pause);
  });
  const shapely = shapelyStars(found, image);
  const stars = withoutDots(shapely, image);
  if (!ends && stars.length === shapely.length) return [];
  return byBrightness(withoutWords(withEnds(stars, ends ?? [], grey.scale), image));
}

/** Nearer than this to the end of a line something is the star that it ends at, pixels. */
const AT_END_PX = 4;
/** A star that cannot be told from the end of its line is at most as bright as this part of the line. */
const UNSEEN = 0.25;
/** What else is measured of a star, for one that was found by a line's end. */
const ROUND = { area: 9, elongation: 1, trail: 1, length_px: 3, angle_rad: 0, sharpness: 1.5 };

/** Figures end at stars, of which the fainter ones cannot be told from their lines: the ends are taken for them. */
function withEnds(stars: readonly Star[], ends: readonly EndStar[], scale: GreyImage['scale']): Star[] {
  const isAt = (a: Star, b: Star) => Math.hypot((a.x - b.x) / scale[0], (a.y - b.y) / scale[1]) < AT_END_PX;
  const added: Star[] = [];
  for (const { x, y, star, line, background } of ends) {
    const end: Star = {
      x: (x + 0.5) * scale[0] + 0.5,
      y: (y + 0.5) * scale[1] + 0.5,
      peak: Math.max(star, UNSEEN * line),
      background,
      ...ROUND,
    };
    const isFound = stars.some((other) => other.peak > line && isAt(end, other));
    if (!isFound && !added.some((other) => isAt(end, other))) added.push(end);
  }
  return [...stars.filter((star) => !added.some((other) => isAt(star, other))), ...added];
}
