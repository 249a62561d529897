// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { withoutDottedLines } from './dotted.js';
import type { Star } from './star.js';

/** Leaves out what is no star: hot pixels, streaks, rows and columns of false ones, dotted lines. Keeps the order. */
export function cleanStars(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  return withoutDottedLines(shapelyStars(stars, image), image);
}

/** The same, with dotted lines. */
export function shapelyStars(stars: readonly Star[], image: { width: number; height: number }): Star[] {
  const shapely = withoutStreaks(withoutHotPixels(stars));
  return withoutLines(withoutLines(shapely, 'x', image.width), 'y', image.height);
}

/**
 * A hot pixel stands alone. So does every star of a lens that is sharper than its pixels: then there is no telling them
 * apart, and nothing is left out.
 */
function withoutHotPixels(stars: readonly Star[]): Star[] {
  const typical = quantile(
    stars.map((star) => star.sharpness),
    0.5,
  );
  const limit = Math.max(4, 2.5 * typical);
  return stars.filter((star) => star.sharpness <= limit);
}

/** Aeroplanes, wires, the rims of roofs; unless the stars themselves are trailed. */
function withoutStreaks(stars: readonly Star[]): Star[] {
  const limit = Math.max(
    3,
    2 *
      quantile(
        stars.map((star) => star.elongation),
        0.5,
      ),
  );
  return stars.filter((star) => star.elongation <= limit);
}

/** Bad columns and read-out rows give many "stars" with one coordinate in common, far more than chance would. */
function withoutLines(stars: readonly Star[], axis: 'x' | 'y', extent: number): Star[] {
  if (stars.length < 20) return [...stars];
  const bin = Math.max(extent / 500, 1);
  const counts = new Float64Array(Math.ceil(extent / bin) + 2);
  // `binOf` stays inside `counts`.
  for (const star of stars) counts[binOf(star[axis], bin, counts.length)]!++;
  const expected = (stars.length * bin) / extent;
  const limit = expected + 5 * Math.sqrt(expected) + 5;
  return stars.filter((star) => counts[binOf(star[axis], bin, counts.length)]! <= limit);
}

function binOf(position: number, bin: number, bins: number): number {
  return Math.min(Math.max(Math.floor(position / bin), 0), bins - 1);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 1;
}
