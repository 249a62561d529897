// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { Field } from './field.js';
import { MAX_SIGMAS } from './local-check.js';

const NONE = -1;
/** No star is looked for so far away that this many others would lie there by chance. */
const MAX_CHANCE = 0.1;
/** Median distance of a two-dimensional Gaussian in standard deviations along one axis. */
const MEDIAN_DISTANCE = Math.sqrt(2 * Math.LN2);

/** Which star of an image each reference star of a catalogue is: every star is given once, to the reference nearest to it. */
export class StarMatches {
  /** The star of the image that each reference is, or −1. */
  readonly stars: Int32Array;
  count = 0;
  readonly #field: Field;
  readonly #owner: Int32Array;
  readonly #distance: Float64Array;
  readonly #distances: Float64Array;
  #farthest2 = 0;

  /** @param most references */
  constructor(field: Field, most: number) {
    this.#field = field;
    this.stars = new Int32Array(most);
    this.#owner = new Int32Array(field.count);
    this.#distance = new Float64Array(field.count);
    this.#distances = new Float64Array(most);
  }

  /** Begins with the stars of a quad, which are the first references; of `references` in all the others are none yet. */
  beginWith(members: ArrayLike<number>, references: number): void {
    this.stars.fill(NONE, 0, references);
    this.stars.set(members);
    this.count = members.length;
  }

  /** Forgets what was matched; `seek` and then `end` follow. */
  begin(): void {
    const field = this.#field;
    this.#farthest2 = MAX_CHANCE / (Math.PI * (field.count / (field.width * field.height)));
    this.#owner.fill(NONE);
  }

  /**
   * Looks for the star of a reference.
   * @param x where it is predicted, pixels; NaN outside the image
   * @param variance of that along one axis, square pixels
   */
  seek(reference: number, x: number, y: number, variance: number): void {
    const field = this.#field;
    this.stars[reference] = NONE;
    const reach2 = MAX_SIGMAS ** 2 * variance;
    if (Number.isNaN(x) || reach2 > this.#farthest2) return;
    const star = field.nearest(x, y, Math.sqrt(reach2));
    if (star < 0) return;
    const distance = Math.hypot(field.x[star]! - x, field.y[star]! - y);
    const owner = this.#owner[star]!;
    if (owner !== NONE && this.#distance[star]! <= distance) return;
    if (owner !== NONE) this.stars[owner] = NONE;
    this.stars[reference] = star;
    this.#owner[star] = reference;
    this.#distance[star] = distance;
  }

  /** Counts the matches of all references; a number that is the same where the matches are. */
  end(references: number): number {
    let signature = 0;
    this.count = 0;
    for (let i = 0; i < references; i++) {
      const star = this.stars[i]!;
      if (star === NONE) continue;
      this.#distances[this.count++] = this.#distance[star]!;
      signature = (Math.imul(signature, 31) + Math.imul(i + 1, 7919) + star) | 0;
    }
    return signature;
  }

  /**
   * Standard deviation of a star's place along one axis, pixels, from the median distance of the matches.
   * @param determined how many numbers along each axis the fit took from them
   */
  deviation(determined: number, least_px: number): number {
    const sorted = this.#distances.subarray(0, this.count).sort();
    const median = sorted[this.count >> 1]! / MEDIAN_DISTANCE;
    const freedom = Math.sqrt(this.count / Math.max(1, this.count - determined));
    const most = Math.sqrt(this.#farthest2) / (2 * MAX_SIGMAS);
    return Math.min(most, Math.max(least_px, median * Math.min(2, freedom)));
  }
}
