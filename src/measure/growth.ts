// biome-ignore-all lint/style/noNonNullAssertion: windows are kept inside the image; bins are counted beside them.
import type { GreyImage } from '../image/image.js';

/** Bins a pixel, of the curve of growth. */
const BINS = 8;
/** From its middle to its corner. */
const HALF_DIAGONAL = Math.SQRT1_2;

/** The light of a star within a circle. */
export interface Growth {
  flux: number;
  /** Pixels in the circle. */
  area: number;
  /** Radius that holds half of `flux`, pixels; NaN where there is no light. */
  halfFlux: number;
  /** Brightest pixel there, above the sky. */
  peak: number;
}

/** Sums the light about places within circles of one radius; pixels are divided into up to 5 × 5. */
export class CurveOfGrowth {
  readonly #image: GreyImage;
  readonly #radius: number;
  /** Parts along the side of a pixel. */
  readonly #parts: number;
  /** Light in rings; and the pixels in them. */
  readonly #light: Float64Array;
  readonly #areas: Float64Array;

  /** @param radius pixels, a multiple of 1/8 */
  constructor(image: GreyImage, radius: number) {
    this.#image = image;
    this.#radius = radius;
    this.#parts = Math.min(5, Math.max(1, Math.round(12 / radius)));
    this.#light = new Float64Array(Math.round(radius * BINS));
    this.#areas = new Float64Array(this.#light.length);
  }

  /** Undefined where the circle reaches over the rim or holds a pixel without a value. */
  at(x: number, y: number, sky: number): Growth | undefined {
    const { data, width } = this.#image;
    const radius = this.#radius;
    if (!isInside(this.#image, x, y, radius + 1)) return undefined;
    const light = this.#light.fill(0);
    const areas = this.#areas.fill(0);
    const parts = this.#parts;
    const share = 1 / (parts * parts);
    const reach = radius + HALF_DIAGONAL;
    let peak = 0;
    for (let row = Math.ceil(y - reach); row <= y + reach; row++) {
      const dy = row - y;
      const side = Math.sqrt(Math.max(0, reach * reach - dy * dy));
      for (let column = Math.ceil(x - side); column <= x + side; column++) {
        const dx = column - x;
        const value = data[row * width + column]! - sky;
        if (Number.isNaN(value)) return undefined;
        if (value > peak && dx * dx + dy * dy <= radius * radius) peak = value;
        const part = value * share;
        for (let v = 0; v < parts; v++) {
          const partY = dy + (v + 0.5) / parts - 0.5;
          for (let u = 0; u < parts; u++) {
            const partX = dx + (u + 0.5) / parts - 0.5;
            const bin = Math.trunc(Math.sqrt(partX * partX + partY * partY) * BINS);
            if (bin >= light.length) continue;
            light[bin]! += part;
            areas[bin]! += share;
          }
        }
      }
    }
    let flux = 0;
    let area = 0;
    for (let bin = 0; bin < light.length; bin++) {
      flux += light[bin]!;
      area += areas[bin]!;
    }
    return { flux, area, peak, halfFlux: halfOf(light, flux) };
  }
}

/** Light within a circle; pixels on its rim count by the part of them that is inside. NaN where it reaches over the rim of the image. */
export function lightWithin(image: GreyImage, x: number, y: number, sky: number, radius: number): number {
  if (!isInside(image, x, y, radius + 1)) return Number.NaN;
  const { data, width } = image;
  const reach = radius + HALF_DIAGONAL;
  let sum = 0;
  for (let row = Math.ceil(y - reach); row <= y + reach; row++) {
    const dy = row - y;
    const side = Math.sqrt(Math.max(0, reach * reach - dy * dy));
    for (let column = Math.ceil(x - side); column <= x + side; column++) {
      const distance = Math.hypot(column - x, dy);
      // The rim is straight within one pixel.
      const inside = Math.min(1, Math.max(0, radius - distance + 0.5));
      sum += inside * (data[row * width + column]! - sky);
    }
  }
  return sum;
}

function isInside({ width, height }: GreyImage, x: number, y: number, reach: number): boolean {
  return x - reach >= 0 && y - reach >= 0 && x + reach <= width - 1 && y + reach <= height - 1;
}

function halfOf(light: Float64Array, flux: number): number {
  if (!(flux > 0)) return Number.NaN;
  let within = 0;
  for (let bin = 0; bin < light.length; bin++) {
    const next = within + light[bin]!;
    if (next >= flux / 2) {
      // Light grows as the area does, in one bin.
      const part = (flux / 2 - within) / (next - within);
      return Math.sqrt(bin * bin + part * (2 * bin + 1)) / BINS;
    }
    within = next;
  }
  return Number.NaN;
}
