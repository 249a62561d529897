// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { select } from './select.js';

/** Side of a tile of the mesh, pixels: larger than a star, smaller than a nebula. */
const TILE = 32;

// Arrays are read inside their bounds below: tiles end where the image does, and the mesh has columns × rows values in each field.

/** Background level and noise of an image, known at the centres of square tiles and linear in between. */
export interface Background {
  columns: number;
  rows: number;
  tile: number;
  level: Float32Array;
  /** One standard deviation. */
  noise: Float32Array;
}

export function emptyBackground(width: number, height: number): Background {
  const columns = Math.max(1, Math.ceil(width / TILE));
  const rows = Math.max(1, Math.ceil(height / TILE));
  const tiles = columns * rows;
  return { columns, rows, tile: TILE, level: new Float32Array(tiles), noise: new Float32Array(tiles) };
}

/**
 * Measures one row of tiles: the median of an eighth of the pixels, clipped at 3σ above it, and the distance from there
 * down to the 16th percentile as the noise: stars only ever lift the upper side. NaN where a tile has no values.
 */
export function measureTileRow(
  data: Float32Array,
  width: number,
  height: number,
  mesh: Background,
  row: number,
): void {
  const samples = new Float32Array((TILE / 2) * (TILE / 4));
  const top = row * TILE;
  const bottom = Math.min(top + TILE, height);
  for (let column = 0; column < mesh.columns; column++) {
    const left = column * TILE;
    const right = Math.min(left + TILE, width);
    let count = 0;
    for (let y = top; y < bottom; y += 2) {
      // Each row starts elsewhere, so that no column of the image is never looked at.
      for (let i = y * width + left + ((y >> 1) & 3), end = y * width + right; i < end; i += 4) {
        const value = data[i]!;
        if (!Number.isNaN(value)) samples[count++] = value;
      }
    }
    const index = row * mesh.columns + column;
    if (count < 8) {
      mesh.level[index] = Number.NaN;
      mesh.noise[index] = Number.NaN;
      continue;
    }
    const first = select(samples, count, count >> 1);
    const spread = first - select(samples, count >> 1, Math.floor(count * 0.1587));
    const clip = first + 3 * spread;
    let kept = count;
    for (let i = (count >> 1) + 1; i < kept; ) {
      if (samples[i]! > clip) samples[i] = samples[--kept]!;
      else i++;
    }
    const clipped = kept < count;
    const median = clipped ? select(samples, kept, kept >> 1) : first;
    mesh.level[index] = median;
    mesh.noise[index] = clipped ? median - select(samples, kept >> 1, Math.floor(kept * 0.1587)) : spread;
  }
}

/**
 * Smooths the mesh by the median of 3×3 tiles, so that one tile under a bright star does not lift its surroundings;
 * fills tiles without values from the whole; and lifts the noise to at least `floor` and a tenth of the typical one,
 * for skies that were clipped to black.
 */
export function settleBackground(mesh: Background, floor: number): void {
  const level = mesh.level.slice();
  const noise = mesh.noise.slice();
  const typicalLevel = median(level);
  const typicalNoise = median(noise);
  const least = Math.max(floor, typicalNoise * 0.1);
  const nine = new Float32Array(9);
  for (let row = 0; row < mesh.rows; row++) {
    for (let column = 0; column < mesh.columns; column++) {
      const at = row * mesh.columns + column;
      const around = (of: Float32Array): number => {
        let count = 0;
        for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, mesh.rows - 1); y++) {
          for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, mesh.columns - 1); x++) {
            const value = of[y * mesh.columns + x]!;
            if (!Number.isNaN(value)) nine[count++] = value;
          }
        }
        return count === 0 ? Number.NaN : select(nine, count, count >> 1);
      };
      mesh.level[at] = finite(around(level), typicalLevel);
      mesh.noise[at] = Math.max(finite(around(noise), typicalNoise), least);
    }
  }
}

function finite(value: number, otherwise: number): number {
  if (Number.isFinite(value)) return value;
  return Number.isFinite(otherwise) ? otherwise : 0;
}

function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!;
}

/** Linear interpolation of one of the mesh's fields at a pixel. */
export function at(mesh: Background, field: Float32Array, x: number, y: number): number {
  const column = clampTile(x, mesh.tile, mesh.columns);
  const row = clampTile(y, mesh.tile, mesh.rows);
  const c0 = Math.floor(column);
  const r0 = Math.floor(row);
  const c1 = Math.min(c0 + 1, mesh.columns - 1);
  const r1 = Math.min(r0 + 1, mesh.rows - 1);
  const upper =
    field[r0 * mesh.columns + c0]! * (1 - column + c0) + field[r0 * mesh.columns + c1]! * (column - c0);
  const lower =
    field[r1 * mesh.columns + c0]! * (1 - column + c0) + field[r1 * mesh.columns + c1]! * (column - c0);
  return upper * (1 - row + r0) + lower * (row - r0);
}

function clampTile(pixel: number, tile: number, tiles: number): number {
  return Math.min(Math.max((pixel + 0.5) / tile - 0.5, 0), tiles - 1);
}

/** Level plus `sigmas` times the noise along one row of pixels, at the centres of the tiles; linear in between. */
export function thresholdsOfRow(mesh: Background, y: number, sigmas: number, into: Float32Array): void {
  const { tile, columns, level, noise } = mesh;
  const row = clampTile(y, tile, mesh.rows);
  const r0 = Math.floor(row) * columns;
  const r1 = Math.min(Math.floor(row) + 1, mesh.rows - 1) * columns;
  const part = row - Math.floor(row);
  for (let column = 0; column < columns; column++) {
    into[column] =
      (level[r0 + column]! + sigmas * noise[r0 + column]!) * (1 - part) +
      (level[r1 + column]! + sigmas * noise[r1 + column]!) * part;
  }
}
