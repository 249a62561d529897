// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops up to the count of values.
import { select } from '../stars/select.js';

const ROUNDS = 6;
/** Values that tell where the clipping begins; a multiple of 2 less one, so that there is a middle one. */
const FIRST = 63;
const CLIP = 2.5;
/** Standard deviation of a Gaussian over that of what is left of it between ±2.5σ. */
const CLIPPED = 1.0426;

/** Mean and standard deviation of the first `count` values without outliers. */
export interface Clipped {
  mean: number;
  deviation: number;
  count: number;
}

const first = new Float32Array(FIRST);

/**
 * Clipped at 2.5σ about the mean until nothing changes, from the median of some of the values on. A mean, since the median of whole numbers is
 * one of them.
 */
export function clippedMean(values: Float32Array, count: number): Clipped {
  const step = Math.max(1, Math.floor(count / FIRST));
  let taken = 0;
  for (let i = 0; i < count && taken < FIRST; i += step) first[taken++] = values[i]!;
  const half = taken >> 1;
  const middle = select(first, taken, half);
  // Where most values are one whole number, the next one is as near as any.
  const lower = middle - select(first, half, Math.floor(taken * 0.1587)) || nextTo(middle, values, count);
  let low = middle - CLIP * lower;
  let high = middle + CLIP * lower;
  const found: Clipped = { mean: middle, deviation: lower, count };
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0;
    let squares = 0;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (value < low || value > high) continue;
      const off = value - middle;
      sum += off;
      squares += off * off;
      kept++;
    }
    if (kept < 8) break;
    const mean = sum / kept;
    const isSettled = kept === found.count;
    found.mean = middle + mean;
    found.deviation = CLIPPED * Math.sqrt(Math.max(0, squares / kept - mean * mean));
    found.count = kept;
    if (isSettled || !(found.deviation > 0)) break;
    low = found.mean - CLIP * found.deviation;
    high = found.mean + CLIP * found.deviation;
  }
  return found;
}

function nextTo(middle: number, values: Float32Array, count: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const off = Math.abs(values[i]! - middle);
    if (off > 0 && off < least) least = off;
  }
  return Number.isFinite(least) ? least : 0;
}
