// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import type { GreyImage } from '../image/image.js';
import {
  at,
  type Background,
  emptyBackground,
  measureTileRow,
  settleBackground,
  thresholdsOfRow,
} from './background.js';
import { breather } from './breather.js';
import { beginMeasuring, measure, type Peak } from './measure.js';
import { smoothRows } from './smooth.js';
import type { Star } from './star.js';

/** How stars are looked for. */
export interface FindOptions {
  /** Height of a detection above the local background in units of its noise. @default 5 */
  sigmas?: number;
  /** At most this many peaks, the highest, are measured. @default 6000 */
  maxPeaks?: number;
  /** Ends the search; it then rejects with `signal.reason`. */
  signal?: AbortSignal;
}

/** What is done to the lightly smoothed plane before stars are looked for in it. */
export type Preparation = (
  plane: Float32Array,
  background: Background,
  pause: () => Promise<void>,
) => Promise<void>;

/**
 * Finds stars in one plane of brightness, brightest first. Works in stretches of some milliseconds, so that a host's
 * event loop goes on; memory is about ten bytes a pixel.
 */
export async function findStars(
  image: GreyImage,
  options: FindOptions = {},
  prepare?: Preparation,
): Promise<Star[]> {
  const { width, height } = image;
  if (width < 8 || height < 8) return [];
  const pause = breather(options.signal);

  const smooth = takePlane(width * height);
  const mesh = emptyBackground(width, height);
  for (let row = 0; row < mesh.rows; row++) {
    smoothRows(image, smooth, row * mesh.tile, Math.min((row + 1) * mesh.tile, height));
    measureTileRow(smooth, width, height, mesh, row);
    await pause();
  }
  settleBackground(mesh, noiseFloor(image.data));
  await prepare?.(smooth, mesh, pause);

  const peaks: Peak[] = [];
  const thresholds = new Float32Array(mesh.columns);
  for (let y = 1; y < height - 1; y++) {
    thresholdsOfRow(mesh, y, options.sigmas ?? 5, thresholds);
    collectPeaks(smooth, width, y, thresholds, mesh, peaks);
    if (y % 32 === 0) await pause();
  }
  peaks.sort((a, b) => b.height - a.height);
  peaks.length = Math.min(peaks.length, options.maxPeaks ?? 6000);

  const state = beginMeasuring(image, smooth, mesh);
  const stars: Star[] = [];
  for (const [i, peak] of peaks.entries()) {
    const star = measure(state, peak);
    if (star) stars.push(star);
    if (i % 64 === 0) await pause();
  }
  spare = new WeakRef(smooth.buffer);
  return stars;
}

/** The plane of the last image: fresh memory costs a tenth of the whole search. */
let spare: WeakRef<ArrayBuffer> | undefined;

/** Memory for so many pixels, with any values in it. */
function takePlane(pixels: number): Float32Array<ArrayBuffer> {
  const kept = spare?.deref();
  spare = undefined;
  return kept && kept.byteLength >= 4 * pixels ? new Float32Array(kept, 0, pixels) : new Float32Array(pixels);
}

// Of a row that is neither the first nor the last, pixels 1 to width − 2 have all their neighbours inside the image.

/** Local maxima of one row; of equal neighbours the last one in reading order counts. */
function collectPeaks(
  smooth: Float32Array,
  width: number,
  y: number,
  thresholds: Float32Array,
  mesh: Background,
  peaks: Peak[],
): void {
  const { tile, columns } = mesh;
  // From the centre of one tile to that of the next, and from and to the rim.
  for (let column = -1; column < columns; column++) {
    const left = thresholds[Math.max(column, 0)]!;
    const right = thresholds[Math.min(column + 1, columns - 1)]!;
    const centre = (column + 0.5) * tile;
    const least = Math.min(left, right);
    const end = y * width + Math.min(centre + tile, width - 1);
    for (let i = y * width + Math.max(centre, 1); i < end; i++) {
      const value = smooth[i]!;
      // Nearly all pixels are sky, and done with here.
      if (!(value > least)) continue;
      const x = i - y * width;
      if (!(value > left + ((right - left) * (x + 0.5 - centre)) / tile)) continue;
      if (
        value >= smooth[i - 1]! &&
        value > smooth[i + 1]! &&
        value >= smooth[i - width - 1]! &&
        value >= smooth[i - width]! &&
        value >= smooth[i - width + 1]! &&
        value > smooth[i + width - 1]! &&
        value > smooth[i + width]! &&
        value > smooth[i + width + 1]!
      ) {
        peaks.push({ index: i, height: value - at(mesh, mesh.level, x, y) });
      }
    }
  }
}

/** Noise below which values are steps of the digits, not of the sky: eight bits are coarse, and JPEG leaves ripples. */
function noiseFloor(data: GreyImage['data']): number {
  if (data instanceof Uint8Array) return 0.25;
  return data instanceof Uint16Array ? 0.5 : 0;
}
