// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { RAD } from '../wcs/sphere.js';
import { brightestOfCells, NearStars, STARS_A_CELL } from './near-stars.js';
import { PairChords, QuadCode } from './quad-code.js';
import { bin, CODE_UNIT, LIST_CELL, LIST_LENGTH, type QuadLevelData } from './quad-level.js';
import { QuadSet } from './quad-set.js';
import { SkyCells } from './sky-cells.js';
import type { StarCatalog } from './star-catalog.js';
import { type Allocate, allocatePrivate } from './star-file.js';
import type { SkyCap } from './star-index.js';

/** Sizes of quads, degrees: AB is between `SHORTEST` and `LONGEST` sizes long. */
const SIZES_DEG = [0.7, 1, 1.41, 2, 2.83, 4, 5.66, 8, 11.3, 16, 22.6, 32, 45] as const;
/** What many stars add to them, and how many those are. */
const DENSE_SIZES_DEG = [0.35, 0.5] as const;
const DENSE_COUNT = 1_600_000;
const SHORTEST = 0.66;
const LONGEST = 1.2;
/** Quads are made about the middle of every cell of this many sizes, of the brightest stars within `REACH` sizes of it. */
const CELL = 0.45;
const REACH = 0.6;
/**
 * How many quads are made about a cell, up to a size in degrees: small ones are many, and a photograph of their size holds many cells;
 * of the large ones a wide image holds few, of which each must be there in more than one way.
 */
const QUADS_A_CELL = [
  [0.8, 4],
  [1.5, 5],
  [3, 8],
  [6, 16],
  [Number.POSITIVE_INFINITY, 30],
] as const;
const quadsACell = (size_deg: number) => QUADS_A_CELL.find(([upTo]) => size_deg < upTo)?.[1] ?? 0;
/** A star is in at most this many times the average number of a cell's quads, since any star may be missing in an image. */
const USES = 4;
/** The list about a cell reaches this far, in sizes. */
const LIST_REACH = 1.9;

/** The smallest size of quads that the package's own stars are made into. */
export const SMALLEST_SIZE_DEG = SIZES_DEG[0];

/** Sizes of quads, degrees, that are made of so many stars over the whole sky. */
export function levelSizes(starCount: number): readonly number[] {
  return starCount < DENSE_COUNT ? SIZES_DEG : [...DENSE_SIZES_DEG, ...SIZES_DEG];
}

/** Limits of the angle AB of a level's quads, radians. */
export function levelLimits(size_deg: number): { shortest_rad: number; longest_rad: number } {
  return { shortest_rad: SHORTEST * size_deg * RAD, longest_rad: LONGEST * size_deg * RAD };
}

/**
 * Makes the quads of one size. The same catalogue gives the same quads in the same order, whatever part of the sky is asked for.
 * @param cap where; everywhere when it is not given
 */
export function buildLevel(
  catalog: StarCatalog,
  size_deg: number,
  cap?: SkyCap,
  allocate: Allocate = allocatePrivate,
): QuadLevelData {
  const size = size_deg * RAD;
  const cells = new SkyCells(CELL * size);
  const reach = cap && cap.radius + (LIST_REACH + 2 * CELL) * size;
  const brightest = brightestOfCells(
    catalog,
    cells,
    cap && reach !== undefined ? { ...cap, radius: reach } : undefined,
  );
  const maker = new QuadMaker(catalog, size, quadsACell(size_deg));
  const near = new NearStars(catalog, cells, brightest);
  const middle = new Float64Array(3);
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns(row); column++) {
      cells.middle(row, column, middle);
      if (!isWithin(cap, middle, REACH * size)) continue;
      const found = near.collect(middle, REACH * size, STARS_A_CELL);
      maker.make(near.stars, found);
    }
  }
  return { ...sorted(maker, size, allocate), ...buildLists(size, near, cap, allocate) };
}

function isWithin(cap: SkyCap | undefined, [x, y, z]: Float64Array, margin: number): boolean {
  if (!cap) return true;
  const { direction, radius } = cap;
  const dot = x! * direction[0]! + y! * direction[1]! + z! * direction[2]!;
  return dot >= Math.cos(Math.min(Math.PI, radius + margin));
}

/** Makes quads of a few stars, the brightest first, each once. */
class QuadMaker {
  count = 0;
  codes = new Uint16Array(1 << 14);
  stars = new Uint32Array(1 << 14);
  readonly #vectors: Float32Array;
  readonly #wanted: number;
  readonly #shortest2: number;
  readonly #longest2: number;
  readonly #near = new Float64Array(3 * STARS_A_CELL);
  readonly #chords = new PairChords(STARS_A_CELL);
  readonly #quad = new QuadCode();
  readonly #known = new QuadSet();
  /** How many of a cell's quads each star is in. */
  readonly #uses = new Uint8Array(STARS_A_CELL);

