/** Widths of image, in degrees, from `low` to `high`. */
export interface FieldRange {
  /** The narrowest, degrees of image width. */
  low_deg: number;
  /** The widest, degrees of image width. */
  high_deg: number;
}

/** The fields that index files cover, as ranges that do not touch, narrowest first. */
export type Coverage = readonly FieldRange[];

/**
 * The part of an image's extent that quads are made of: from a tenth of its shorter side to its diagonal, the defaults of
 * solve-field.
 */
export const QUAD_SHARE_MIN = 0.1;

interface QuadSizes {
  lower_arcmin: number;
  upper_arcmin: number;
}

/** Whether quads of these sizes can lie in an image of some size, pixels, at a scale within bounds, arcseconds per pixel. */
export function quadsFit(
  { lower_arcmin, upper_arcmin }: QuadSizes,
  { width, height }: { width: number; height: number },
  scale: { low: number; high: number },
): boolean {
  const smallest = (QUAD_SHARE_MIN * Math.min(width, height) * scale.low) / 60;
  const largest = (Math.hypot(width, height) * scale.high) / 60;
  return upper_arcmin >= smallest && lower_arcmin <= largest;
}

/** Widths of image, of one shape, in which quads of these sizes can lie. */
export function fieldOfQuads(
  { lower_arcmin, upper_arcmin }: QuadSizes,
  { width, height }: { width: number; height: number },
): FieldRange {
  return {
    low_deg: (lower_arcmin * width) / Math.hypot(width, height) / 60,
    high_deg: (upper_arcmin * width) / (QUAD_SHARE_MIN * Math.min(width, height)) / 60,
  };
}

/** Which fields index files with quads of these sizes cover, whatever the shape of the image: as wide as the quads at least. */
export function coverageOf(indexes: readonly QuadSizes[]): Coverage {
  const ranges = indexes
    .map(({ lower_arcmin, upper_arcmin }) => ({
      low_deg: lower_arcmin / 60,
      high_deg: upper_arcmin / 60 / QUAD_SHARE_MIN,
    }))
    .sort((a, b) => a.low_deg - b.low_deg);
  const merged: FieldRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range.low_deg <= last.high_deg) last.high_deg = Math.max(last.high_deg, range.high_deg);
    else merged.push({ ...range });
  }
  return merged;
}
