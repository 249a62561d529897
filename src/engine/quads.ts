// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over arrays that are made here.
import { NeighbourLists } from './neighbour-lists.js';
import type { SkyGrid } from './sky-grid.js';
import type { Allocate } from './star-file.js';

/*
 * Quads of four stars, by size, as Lang et al. 2010 (AJ 139, 1782) use them: A and B are the two that are farthest apart, C and D lie in
 * the circle over AB; in the frame where A is (0, 0) and B is (1, 0) their four coordinates are the quad's code, which neither
 * shift, rotation nor scale changes. A and B are named so that xC + xD ≤ 1, C and D so that xC ≤ xD.
 */

/** A code coordinate's bin; x runs from 0 to 1, y from −½ to ½. */
export const CODE_BIN = 0.04;
export const CODE_BINS = 25;
const CODE_CELLS = CODE_BINS ** 4;
/** Stored codes are whole numbers of this unit. */
export const CODE_UNIT = 1 / 65_000;

/** Sizes of quads: the longest side is from 0.66 to 1.2 times this, degrees. */
export const QUAD_SIZES = [0.7, 1, 1.41, 2, 2.83, 4, 5.66, 8, 11.3, 16, 22.6, 32, 45] as const;
const SHORTEST = 0.66;
const LONGEST = 1.2;
/** Quads are made around points of a grid of this many sizes … */
const GRID = 0.45;
/** … of the brightest stars within this many sizes of the point. */
const REACH = 0.6;
const STARS_A_POINT = 8;

/** All quads of one size, in the order of the bins of their codes. */
export interface QuadTable {
  size_deg: number;
  count: number;
  /** Longest and shortest of their longest sides, radians. */
  longest: number;
  shortest: number;
  /** First quad of each bin. */
  binStart: Uint32Array;
  /** Four numbers a quad: xC, yC + ½, xD, yD + ½ in `CODE_UNIT`. */
  codes: Uint16Array;
  /** Numbers of the stars A, B, C, D. */
  stars: Uint32Array;
  /** The brightest stars about each place of the sky. */
  neighbours: NeighbourLists;
}

/** How many quads are made around one point; small ones are many, and each photograph holds many points. */
function quadsAPoint(size_deg: number): number {
  return size_deg < 0.8 ? 3 : size_deg < 1.2 ? 4 : 5;
}

const RAD = Math.PI / 180;

/** Positions of up to `STARS_A_POINT` stars in the tangent plane of a point, and what quads they make. */
class Chooser {
  readonly x = new Float64Array(STARS_A_POINT);
  readonly y = new Float64Array(STARS_A_POINT);
  /** Code and places of A, B, C, D of the quad that was made last. */
  readonly code = new Float64Array(4);
  readonly places = new Int32Array(4);

  /** Whether four stars make a quad with a longest side within bounds; its code is then in `code`. */
  make(i: number, j: number, k: number, l: number, shortest2: number, longest2: number): boolean {
    const members = [i, j, k, l];
    let [a, b, most] = [0, 0, 0];
    for (let m = 0; m < 4; m++) {
      for (let n = m + 1; n < 4; n++) {
        const dx = this.x[members[n]!]! - this.x[members[m]!]!;
        const dy = this.y[members[n]!]! - this.y[members[m]!]!;
        const d2 = dx * dx + dy * dy;
        if (d2 > most) [a, b, most] = [m, n, d2];
      }
    }
    if (most < shortest2 || most > longest2) return false;
    const [c, d] = [0, 1, 2, 3].filter((m) => m !== a && m !== b) as [number, number];
    return codeOf(this.x, this.y, members[a]!, members[b]!, members[c]!, members[d]!, this.code, this.places);
  }
}

/**
 * The code of four points of which the first two are farthest apart.
 * @param code receives xC, yC, xD, yD
 * @param places receives which points are A, B, C, D
 * @returns false when C or D lies outside the circle over AB
 */
