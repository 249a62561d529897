// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { ImageQuality } from '../job/measured.js';
import { DEG } from '../wcs/sphere.js';
import { clippedFit } from './least-squares.js';
import type { Measurement } from './measurement.js';
import { median } from './median.js';

/** Noise below this many steps of whole numbers is that of the rounding, not of the sky. */
const STEPS = 0.35;
/** Less than this, percent, is no gradient. */
const EVEN_PERCENT = 0.5;

/** Noise of a pixel, in units of the image; undefined where rounding hides it, as in a sky that was cut to black. */
export function pixelNoise({ sky, pixels }: Pick<Measurement, 'sky' | 'pixels'>): number | undefined {
  const noise = median(sky.noise);
  return noise > (pixels === 'float' ? 0 : STEPS) ? noise : undefined;
}

/** Level, gradient and noise of the sky. */
export function skyFigures(measurement: Measurement): {
  background?: NonNullable<ImageQuality['background']>;
  notes: string[];
} {
  const { sky } = measurement;
  const level = median(sky.level);
  if (Number.isNaN(level)) return { notes: ['No sky could be measured'] };
  const noise = pixelNoise(measurement);
  const notes =
    noise === undefined ? ['The sky has next to no noise: it was cut to black, smoothed or rounded'] : [];
  return {
    background: { level, ...gradientOf(measurement, level), ...(noise !== undefined && { noise }) },
    notes,
  };
}

/** A plane through the levels, from the farthest point on the one side of the image to that on the other. */
function gradientOf({ sky, width, height }: Measurement, level: number) {
  const { columns, rows } = sky;
  const known = Array.from(sky.level.keys()).filter((i) => !Number.isNaN(sky.level[i]!));
  const terms = known.map((i) => [
    1,
    ((i % columns) + 0.5) / columns - 0.5,
    (Math.floor(i / columns) + 0.5) / rows - 0.5,
  ]);
  const plane = clippedFit(
    terms,
    known.map((i) => sky.level[i]!),
  );
  if (!plane || !(level > 0) || columns < 3 || rows < 3) return {};
  const [dx, dy] = [plane[1]!, plane[2]!];
  const percent = (100 * (Math.abs(dx) + Math.abs(dy))) / level;
  // Steeper along the shorter side means more a pixel.
  const toward = (Math.atan2(dy / height, dx / width) * DEG + 360) % 360;
  return { gradient_percent: percent, ...(percent >= EVEN_PERCENT && { gradient_toward_deg: toward }) };
}
