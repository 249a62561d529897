// biome-ignore-all lint/style/noNonNullAssertion: windows are cut to the image; bins are counted beside them.
import type { GreyImage } from '../../src/image/image.js';
import type { Measurement } from '../../src/measure/measurement.js';
import { PIXEL_MOMENT } from '../../src/measure/moments.js';
import { FWHM_PER_SIGMA, wellMeasured, widthsOf } from '../../src/measure/shape.js';
import { median } from '../shared/median.js';

/** Pixels of a bin of the profile, and how far it is followed. */
const STEP = 0.25;
const REACH = 24;
/** Stars that differ more in width from the middle are left out. */
const ALIKE = 0.15;

/**
 * Full width at half maximum without any model: the pixels of all well measured stars over their light, by the distance from their centres, and
 * where the median of them falls to half; the pixel is taken off in squares. Pixels of the plane.
 */
export function halfMaximum({ data, width, height }: GreyImage, measurement: Measurement): number {
  const { stars, binning } = measurement;
  const widths = widthsOf(stars);
  const chosen = wellMeasured(measurement);
  const middle = median(chosen.map((i) => widths[i]!));
  const profile: number[][] = Array.from({ length: REACH / STEP }, () => []);
  const reach = Math.min(REACH, Math.ceil((2 * middle) / binning) + 2);
  for (const i of chosen) {
    if (Math.abs(widths[i]! / middle - 1) > ALIKE) continue;
    const [x, y] = [stars.x[i]!, stars.y[i]!].map((at) => (at - 0.5) / binning - 0.5) as [number, number];
    for (let row = Math.max(0, Math.ceil(y - reach)); row <= Math.min(height - 1, y + reach); row++)
      for (let column = Math.max(0, Math.ceil(x - reach)); column <= Math.min(width - 1, x + reach); column++)
        profile[Math.floor(Math.hypot(column - x, row - y) / STEP)]?.push(
          (data[row * width + column]! - stars.sky[i]!) / stars.flux[i]!,
        );
  }
  const light = profile.map(median);
  const half = light[0]! / 2;
  const after = light.findIndex((value) => value < half);
  if (!(after > 0)) return Number.NaN;
  const part = (light[after - 1]! - half) / (light[after - 1]! - light[after]!);
  const radius = STEP * (after - 0.5 + part);
  return binning * Math.sqrt(Math.max(0, 4 * radius ** 2 - FWHM_PER_SIGMA ** 2 * PIXEL_MOMENT));
}
