// biome-ignore-all lint/style/noNonNullAssertion: rows and columns are cut to the image.
import type { GreyImage } from '../image/image.js';
import { type Clipped, clippedMean } from './clipped-mean.js';

/** Pixels of a ring that have to be in the image. */
const FEWEST = 40;
/** A ring holds some so many pixels, or more. */
const PIXELS = 400;

/** The sky about stars: level and noise in a ring about each, without the stars in it. */
export class SkyRing {
  /** Pixels in a ring. */
  readonly area: number;
  readonly #image: GreyImage;
  readonly #inner: number;
  readonly #outer: number;
  readonly #values: Float32Array;

  /** @param width full width at half maximum of stars, pixels: the ring begins outside their wings */
  constructor(image: GreyImage, width: number) {
    this.#image = image;
    const inner = Math.min(60, Math.max(7, 3 * (width || 3)));
    const outer = Math.sqrt(inner ** 2 + PIXELS / Math.PI + inner) + 1;
    this.#inner = inner;
    this.#outer = outer;
    this.area = Math.PI * (outer ** 2 - inner ** 2);
    this.#values = new Float32Array((2 * Math.ceil(outer) + 3) ** 2);
  }

  /** Undefined where too little of the ring is in the image. */
  about(x: number, y: number): Clipped | undefined {
    const { data, width, height } = this.#image;
    const values = this.#values;
    const [inner2, outer2] = [this.#inner ** 2, this.#outer ** 2];
    const top = Math.max(0, Math.ceil(y - this.#outer));
    const bottom = Math.min(height - 1, Math.floor(y + this.#outer));
    let count = 0;
    for (let row = top; row <= bottom; row++) {
      const dy2 = (row - y) ** 2;
      const reach = Math.sqrt(Math.max(0, outer2 - dy2));
      const left = Math.max(0, Math.ceil(x - reach));
      const right = Math.min(width - 1, Math.floor(x + reach));
      for (let column = left; column <= right; column++) {
        const dx = column - x;
        if (dx * dx + dy2 < inner2) continue;
        const value = data[row * width + column]!;
        if (Number.isFinite(value)) values[count++] = value;
      }
    }
    return count < FEWEST ? undefined : clippedMean(values, count);
  }
}