  constructor(catalog: StarCatalog, size: number, wanted: number) {
    this.#vectors = catalog.data.vectors;
    this.#wanted = wanted;
    this.#shortest2 = chord(SHORTEST * size) ** 2;
    this.#longest2 = chord(LONGEST * size) ** 2;
  }

  make(stars: Int32Array, found: number): void {
    const near = this.#near;
    for (let i = 0; i < found; i++) {
      near[3 * i] = this.#vectors[3 * stars[i]!]!;
      near[3 * i + 1] = this.#vectors[3 * stars[i]! + 1]!;
      near[3 * i + 2] = this.#vectors[3 * stars[i]! + 2]!;
    }
    this.#chords.clear();
    this.#chords.measure(near, found);
    const quad = this.#quad;
    const uses = this.#uses.fill(0);
    const most = Math.ceil((USES * this.#wanted) / STARS_A_CELL);
    let made = 0;
    for (let l = 3; l < found; l++) {
      for (let i = 0; i < l - 2; i++) {
        for (let j = i + 1; j < l - 1; j++) {
          for (let k = j + 1; k < l; k++) {
            if (!quad.name(this.#chords, i, j, k, l)) continue;
            if (quad.chord2 < this.#shortest2 || quad.chord2 > this.#longest2) continue;
            if (uses[i]! >= most || uses[j]! >= most || uses[k]! >= most || uses[l]! >= most) continue;
            uses[i]!++;
            uses[j]!++;
            uses[k]!++;
            uses[l]!++;
            if (this.#known.add(stars[i]!, stars[j]!, stars[k]!, stars[l]!)) this.#keep(stars);
            if (++made === this.#wanted) return;
          }
        }
      }
    }
  }

  #keep(stars: Int32Array): void {
    const at = 4 * this.count++;
    if (at === this.codes.length) {
      const [codes, members] = [this.codes, this.stars];
      this.codes = new Uint16Array(2 * at);
      this.codes.set(codes);
      this.stars = new Uint32Array(2 * at);
      this.stars.set(members);
    }
    this.#quad.reckon(this.#near);
    const { code, members } = this.#quad;
    for (let m = 0; m < 4; m++) {
      this.codes[at + m] = Math.round((code[m]! + (m & 1) * 0.5) / CODE_UNIT);
      this.stars[at + m] = stars[members[m]!]!;
    }
  }
}

function sorted(
  { count, codes, stars }: QuadMaker,
  size: number,
  allocate: Allocate,
): Omit<QuadLevelData, 'lists' | 'listCounts'> {
  const bins = Math.max(4, Math.min(32, Math.round(0.9 * count ** 0.25)));
  const binStart = new Uint32Array(allocate(4 * (bins ** 4 + 1)));
  const binOf = new Uint32Array(count);
  for (let quad = 0; quad < count; quad++) {
    let index = 0;
    for (let m = 0; m < 4; m++) index = index * bins + bin(codes[4 * quad + m]! * CODE_UNIT, bins);
    binOf[quad] = index;
    binStart[index + 1]!++;
  }
  for (let index = 0; index < bins ** 4; index++) binStart[index + 1]! += binStart[index]!;
  const next = binStart.slice(0, bins ** 4);
  const sortedCodes = new Uint16Array(allocate(8 * count));
  const sortedStars = new Uint32Array(allocate(16 * count));
  for (let quad = 0; quad < count; quad++) {
    const to = 4 * next[binOf[quad]!]!++;
    for (let m = 0; m < 4; m++) {
      sortedCodes[to + m] = codes[4 * quad + m]!;
      sortedStars[to + m] = stars[4 * quad + m]!;
    }
  }
  return {
    size_rad: size,
    shortest_rad: SHORTEST * size,
    longest_rad: LONGEST * size,
    count,
    bins,
    binStart,
    codes: sortedCodes,
    stars: sortedStars,
  };
}

function buildLists(
  size: number,
  near: NearStars,
  cap: SkyCap | undefined,
  allocate: Allocate,
): Pick<QuadLevelData, 'lists' | 'listCounts'> {
  const cells = new SkyCells(LIST_CELL * size);
  const lists = new Uint32Array(allocate(4 * LIST_LENGTH * cells.count));
  const listCounts = new Uint8Array(allocate(cells.count));
  const middle = new Float64Array(3);
  for (let row = 0; row < cells.rows; row++) {
    for (let column = 0; column < cells.columns(row); column++) {
      cells.middle(row, column, middle);
      if (!isWithin(cap, middle, LIST_REACH * size)) continue;
      const cell = cells.cellAt(row, column);
      const found = near.collect(middle, LIST_REACH * size, LIST_LENGTH);
      listCounts[cell] = found;
      for (let i = 0; i < found; i++) lists[LIST_LENGTH * cell + i] = near.stars[i]!;
    }
  }
  return { lists, listCounts };
}

function chord(angle: number): number {
  return 2 * Math.sin(angle / 2);
}
