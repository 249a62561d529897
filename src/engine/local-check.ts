import type { Camera } from './camera.js';
import type { Field } from './field.js';
import type { StarIndex } from './star-index.js';

/** How well the places of stars are known. */
export interface Precision {
  /** Of a measured star along one axis, pixels. */
  sigma_px: number;
  /** What a lens bends, as a share of the distance from the quad. */
  bending: number;
}

/**
 * Share of the brightest catalogue stars that an image shows at their places; the others are behind trees, blended, out of the list's
 * brightness, or trailed away.
 */
export const COMPLETENESS = 0.6;
/** A star further off than this many standard deviations is another one. */
export const MAX_SIGMAS = 3.5;
/** Stars are compared within so many lengths of AB of the quad's middle. */
const DISK = 1.5;
/** After this many stars of the catalogue hypotheses of less odds than these are given up. */
const FIRST = 7;
const HOPELESS = -2.5;

/**
 * ln of how much likelier the image is where it shows a star at `distance` from its place than where stars are strewn at random with
 * `density` a square pixel (a Gaussian against an even spread, with a chance of 1 − COMPLETENESS that the image does not show the star).
 */
export function logRatio(distance2: number, sigma2: number, density: number): number {
  const peak = COMPLETENESS / (2 * Math.PI * sigma2 * density);
  return Math.log(1 - COMPLETENESS + peak * Math.exp(-distance2 / (2 * sigma2)));
}

export const LOG_MISSED = Math.log(1 - COMPLETENESS);

/** First look at a hypothesis: do the stars about the quad lie where the hypothesis puts them? */
export class LocalCheck {
  /** Natural logarithm of the odds of the quad's neighbourhood against chance; its own four stars do not count. */
  logOdds = 0;
  hits = 0;
  readonly #field: Field;
  /** The last check in which each star was taken. */
  readonly #taken: Int32Array;
  #check = 0;
  #x = 0;
  #y = 0;
  #radius = 0;
  #density = 0;

  constructor(field: Field) {
    this.#field = field;
    this.#taken = new Int32Array(field.count);
  }

  /** Says about which quad of the image the next hypotheses are: its middle and length, pixels. */
  about(x: number, y: number, length: number): void {
    const { width, height } = this.#field;
    const radius = DISK * length;
    this.#x = x;
    this.#y = y;
    this.#radius = radius;
    const across = Math.min(width, x + radius) - Math.max(0, x - radius);
    const down = Math.min(height, y + radius) - Math.max(0, y - radius);
    const area = (Math.PI / 4) * across * down;
    this.#density = (this.#field.countWithin(x, y, radius) + 1) / area;
  }

  /** @param members the quad's stars in the field */
  check(
    index: StarIndex,
    camera: Camera,
    direction: Float64Array,
    members: Int32Array,
    precision: Precision,
  ): void {
    const field = this.#field;
    const { vectors, at: start, count } = index.about(direction[0]!, direction[1]!, direction[2]!);
    const stamp = ++this.#check;
    for (let m = 0; m < 4; m++) this.#taken[members[m]!] = stamp;
    const { bending } = precision;
    const sigmaPx2 = precision.sigma_px ** 2;
    const radius2 = this.#radius ** 2;
    let compared = 0;
    let logOdds = 0;
    let hits = 0;
    for (let k = 0, at = start; k < count; k++, at += 3) {
      if (!camera.project(vectors[at]!, vectors[at + 1]!, vectors[at + 2]!)) continue;
      const { x, y } = camera;
      const away2 = (x - this.#x) ** 2 + (y - this.#y) ** 2;
      if (away2 > radius2 || !field.has(x, y)) continue;
      const sigma2 = sigmaPx2 + bending * bending * away2;
      const star = field.nearest(x, y, MAX_SIGMAS * Math.sqrt(sigma2));
      if (star < 0) logOdds += LOG_MISSED;
      else if (this.#taken[star] === stamp) continue;
      else {
        this.#taken[star] = stamp;
        const distance2 = (field.x[star]! - x) ** 2 + (field.y[star]! - y) ** 2;
        logOdds += logRatio(distance2, sigma2, this.#density);
        hits++;
      }
      if (++compared >= FIRST && logOdds < HOPELESS) break;
    }
    this.logOdds = logOdds;
    this.hits = hits;
  }
}
