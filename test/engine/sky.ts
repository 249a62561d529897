import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { Engine } from '../../src/engine/engine.js';
import { buildQuads } from '../../src/engine/quads.js';
import type { FieldStars } from '../../src/engine/question.js';
import { SkyGrid } from '../../src/engine/sky-grid.js';
import { decodeStars } from '../../src/engine/star-file.js';
import type { Random } from '../sky/random.js';

/** The packaged stars, uncompressed. */
export const STAR_BYTES = brotliDecompressSync(
  readFileSync(new URL('../../data/stars.bin.br', import.meta.url)),
);
export const grid = new SkyGrid(decodeStars(STAR_BYTES));
/** Quads of wide fields only: they are made in a fraction of a second. */
export const engine = new Engine(
  grid,
  [4, 5.66, 8, 11.3, 16].map((size) => buildQuads(grid, size)),
);

export interface RenderedField extends FieldStars {
  width: number;
  height: number;
  ra_deg: number;
  dec_deg: number;
  /** Arcseconds per pixel. */
  scale: number;
  parity: 1 | -1;
}

/** Uniform between two numbers. */
export const between = (random: Random, low: number, high: number) => low + (high - low) * random.uniform();

const DEG = 180 / Math.PI;

/**
 * The list of stars of a photograph through a plain lens at a random place of the sky: places scattered by 0.3 pixels, brightness by
 * half a magnitude, some of the brightest missing, false stars among them.
 */
export function renderField(
  random: Random,
  {
    width_deg,
    falseShare = 0.2,
    missingShare = 0.2,
  }: { width_deg: number; falseShare?: number; missingShare?: number },
): RenderedField {
  const [width, height] = [1500, 1000];
  const ra = between(random, 0, 2 * Math.PI);
  const z = between(random, -1, 1);
  const [turn, parity] = [between(random, 0, 2 * Math.PI), random.uniform() < 0.5 ? 1 : -1] as const;
  const flat = Math.sqrt(1 - z * z);
  const perPixel = (2 * Math.tan(width_deg / DEG / 2)) / width;
  const found = new Int32Array(300);
  const radius = Math.atan(perPixel * Math.hypot(width, height) * 0.5);
  const count = grid.brightest(flat * Math.cos(ra), flat * Math.sin(ra), z, radius, 300, found);
  const { vectors, magnitudes } = grid.stars;
  const stars: { x: number; y: number; magnitude: number }[] = [];
  for (const [rank, star] of found.subarray(0, count).entries()) {
    if (rank < 30 && random.uniform() < missingShare) continue;
    const [vx = 0, vy = 0, vz = 0] = vectors.subarray(3 * star, 3 * star + 3);
    const along = vx * flat * Math.cos(ra) + vy * flat * Math.sin(ra) + vz * z;
    const east = (-vx * Math.sin(ra) + vy * Math.cos(ra)) / along / perPixel;
    const north = (vz * flat - z * (vx * Math.cos(ra) + vy * Math.sin(ra))) / along / perPixel;
    const x = (width + 1) / 2 + east * Math.cos(turn) + north * Math.sin(turn) + 0.3 * random.normal();
    const y =
      (height + 1) / 2 + parity * (-east * Math.sin(turn) + north * Math.cos(turn)) + 0.3 * random.normal();
    if (x < 0.5 || y < 0.5 || x > width + 0.5 || y > height + 0.5) continue;
    stars.push({ x, y, magnitude: (magnitudes[star] ?? 0) + 0.5 * random.normal() });
  }
  const shown = stars.sort((a, b) => a.magnitude - b.magnitude).slice(0, 80);
  const faintest = shown.at(-1)?.magnitude ?? 0;
  const brightest = shown[0]?.magnitude ?? 0;
  for (let i = (shown.length * falseShare) / (1 - falseShare); i >= 1; i--) {
    shown.push({
      x: between(random, 1, width),
      y: between(random, 1, height),
      magnitude: between(random, brightest, faintest),
    });
  }
  shown.sort((a, b) => a.magnitude - b.magnitude);
  return {
    x: shown.map((star) => star.x),
    y: shown.map((star) => star.y),
    width,
    height,
    ra_deg: ra * DEG,
    dec_deg: Math.asin(z) * DEG,
    scale: perPixel * DEG * 3600,
    parity,
  };
}
