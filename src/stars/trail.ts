import type { Star } from './star.js';

/** How the stars of an image are drawn out: medians. */
export interface Trail {
  /** Length over width. */
  ratio: number;
  /** Pixels of the original image. */
  length_px: number;
  /** Direction in the image from +x towards +y, 0 to π; absent where stars differ, as when the sky turns about a place in the image. */
  angle_rad?: number;
}

/** Stars that are so much longer than wide, in most of an image, were drawn out while it was exposed. */
const TRAILED = 2.5;
/** Length of the mean of unit vectors at twice the angles: 1 where all have one direction, next to 0 where they have any. */
const ONE_DIRECTION = 0.85;

/** Undefined without stars. */
export function trailOf(stars: readonly Star[]): Trail | undefined {
  if (stars.length === 0) return undefined;
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 1;
  // A direction and its opposite are one.
  const along = (of: (angle: number) => number) =>
    stars.reduce((sum, { angle_rad }) => sum + of(2 * angle_rad), 0) / stars.length;
  const [x, y] = [along(Math.cos), along(Math.sin)];
  const angle_rad = (Math.atan2(y, x) / 2 + Math.PI) % Math.PI;
  return {
    ratio: middle(stars.map(({ trail }) => trail)),
    length_px: middle(stars.map(({ length_px }) => length_px)),
    ...(Math.hypot(x, y) >= ONE_DIRECTION && { angle_rad }),
  };
}

export function isTrailed(trail: Pick<Trail, 'ratio'>): boolean {
  return trail.ratio >= TRAILED;
}
