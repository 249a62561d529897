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
  const end =
    data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65_535 : Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let level = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(value >= level)) continue;
    count++;
    if (!(value > most)) continue;
    const next = value - PLATEAU * Math.abs(value);
    // What was counted is below the new plateau, or part of it.
    if (next > most) count = 1;
    [most, level] = [value, next];
  }
  if (most < end && count < FEWEST) return { level: Number.POSITIVE_INFINITY, share: 0 };
  // It rose in steps: some of what was counted is below.
  count = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! >= level) count++;
  if (most < end && count < FEWEST) return { level: Number.POSITIVE_INFINITY, share: 0 };
  return { level, share: count / data.length };
}
