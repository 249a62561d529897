// biome-ignore-all lint/style/noNonNullAssertion: fixed-size buffers of this module.
import type { FieldIndex } from './field-index.js';
import type { Hypothesis } from './hypothesis.js';
import { LISTED, type NeighbourLists, NO_STAR } from './neighbour-lists.js';
import type { SkyGrid } from './sky-grid.js';

/** How far from its place a star may be, and how far from the quad stars are compared. */
export interface Tolerance {
  /** Largest difference of a code's coordinate. */
  code: number;
  /** Of a star's place, in lengths of the quad; at least `MIN_PIXELS`. */
  place: number;
  /** Radius of the disk about the quad's middle, in lengths of the quad. */
  disk: number;
}

/** For fields that are flat to the edge, and for lenses that bend straight lines. */
export const TIGHT: Tolerance = { code: 0.01, place: 0.008, disk: 1.5 };
export const LOOSE: Tolerance = { code: 0.025, place: 0.025, disk: 1.1 };

/** No star is measured better than this, pixels of the original image. */
const MIN_PIXELS = 1.3;
/** Catalogue stars that are compared, the brightest of the disk: a few at first, since nearly all hypotheses fail there. */
const FIRST = 12;
const COMPARED = 40;
/** Share of the brightest catalogue stars that an image shows: the others are lost to foregrounds, clouds and blends. */
const SHOWN = 0.6;
/** Log odds of the first few below which the others are not looked at: natural logarithm. */
const HOPELESS = -4;

/** What speaks for a hypothesis: log odds of the field against chance, and which stars agree. */
export class Verification {
  logOdds = 0;
  hits = 0;
  compared = 0;
  readonly fieldStars = new Int32Array(COMPARED);
  readonly skyStars = new Int32Array(COMPARED);
  #quad: Uint32Array = new Uint32Array(4);
  #at = 0;
  readonly #near = new Int32Array(COMPARED + 4);
  readonly #taken = new Uint8Array(4096);

  /**
   * Compares the brightest catalogue stars about the quad with the stars of the image (Lang et al. 2010, section 2.3, with a uniform
   * distractor): a star that is found at its place adds ln(SHOWN / p), one that is not adds ln((1 − SHOWN) / (1 − p)), where p is the
   * share of the disk that lies within reach of a star of the image. The quad's own stars count nothing.
   */
  check(
    grid: SkyGrid,
    lists: NeighbourLists,
    field: FieldIndex,
    guess: Hypothesis,
    quad: Uint32Array,
    at: number,
    length_px: number,
    middle: readonly [number, number],
    { place, disk }: Tolerance,
  ): void {
    const reach = Math.max(MIN_PIXELS, place * length_px);
    const radius = disk * length_px;
    const within = field.within(middle[0], middle[1], radius);
    const area = Math.min(Math.PI * radius * radius, field.width * field.height);
    const chance = Math.min(0.5, (within * Math.PI * reach * reach) / area);
    const [hit, miss] = [Math.log(SHOWN / chance), Math.log((1 - SHOWN) / (1 - chance))];
    this.#forget();
    const [x, y, z] = [guess.centre[0]!, guess.centre[1]!, guess.centre[2]!];
    this.#quad = quad;
    this.#at = at;
    const { stars } = lists;
    const start = lists.at(x, y, z);
    for (let k = start; k < start + LISTED; k++) {
      const star = stars[k]!;
      if (star === NO_STAR) break;
      this.#compare(grid, field, guess, star, middle, radius, reach, hit, miss);
      if (this.compared === FIRST && this.logOdds < HOPELESS) break;
    }
    if (this.logOdds >= HOPELESS) this.#compareAll(grid, field, guess, middle, radius, reach, hit, miss);
    for (let k = 0; k < this.hits; k++) this.#taken[this.fieldStars[k]!] = 0;
  }

  /** Again, with all stars of the disk that count: the list holds those of a wider neighbourhood. */
  #compareAll(
    grid: SkyGrid,
    field: FieldIndex,
    guess: Hypothesis,
    middle: readonly [number, number],
    radius: number,
    reach: number,
    hit: number,
    miss: number,
  ): void {
    this.#forget();
    const [x, y, z] = [guess.centre[0]!, guess.centre[1]!, guess.centre[2]!];
    const angle = Math.min(1.2, Math.atan(radius * guess.scale));
    const found = grid.brightest(x, y, z, angle, COMPARED, this.#near);
    for (let k = 0; k < found; k++)
      this.#compare(grid, field, guess, this.#near[k]!, middle, radius, reach, hit, miss);
  }

  #forget(): void {
    for (let k = 0; k < this.hits; k++) this.#taken[this.fieldStars[k]!] = 0;
    this.logOdds = 0;
    this.hits = 0;
    this.compared = 0;
  }

  #compare(
    grid: SkyGrid,
    field: FieldIndex,
    guess: Hypothesis,
    star: number,
    middle: readonly [number, number],
    radius: number,
    reach: number,
    hit: number,
    miss: number,
  ): void {
    const [quad, at] = [this.#quad, this.#at];
    if (star === quad[at] || star === quad[at + 1] || star === quad[at + 2] || star === quad[at + 3]) return;
    if (!guess.toPixel(grid.stars.vectors, star)) return;
    const { x, y } = guess;
    if (x < 0.5 || y < 0.5 || x > field.width + 0.5 || y > field.height + 0.5) return;
    if ((x - middle[0]) ** 2 + (y - middle[1]) ** 2 > radius * radius) return;
    this.compared++;
    const nearest = field.nearest(x, y, reach);
    if (nearest >= 0 && !this.#taken[nearest]) {
      this.#taken[nearest] = 1;
      this.fieldStars[this.hits] = nearest;
      this.skyStars[this.hits] = star;
      this.hits++;
      this.logOdds += hit;
    } else this.logOdds += miss;
  }
}
