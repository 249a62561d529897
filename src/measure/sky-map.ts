// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { GreyImage } from '../image/image.js';

/** Tiles along the longer side, at most; none smaller than `SMALLEST_TILE` pixels. */
const MOST_TILES = 32;
const SMALLEST_TILE = 32;
/** Pixels of a tile that are looked at, about. */
const SAMPLES = 600;
const ROUNDS = 6;
const CLIP = 2.5;
/** Standard deviation of a Gaussian over that of what is left of it between ±2.5σ. */
const CLIPPED = 1.0426;

/** Level and noise of the sky at the middles of tiles, in the units of the image; NaN where there is none. */
export interface SkyMap {
  columns: number;
  rows: number;
  /** Side of a tile, pixels of the plane. */
  tile: number;
  level: Float64Array;
  /** One standard deviation of a pixel. */
  noise: Float64Array;
}

/** Mean and standard deviation of the first `count` values without outliers. */
export interface Clipped {
  mean: number;
  deviation: number;
  count: number;
}

/**
 * Clipped at 2.5σ about the mean until nothing changes, from the median on. A mean, since the median of whole numbers is one of them.
 * @param values are put in order
 */
export function clippedMean(values: Float64Array, count: number): Clipped {
  const sorted = values.subarray(0, count).sort();
  const middle = sorted[count >> 1] ?? Number.NaN;
  // Where most values are one whole number, the next one is as near as any.
  const lower = middle - (sorted[Math.floor(count * 0.1587)] ?? Number.NaN) || nextTo(middle, sorted);
  let [low, high] = [middle - CLIP * lower, middle + CLIP * lower];
  let found: Clipped = { mean: middle, deviation: lower, count };
  for (let round = 0; round < ROUNDS; round++) {
    let [sum, squares, kept] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      const value = sorted[i]!;
      if (value < low || value > high) continue;
      const off = value - middle;
      sum += off;
      squares += off * off;
      kept++;
    }
    if (kept < 8) break;
    const mean = sum / kept;
    const deviation = CLIPPED * Math.sqrt(Math.max(0, squares / kept - mean * mean));
    const isSettled = kept === found.count;
    found = { mean: middle + mean, deviation, count: kept };
    if (isSettled || !(deviation > 0)) break;
    [low, high] = [found.mean - CLIP * deviation, found.mean + CLIP * deviation];
  }
  return found;
}

function nextTo(middle: number, sorted: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of sorted) if (value !== middle) least = Math.min(least, Math.abs(value - middle));
  return Number.isFinite(least) ? least : 0;
}

export function emptySkyMap({ width, height }: GreyImage): SkyMap {
  const tile = Math.max(SMALLEST_TILE, Math.ceil(Math.max(width, height) / MOST_TILES));
  const [columns, rows] = [Math.max(1, Math.round(width / tile)), Math.max(1, Math.round(height / tile))];
  const tiles = columns * rows;
  return { columns, rows, tile, level: new Float64Array(tiles), noise: new Float64Array(tiles) };
}

/** Measures one row of tiles on a part of their pixels. */
export function measureSkyRow({ data, width, height }: GreyImage, map: SkyMap, row: number): void {
  const { columns, rows, tile } = map;
  const [top, bottom] = [row * tile, row === rows - 1 ? height : (row + 1) * tile];
  const step = Math.max(1, Math.floor(Math.sqrt((tile * tile) / SAMPLES)));
  const values = new Float64Array(Math.ceil((2 * tile) / step + 1) ** 2);
  for (let column = 0; column < columns; column++) {
    const [left, right] = [column * tile, column === columns - 1 ? width : (column + 1) * tile];
    let count = 0;
    for (let y = top; y < bottom; y += step) {
      // Each row begins elsewhere, so that columns of a colour mosaic or of a bad read-out count alike.
      for (let x = left + (Math.floor(y / step) % step); x < right; x += step) {
        const value = data[y * width + x]!;
        if (Number.isFinite(value)) values[count++] = value;
      }
    }
    const at = row * columns + column;
    const { mean, deviation } =
      count < 16 ? { mean: Number.NaN, deviation: Number.NaN } : clippedMean(values, count);
    map.level[at] = mean;
    map.noise[at] = deviation;
  }
}

/** The middle one of the numbers among the values; NaN where there are none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const { length } = sorted;
  if (length === 0) return Number.NaN;
  return (sorted[(length - 1) >> 1]! + sorted[length >> 1]!) / 2;
}
