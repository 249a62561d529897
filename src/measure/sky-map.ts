// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { GreyImage } from '../image/image.js';
import { clippedMean } from './clipped-mean.js';

/** Tiles along the longer side, at most; none smaller than `SMALLEST_TILE` pixels. */
const MOST_TILES = 16;
const SMALLEST_TILE = 48;
/** Pixels of a tile that are looked at, about. */
const SAMPLES = 400;

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
  const values = new Float32Array(Math.ceil((2 * tile) / step + 1) ** 2);
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
