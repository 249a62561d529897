// biome-ignore-all lint/style/noNonNullAssertion: there are NUMBERS numbers for each star.
import type { Star } from './star.js';

/** Numbers of a star, in this order: x, y, peak, background, area, elongation, trail, length, angle, sharpness, whether it is dark. */
const NUMBERS = 11;

/** Stars as one array, which costs next to nothing to hand to another thread or process. */
export function packStars(stars: readonly Star[]): Float64Array<ArrayBuffer> {
  const packed = new Float64Array(stars.length * NUMBERS);
  for (const [i, star] of stars.entries()) {
    const { x, y, peak, background, area, elongation, trail, length_px, angle_rad, sharpness, isDark } = star;
    packed.set(
      [x, y, peak, background, area, elongation, trail, length_px, angle_rad, sharpness, isDark ? 1 : 0],
      i * NUMBERS,
    );
  }
  return packed;
}

/** The stars that `packStars` was given. */
export function unpackStars(packed: Float64Array): Star[] {
  return Array.from({ length: Math.floor(packed.length / NUMBERS) }, (_, star) => {
    const at = star * NUMBERS;
    return {
      x: packed[at]!,
      y: packed[at + 1]!,
      peak: packed[at + 2]!,
      background: packed[at + 3]!,
      area: packed[at + 4]!,
      elongation: packed[at + 5]!,
      trail: packed[at + 6]!,
      length_px: packed[at + 7]!,
      angle_rad: packed[at + 8]!,
      sharpness: packed[at + 9]!,
      ...(packed[at + 10] === 1 && { isDark: true }),
    };
  });
}