export function codeOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  a: number,
  b: number,
  c: number,
  d: number,
  code: Float64Array,
  places: Int32Array,
): boolean {
  const [dx, dy] = [x[b]! - x[a]!, y[b]! - y[a]!];
  const l2 = dx * dx + dy * dy;
  const [cx, cy] = [x[c]! - x[a]!, y[c]! - y[a]!];
  const [ex, ey] = [x[d]! - x[a]!, y[d]! - y[a]!];
  let [xc, yc] = [(cx * dx + cy * dy) / l2, (cy * dx - cx * dy) / l2];
  let [xd, yd] = [(ex * dx + ey * dy) / l2, (ey * dx - ex * dy) / l2];
  if (xc * (1 - xc) < yc * yc || xd * (1 - xd) < yd * yd) return false;
  const turned = xc + xd > 1;
  if (turned) [xc, yc, xd, yd] = [1 - xc, -yc, 1 - xd, -yd];
  const swapped = xc > xd;
  if (swapped) [xc, yc, xd, yd] = [xd, yd, xc, yc];
  code[0] = xc;
  code[1] = yc;
  code[2] = xd;
  code[3] = yd;
  places[0] = turned ? b : a;
  places[1] = turned ? a : b;
  places[2] = swapped ? d : c;
  places[3] = swapped ? c : d;
  return true;
}

/** Makes all quads of one size from the stars of the sky: the same ones from the same stars, always. */
export function buildQuads(
  grid: SkyGrid,
  size_deg: number,
  allocate: Allocate = (bytes) => new ArrayBuffer(bytes),
): QuadTable {
  const size = size_deg * RAD;
  const wanted = quadsAPoint(size_deg);
  const { vectors } = grid.stars;
  const chooser = new Chooser();
  const near = new Int32Array(STARS_A_POINT);
  const [shortest2, longest2] = [(SHORTEST * size) ** 2, (LONGEST * size) ** 2];
  // Rows of points at equal declinations; the same quad is found around several of them.
  let codes = new Uint16Array(1 << 16);
  let stars = new Uint32Array(1 << 16);
  let count = 0;
  const known = new QuadSet();
  const rows = Math.ceil(180 / (GRID * size_deg));
  for (let row = 0; row < rows; row++) {
    const dec = -90 + ((row + 0.5) * 180) / rows;
    const columns = Math.max(1, Math.ceil((360 * Math.cos(dec * RAD)) / (GRID * size_deg)));
    for (let column = 0; column < columns; column++) {
      const ra = ((column + 0.5) * 2 * Math.PI) / columns;
      const cos = Math.cos(dec * RAD);
      const [x, y, z] = [cos * Math.cos(ra), cos * Math.sin(ra), Math.sin(dec * RAD)];
      const found = grid.brightest(x, y, z, REACH * size, STARS_A_POINT, near);
      if (found < 4) continue;
      project(vectors, near, found, x, y, z, chooser);
      let made = 0;
      // By the faintest member, so that the quads of the brightest stars come first.
      for (let l = 3; l < found && made < wanted; l++)
        for (let i = 0; i < l - 2 && made < wanted; i++)
          for (let j = i + 1; j < l - 1 && made < wanted; j++)
            for (let k = j + 1; k < l && made < wanted; k++) {
              if (!chooser.make(i, j, k, l, shortest2, longest2)) continue;
              made++;
              if (!known.add(near[i]!, near[j]!, near[k]!, near[l]!)) continue;
              if (4 * count === codes.length) {
                codes = grown(codes, Uint16Array);
                stars = grown(stars, Uint32Array);
              }
              const { code, places } = chooser;
              for (let m = 0; m < 4; m++) {
                codes[4 * count + m] = Math.round((code[m]! + (m % 2 === 0 ? 0 : 0.5)) / CODE_UNIT);
                stars[4 * count + m] = near[places[m]!]!;
              }
              count++;
            }
    }
  }
  return {
    ...sortByBin(size_deg, count, codes, stars, allocate),
    neighbours: new NeighbourLists(grid, size_deg, allocate),
  };
}

