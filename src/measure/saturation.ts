// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { GreyImage } from '../image/image.js';

/** What brightness the image does not go beyond. */
export interface Saturation {
  /** From here on pixels are taken for saturated, units of the image; infinite where no pixel is. */
  level: number;
  /** Share of the pixels that are, 0 to 1. */
  share: number;
}

/** Pixels this close to the brightest, as a share of it, are on one plateau with it. */
const PLATEAU = 0.005;
/** So many of them at least make one; chance gives the brightest star's one or two. */
const FEWEST = 6;

/**
 * Where the image ends at its bright side: at the most that its whole numbers can be, or where several pixels share the highest value,
 * as after a bias or a flat field was applied.
 */
export function saturationOf({ data }: GreyImage): Saturation {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of data) if (value > most) most = value;
  const end =
    data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65_535 : Number.POSITIVE_INFINITY;
  const level = most - PLATEAU * Math.abs(most);
  let count = 0;
  for (const value of data) if (value >= level) count++;
  if (most < end && count < FEWEST) return { level: Number.POSITIVE_INFINITY, share: 0 };
  return { level, share: count / data.length };
}
