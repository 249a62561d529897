// biome-ignore-all lint/style/noNonNullAssertion: windows are cut to the image; bins are counted beside them.
import type { GreyImage } from '../image/image.js';
import { type Clipped, clippedMean } from './sky-map.js';

/** Bins a pixel, of the curve of growth. */
const BINS = 8;

/** The sky about a star. */
export interface Annulus {
  /** Pixels of the plane. */
  inner: number;
  outer: number;
}

/** Level and noise in a ring about a place, without the stars in it; undefined where too little of it is in the image. */
export function skyAround(
  { data, width, height }: GreyImage,
  x: number,
  y: number,
  ring: Annulus,
): Clipped | undefined {
  const { inner, outer } = ring;
  const reach = Math.ceil(outer);
  const values = new Float64Array((2 * reach + 1) ** 2);
  const [column, row] = [Math.round(x), Math.round(y)];
  let count = 0;
  for (let j = Math.max(0, row - reach); j <= Math.min(height - 1, row + reach); j++) {
    for (let i = Math.max(0, column - reach); i <= Math.min(width - 1, column + reach); i++) {
      const distance2 = (i - x) ** 2 + (j - y) ** 2;
      if (distance2 < inner * inner || distance2 > outer * outer) continue;
      const value = data[j * width + i]!;
      if (Number.isFinite(value)) values[count++] = value;
    }
  }
  return count < 40 ? undefined : clippedMean(values, count);
}

/** The light of a star within circles. */
export interface Growth {
  /** Within `radius`, and within twice that where it was asked for. */
  flux: number;
  twice: number;
  /** Pixels in the first circle. */
  area: number;
  /** Radius that holds half of `flux`, pixels. */
  halfFlux: number;
  /** Brightest pixel there, above the sky. */
  peak: number;
}

/**
 * Sums the light about a place in rings; pixels that a circle cuts are divided into up to 5 × 5.
 * @returns undefined where the circle reaches over the rim or holds a pixel without a value
 */
export function growthAt(
  { data, width, height }: GreyImage,
  [x, y]: readonly [number, number],
  sky: number,
  radius: number,
  toTwice: boolean,
): Growth | undefined {
  const outer = toTwice ? 2 * radius : radius;
  const reach = outer + 1;
  const [left, right] = [Math.ceil(x - reach), Math.floor(x + reach)];
  const [top, bottom] = [Math.ceil(y - reach), Math.floor(y + reach)];
  if (!(left >= 0 && top >= 0 && right < width && bottom < height)) return undefined;
  const parts = Math.min(5, Math.max(1, Math.round(12 / radius)));
  const share = 1 / (parts * parts);
  const bins = new Float64Array(Math.ceil(outer * BINS) + 1);
  const areas = new Float64Array(bins.length);
  let peak = 0;
  for (let j = top; j <= bottom; j++) {
    for (let i = left; i <= right; i++) {
      const light = data[j * width + i]! - sky;
      if (Number.isNaN(light)) return undefined;
      if (light > peak && Math.hypot(i - x, j - y) <= radius) peak = light;
      for (let v = 0; v < parts; v++) {
        const dy = j - y + (v + 0.5) / parts - 0.5;
        for (let u = 0; u < parts; u++) {
          const dx = i - x + (u + 0.5) / parts - 0.5;
          const bin = Math.floor(Math.sqrt(dx * dx + dy * dy) * BINS);
          if (bin >= bins.length) continue;
          bins[bin]! += light * share;
          areas[bin]! += share;
        }
      }
    }
  }
  const edge = Math.round(radius * BINS);
  let [flux, area] = [0, 0];
  for (let bin = 0; bin < edge; bin++) {
    flux += bins[bin]!;
    area += areas[bin]!;
  }
  let twice = flux;
  for (let bin = edge; bin < Math.round(outer * BINS); bin++) twice += bins[bin]!;
  return { flux, twice, area, peak, halfFlux: halfOf(bins, flux, edge) };
}

function halfOf(bins: Float64Array, flux: number, edge: number): number {
  if (!(flux > 0)) return Number.NaN;
  let within = 0;
  for (let bin = 0; bin < edge; bin++) {
    const next = within + bins[bin]!;
    if (next >= flux / 2) {
      // Light grows as the area does, in one bin.
      const part = (flux / 2 - within) / (next - within);
      return Math.sqrt(bin * bin + part * (2 * bin + 1)) / BINS;
    }
    within = next;
  }
  return Number.NaN;
}