/** Gnomonic projection of stars about a direction, radians: x east, y north. */
function project(
  vectors: Float32Array,
  near: Int32Array,
  found: number,
  x: number,
  y: number,
  z: number,
  out: { x: Float64Array; y: Float64Array },
): void {
  const flat = Math.hypot(x, y);
  for (let i = 0; i < found; i++) {
    const at = 3 * near[i]!;
    const [vx, vy, vz] = [vectors[at]!, vectors[at + 1]!, vectors[at + 2]!];
    const along = vx * x + vy * y + vz * z;
    out.x[i] = (vy * x - vx * y) / flat / along;
    out.y[i] = (vz * flat - (z * (vx * x + vy * y)) / flat) / along;
  }
}

/** Which quads were made already, by their stars in ascending order. */
class QuadSet {
  #keys = new Float64Array(1 << 16).fill(-1);
  #size = 0;

  add(a: number, b: number, c: number, d: number): boolean {
    if (this.#size * 2 > this.#keys.length) this.#grow();
    // Four numbers below 2²⁰ do not fit a double; a mix of them that never collides within one sky is not needed either:
    // a collision costs one quad of several around a point.
    const key = ((a * 1_048_583 + b) % 94_906_249) * 94_906_267 + ((c * 1_048_589 + d) % 94_906_267);
    return this.#insert(key);
  }

  #insert(key: number): boolean {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let at = (key % 2_147_483_629) & mask;
    for (; keys[at] !== -1; at = (at + 1) & mask) if (keys[at] === key) return false;
    keys[at] = key;
    this.#size++;
    return true;
  }

  #grow(): void {
    const before = this.#keys;
    this.#keys = new Float64Array(2 * before.length).fill(-1);
    this.#size = 0;
    for (const key of before) if (key !== -1) this.#insert(key);
  }
}

function grown<T extends Uint16Array | Uint32Array>(array: T, type: new (length: number) => T): T {
  const larger = new type(2 * array.length);
  larger.set(array);
  return larger;
}

/** The bin of a stored code. */
function binOf(codes: Uint16Array, quad: number): number {
  let bin = 0;
  for (let m = 0; m < 4; m++)
    bin =
      bin * CODE_BINS + Math.min(CODE_BINS - 1, Math.floor((codes[4 * quad + m]! * CODE_UNIT) / CODE_BIN));
  return bin;
}

function sortByBin(
  size_deg: number,
  count: number,
  codes: Uint16Array,
  stars: Uint32Array,
  allocate: Allocate,
): Omit<QuadTable, 'neighbours'> {
  const binStart = new Uint32Array(allocate(4 * (CODE_CELLS + 1)));
  const bins = new Uint32Array(count);
  for (let quad = 0; quad < count; quad++) {
    const bin = binOf(codes, quad);
    bins[quad] = bin;
    binStart[bin + 1]!++;
  }
  for (let bin = 0; bin < CODE_CELLS; bin++) binStart[bin + 1]! += binStart[bin]!;
  const next = binStart.slice(0, CODE_CELLS);
  const sortedCodes = new Uint16Array(allocate(8 * count));
  const sortedStars = new Uint32Array(allocate(16 * count));
  for (let quad = 0; quad < count; quad++) {
    const to = next[bins[quad]!]!++;
    for (let m = 0; m < 4; m++) {
      sortedCodes[4 * to + m] = codes[4 * quad + m]!;
      sortedStars[4 * to + m] = stars[4 * quad + m]!;
    }
  }
  const [shortest, longest] = [SHORTEST * size_deg * RAD, LONGEST * size_deg * RAD];
  return { size_deg, count, longest, shortest, binStart, codes: sortedCodes, stars: sortedStars };
}
