import { neighboursAmong } from './neighbours.js';
import type { Star } from './star.js';

/** Letters of a word are at most so far apart: a share of the diagonal, and pixels. */
const [REACH, LEAST_PX] = [1 / 100, 12];
/** A star may have its name beside it, or another star. */
const MOST_BESIDE = 1;

/** Leaves out what stands in a row or a crowd, as the letters of names do. Keeps the order. */
export function withoutWords(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  const reach = Math.max(LEAST_PX, REACH * Math.hypot(image.width, image.height));
  const near = neighboursAmong(stars, reach);
  // Each is one of those about it.
  return stars.filter(({ x, y }) => near.within(x, y, reach).length - 1 <= MOST_BESIDE);
}
