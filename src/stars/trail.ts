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

/** Of so many of the brightest each is compared with the one next to it: the same length of the mean of twice the angle between them. */
const COMPARED = 100;
const LIKE_ITS_NEIGHBOUR = 0.5;

/** Undefined without stars, and where what is long points anywhere: letters and lines do, trails point as those next to them do. */
export function trailOf(stars: readonly Star[]): Trail | undefined {
  const trail = medianTrail(stars);
  return trail && isTrailed(trail) && !pointAlike(stars.slice(0, COMPARED)) ? undefined : trail;
}

function pointAlike(stars: readonly Star[]): boolean {
  const likenesses = stars.map((star) => {
    let [nearest, least] = [star, Number.POSITIVE_INFINITY];
    for (const other of stars) {
      const distance = (other.x - star.x) ** 2 + (other.y - star.y) ** 2;
      if (other !== star && distance < least) [nearest, least] = [other, distance];
    }
    return Math.cos(2 * (nearest.angle_rad - star.angle_rad));
  });
  return likenesses.reduce((sum, likeness) => sum + likeness, 0) >= LIKE_ITS_NEIGHBOUR * stars.length;
}

function medianTrail(stars: readonly Star[]): Trail | undefined {
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
