// biome-ignore-all lint/style/noNonNullAssertion: cells and stars are numbered by this grid itself.
import type { StarColumns } from './star-file.js';

/** One division of the sky into cells, and the brightest stars of each, brightest first. */
interface Layer {
  /** Degrees. */
  side: number;
  bands: number;
  /** First cell of each band; a band is divided in right ascension into cells of about equal width. */
  bandStart: Int32Array;
  /** First member of each cell. */
  cellStart: Int32Array;
  members: Int32Array;
  /** Stars a square degree. */
  density: number;
}

const RAD = Math.PI / 180;
const SKY_DEG2 = 4 * Math.PI * (180 / Math.PI) ** 2;
/** Sides of the cells in degrees, and how many of the brightest stars are in them. */
const LAYERS: readonly (readonly [side: number, stars: number])[] = [
  [12, 8_000],
  [6, 30_000],
  [3, 120_000],
  [1.2, Number.POSITIVE_INFINITY],
];
/** A layer serves a question when it has this many times the stars that are wanted, on average: the sky is uneven. */
const RESERVE = 3;
/** Stars that one question may collect before the brightest are chosen. */
const MAX_COLLECTED = 1 << 16;

/** Finds the brightest stars of any part of the sky. */
export class SkyGrid {
  readonly stars: StarColumns;
  readonly #layers: readonly Layer[];
  readonly #collected = new Int32Array(MAX_COLLECTED);

  constructor(stars: StarColumns) {
    this.stars = stars;
    const count = stars.magnitudes.length;
    this.#layers = LAYERS.map(([side, most]) => makeLayer(stars, side, Math.min(most, count)));
  }

  /**
   * The brightest stars within a radius of a direction.
   * @param radius_rad up to π
   * @param out numbers of stars, brightest first, at most `limit` of them
   * @returns how many were found
   */
  brightest(x: number, y: number, z: number, radius_rad: number, limit: number, out: Int32Array): number {
    const area = (SKY_DEG2 * (1 - Math.cos(radius_rad))) / 2;
    const layer =
      this.#layers.find(({ density }) => density * area >= RESERVE * limit) ?? this.#layers.at(-1)!;
    const found = this.#collect(layer, x, y, z, radius_rad);
    const chosen = this.#collected.subarray(0, found).sort();
    const count = Math.min(found, limit);
    for (let i = 0; i < count; i++) out[i] = chosen[i]!;
    return count;
  }

  #collect(layer: Layer, x: number, y: number, z: number, radius: number): number {
    const { vectors } = this.stars;
    const { side, bands, bandStart, cellStart, members } = layer;
    const collected = this.#collected;
    const least = Math.cos(radius);
    const radius_deg = radius / RAD;
    const dec = Math.asin(Math.max(-1, Math.min(1, z))) / RAD;
    const ra = (Math.atan2(y, x) / RAD + 360) % 360;
    const first = Math.max(0, Math.floor((dec - radius_deg + 90) / side));
    const last = Math.min(bands - 1, Math.floor((dec + radius_deg + 90) / side));
    let found = 0;
    for (let band = first; band <= last; band++) {
      const start = bandStart[band]!;
      const cells = bandStart[band + 1]! - start;
      const width = 360 / cells;
      const reach = halfWidth(dec, radius_deg, band * side - 90, band * side + side - 90);
      const from = Math.floor((ra - reach) / width);
      const to = Math.min(from + cells - 1, Math.floor((ra + reach) / width));
      for (let cell = from; cell <= to; cell++) {
        const at = start + (((cell % cells) + cells) % cells);
        const end = cellStart[at + 1]!;
        for (let k = cellStart[at]!; k < end; k++) {
          const star = members[k]!;
          const dot = vectors[3 * star]! * x + vectors[3 * star + 1]! * y + vectors[3 * star + 2]! * z;
          if (dot >= least && found < MAX_COLLECTED) collected[found++] = star;
        }
      }
    }
    return found;
  }
}

/** How far in right ascension, degrees, a circle reaches to either side within a band of declination. */
function halfWidth(dec: number, radius: number, low: number, high: number): number {
  if (Math.abs(dec) + radius >= 89.5) return 180;
  // The circle is widest where sin δ = sin δ₀ / cos r; nearest to it within the band is as wide as it gets there.
  const widest = Math.asin(Math.sin(dec * RAD) / Math.cos(Math.min(radius, 89) * RAD)) / RAD;
  const at = Math.min(high, Math.max(low, widest)) * RAD;
  const cosine =
    (Math.cos(radius * RAD) - Math.sin(dec * RAD) * Math.sin(at)) / (Math.cos(dec * RAD) * Math.cos(at));
  if (cosine >= 1) return 0.001;
  return cosine <= -1 ? 180 : Math.acos(cosine) / RAD;
}

function makeLayer({ vectors }: StarColumns, side: number, count: number): Layer {
  const bands = Math.ceil(180 / side);
  const bandStart = new Int32Array(bands + 1);
  for (let band = 0; band < bands; band++) {
    const middle = Math.min(89, Math.abs((band + 0.5) * side - 90)) * RAD;
    bandStart[band + 1] = bandStart[band]! + Math.max(1, Math.round((360 * Math.cos(middle)) / side));
  }
  const cellOf = new Int32Array(count);
  const cellStart = new Int32Array(bandStart[bands]! + 1);
  for (let star = 0; star < count; star++) {
    const dec = Math.asin(Math.max(-1, Math.min(1, vectors[3 * star + 2]!))) / RAD;
    const ra = (Math.atan2(vectors[3 * star + 1]!, vectors[3 * star]!) / RAD + 360) % 360;
    const band = Math.min(bands - 1, Math.floor((dec + 90) / side));
    const cells = bandStart[band + 1]! - bandStart[band]!;
    const cell = bandStart[band]! + Math.min(cells - 1, Math.floor((ra * cells) / 360));
    cellOf[star] = cell;
    cellStart[cell + 1]!++;
  }
  for (let cell = 0; cell + 1 < cellStart.length; cell++) cellStart[cell + 1]! += cellStart[cell]!;
  const next = cellStart.slice();
  const members = new Int32Array(count);
  for (let star = 0; star < count; star++) members[next[cellOf[star]!]!++] = star;
  return { side, bands, bandStart, cellStart, members, density: count / SKY_DEG2 };
}
