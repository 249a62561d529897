// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
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
/** From these odds and hits on the whole image is looked at. */
const PROMISING = 6;
const FEWEST_HITS = 2;
/** Stars of the second look. */
const DEEPER = 48;

/**
 * ln of how much likelier the image is where it shows a star at `distance` from its place than where stars are strewn at random with
 * `density` a square pixel (a Gaussian against an even spread, with a chance of 1 − `completeness` that the image does not show the star).
 */
export function logRatio(
  distance2: number,
  sigma2: number,
  density: number,
  completeness = COMPLETENESS,
): number {
  const peak = completeness / (2 * Math.PI * sigma2 * density);
  return Math.log(1 - completeness + peak * Math.exp(-distance2 / (2 * sigma2)));
}

const LOG_MISSED = Math.log(1 - COMPLETENESS);

/** First look at a hypothesis: do the stars about the quad lie where the hypothesis puts them? */
export class LocalCheck {
  /** Natural logarithm of the odds of the quad's neighbourhood against chance; its own stars do not count. */
  logOdds = 0;
  hits = 0;
  readonly #field: Field;
  /** The last check in which each star was taken. */
  readonly #taken: Int32Array;
  #check = 0;
  #x = 0;
  #y = 0;
  #radius2 = 0;
  #density = 0;
  #sigmaPx2 = 1;
  #bending2 = 0;
  #compared = 0;
  readonly #deeper = new Int32Array(DEEPER);
  readonly #vector = new Float64Array(3);

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
    this.#radius2 = radius * radius;
    const across = Math.min(width, x + radius) - Math.max(0, x - radius);
    const down = Math.min(height, y + radius) - Math.max(0, y - radius);
    const area = (Math.PI / 4) * across * down;
    this.#density = (this.#field.countWithin(x, y, radius) + 1) / area;
  }

  /**
   * @param direction of the quad's middle
   * @param angle AB, radians
   * @param members the quad's stars in the field
   */
  check(
    index: StarIndex,
    camera: Camera,
    direction: Float64Array,
    angle: number,
    members: Int32Array,
    precision: Precision,
  ): void {
    const stars = index.about(direction[0]!, direction[1]!, direction[2]!);
    const { count } = stars;
    this.#begin(members, precision);
    for (let k = 0; k < count; k++) {
      stars.direction(k, this.#vector);
      this.#compare(camera);
      if (this.#compared >= FIRST && this.logOdds < HOPELESS) return;
    }
    // Of the brightest about a place few may lie in a small image: where they speak for it, fainter ones decide.
    if (this.hits > 0 && this.logOdds > 0 && this.logOdds < PROMISING)
      this.#checkDeeper(index, camera, direction, angle, members, precision);
  }

  get isPromising(): boolean {
    return this.logOdds >= PROMISING && this.hits >= FEWEST_HITS;
  }

  #checkDeeper(
    index: StarIndex,
    camera: Camera,
    direction: Float64Array,
    angle: number,
    members: Int32Array,
    precision: Precision,
  ): void {
    const [x, y, z] = [direction[0]!, direction[1]!, direction[2]!];
    const radius = Math.min(Math.PI / 2, DISK * angle);
    const found = index.brightest(x, y, z, radius, DEEPER, this.#deeper);
    this.#begin(members, precision);
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < found; i++) {
      index.direction(this.#deeper[i]!, this.#vector, 0);
      this.#compare(camera);
      best = Math.max(best, this.logOdds);
    }
    this.logOdds = best;
  }

  #begin(members: Int32Array, precision: Precision): void {
    this.#check++;
    for (let m = 0; m < members.length; m++) this.#taken[members[m]!] = this.#check;
    this.#bending2 = precision.bending ** 2;
    this.#sigmaPx2 = precision.sigma_px ** 2;
    this.#compared = 0;
    this.logOdds = 0;
    this.hits = 0;
  }

  /** Adds what the star of the catalogue says whose direction is in `#vector`. */
  #compare(camera: Camera): void {
    const vector = this.#vector;
    if (!camera.project(vector[0]!, vector[1]!, vector[2]!)) return;
    const field = this.#field;
    const { x, y } = camera;
    const away2 = (x - this.#x) ** 2 + (y - this.#y) ** 2;
    if (away2 > this.#radius2 || !field.has(x, y)) return;
    const sigma2 = this.#sigmaPx2 + this.#bending2 * away2;
    const star = field.nearest(x, y, MAX_SIGMAS * Math.sqrt(sigma2));
    if (star < 0) this.logOdds += LOG_MISSED;
    else if (this.#taken[star] === this.#check) return;
    else {
      this.#taken[star] = this.#check;
      const distance2 = (field.x[star]! - x) ** 2 + (field.y[star]! - y) ** 2;
      this.logOdds += logRatio(distance2, sigma2, this.#density);
      this.hits++;
    }
    this.#compared++;
  }
}
