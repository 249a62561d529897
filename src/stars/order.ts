// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { Star } from './star.js';

/**
 * Brightest first by two measures in turn: the height above the background, and the height with it. The first is right
 * for an even sky; the second brings forward a bright star that stands in a nebula or in moonlight.
 */
export function byBrightness(stars: readonly Star[]): Star[] {
  const contrast = [...stars].sort((a, b) => rank(b) - rank(a));
  const total = [...stars].sort((a, b) => rank(b) + b.background - rank(a) - a.background);
  const ordered = new Set<Star>();
  // Both orders hold all stars.
  for (let i = 0; i < stars.length; i++) ordered.add(contrast[i]!).add(total[i]!);
  return [...ordered];
}

/** Of equally high, that is saturated, stars the larger one is the brighter. */
function rank(star: Star): number {
  return star.peak * (1 + star.area * 1e-4);
}

/**
 * Spreads the list over the image: divides it into about `boxes` boxes and takes the best of every box, then the
 * second of every box, and so on; within one round the order stays.
 */
export function spreadEvenly<T extends { x: number; y: number }>(
  stars: readonly T[],
  image: { width: number; height: number },
  boxes: number,
): T[] {
  const columns = Math.max(1, Math.round(Math.sqrt((boxes * image.width) / image.height)));
  const rows = Math.max(1, Math.round(boxes / columns));
  const seen = new Int32Array(columns * rows);
  const rounds: T[][] = [];
  for (const star of stars) {
    const column = Math.min(Math.max(Math.floor((star.x / image.width) * columns), 0), columns - 1);
    const row = Math.min(Math.max(Math.floor((star.y / image.height) * rows), 0), rows - 1);
    const box = row * columns + column;
    // Column and row are those of a box.
    const round = seen[box]!++;
    rounds[round] ??= [];
    rounds[round].push(star);
  }
  return rounds.flat();
}
