import type { Star } from './star.js';

/** A lens spreads light over neighbouring pixels: what is sharper than this is a hot pixel, where other stars are not. */
const MAX_SHARPNESS = 12;
const MAX_TRAIL = 1.75;
/** Stars of one image are about equally sharp, and unless they are saturated equally large above half their height: factors. */
const SHARPER = 2.2;
const LARGER = 1.8;
/** The sharpest and the least sharp are others: this share of the shapely ones is as sharp as a star. */
const SOFT_PART = 0.2;
/** Of so many of the brightest fewer than half look like stars, and so many at least do in all. */
const LOOKED_AT = 40;
const FEWEST = 12;

/**
 * Those of the detected stars that have the shape of one, where most of the brightest have not: letters, lines and hot pixels are sharper, longer
 * or larger. Undefined where the list is good as it is, or where too few are left.
 * @param stars the brightest first
 */
export function starlikeAmong(stars: readonly Star[]): Star[] | undefined {
  const shapely = stars.filter(({ sharpness, trail }) => sharpness <= MAX_SHARPNESS && trail <= MAX_TRAIL);
  const sharpest =
    SHARPER *
    quantile(
      shapely.map(({ sharpness }) => sharpness),
      SOFT_PART,
    );
  const soft = shapely.filter(({ sharpness }) => sharpness <= sharpest);
  const largest =
    LARGER *
    quantile(
      soft.map(({ area }) => area),
      0.5,
    );
  const starlike = soft.filter(({ area }) => area <= largest);
  const brightest = new Set(stars.slice(0, LOOKED_AT));
  const among = starlike.filter((star) => brightest.has(star)).length;
  return starlike.length >= FEWEST && among < brightest.size / 2 ? starlike : undefined;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}
