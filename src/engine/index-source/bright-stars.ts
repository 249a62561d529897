// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import { IndexFileError } from '../index-file/error.js';
import type { IndexFile } from '../index-file/index-file.js';

/** More stars than this in what an image sees are none of an index file for such images. */
const MAX_STARS = 1 << 18;
/** Steps of a magnitude, or of a sweep, that count as different. */
const STEPS = 1000;
/** Brightness in whole steps and the star's number in one number that sorts by both; 32 bits are the star's. */
const STAR_RANGE = 2 ** 32;
const BRIGHTEST_MAGNITUDE = -30;
const FAINTEST_MAGNITUDE = 300;

/** Finds the brightest stars of an index file about a place; their order in the file is none of brightness. */
export class BrightStars {
  readonly #file: IndexFile;
  readonly #centre = new Float64Array(3);
  #keys = new Float64Array(1 << 8);
  #count = 0;
  readonly #visit: (star: number) => void;

  constructor(file: IndexFile) {
    this.#file = file;
    this.#visit = (star) => this.#take(star);
  }

  /** Grows as brightness falls: the magnitude, or in a file without magnitudes the pass in which the star was used. */
  faintness(star: number): number {
    return this.#file.magnitudeColumn === undefined ? this.#file.sweep(star) : this.#file.magnitude(star);
  }

  /**
   * @param out takes the numbers of the brightest within a radius (radians), brightest first, at most `limit`
   * @returns how many
   * @throws IndexFileError
   */
  collect(x: number, y: number, z: number, radius: number, limit: number, out: Int32Array): number {
    const centre = this.#centre;
    centre[0] = x;
    centre[1] = y;
    centre[2] = z;
    this.#count = 0;
    this.#file.starsInCap(centre, radius, this.#visit);
    const sorted = this.#keys.subarray(0, this.#count).sort();
    const count = Math.min(limit, sorted.length);
    for (let i = 0; i < count; i++) out[i] = sorted[i]! % STAR_RANGE;
    return count;
  }

  #take(star: number): void {
    if (this.#count === MAX_STARS)
      throw new IndexFileError('unsupported', `More than ${MAX_STARS} stars lie in one field`);
    if (this.#count === this.#keys.length) {
      const larger = new Float64Array(2 * this.#keys.length);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    const faintness = this.faintness(star);
    const magnitude = Math.max(BRIGHTEST_MAGNITUDE, Math.min(FAINTEST_MAGNITUDE, faintness));
    const step = Math.round(
      STEPS * ((Number.isNaN(faintness) ? FAINTEST_MAGNITUDE : magnitude) - BRIGHTEST_MAGNITUDE),
    );
    this.#keys[this.#count++] = step * STAR_RANGE + star;
  }
}
