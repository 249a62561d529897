import type { GreyImage, OpenedImage } from '../image/image.js';
import { planeShrinker } from '../image/shrink-plane.js';
import type { Measurement } from '../measure/measurement.js';

/** Stars that were found in an image. */
export interface FoundStars {
  /** As `packStars` puts them, the brightest first. */
  packed: Float64Array;
  /** The factor by which the image was shrunk for it. */
  shrink: number;
}

/** How stars are looked for. */
export interface FindingOptions {
  shrink: number;
  sigmas: number;
  /** Those of a picture that is drawn over, see `detectUndrawn`. */
  undrawn?: boolean | undefined;
  /** Where they are measured afterwards, in means of so many pixels squared: that plane is decoded in the same go. */
  binning?: number | undefined;
}

/** The plane that stars are measured in: of pictures in colours the green one, which is the nearest to V. */
export function measuredPlane(image: OpenedImage, binning: number, signal?: AbortSignal): Promise<GreyImage> {
  return image.green && binning === 1 ? image.green() : image.grey(binning, signal);
}

/** Finds the stars of one image and measures them, in this process. */
export class StarWork {
  readonly image: OpenedImage;
  /** The plane that is measured next. */
  #ahead: { binning: number; plane: Promise<GreyImage> } | undefined;

  constructor(image: OpenedImage) {
    this.image = image;
  }

  /** @returns as `packStars` puts them */
  async find(
    { shrink, sigmas, undrawn, binning }: FindingOptions,
    signal: AbortSignal,
  ): Promise<Float64Array> {
    const [find, { packStars }] = await Promise.all([
      undrawn
        ? import('../stars/detect-undrawn.js').then(({ detectUndrawn }) => detectUndrawn)
        : import('../stars/detect.js').then(({ detectStars }) => detectStars),
      import('../stars/packed.js'),
    ]);
    const plane = await this.#searched(shrink, binning, signal);
    return packStars(await find(plane, this.image, { sigmas, signal }));
  }

  async measure({ packed, shrink }: FoundStars, binning: number, signal: AbortSignal): Promise<Measurement> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const [{ measureStars }, { unpackStars }, plane] = await Promise.all([
      import('../measure/measure-stars.js'),
      import('../stars/packed.js'),
      ahead?.binning === binning ? ahead.plane : measuredPlane(this.image, binning, signal),
    ]);
    // As wide as a circle of the pixels above half of its height.
    const stars = unpackStars(packed).map(({ x, y, peak, area }) => ({
      ...{ x, y, peak },
      width_px: 2 * Math.sqrt(area / Math.PI) * shrink,
    }));
    return measureStars(plane, stars, this.image, signal);
  }

  /** The plane in which stars are looked for: made of the one that is measured where it can be, or else decoded beside it. */
  async #searched(shrink: number, binning: number | undefined, signal: AbortSignal): Promise<GreyImage> {
    if (binning === undefined) return this.image.grey(shrink, signal);
    const plane = measuredPlane(this.image, binning, signal);
    this.#ahead = { binning, plane };
    // What fails is told to who measures.
    plane.catch(() => {});
    const shrinker = await planeShrinker(this.image, binning, shrink);
    return (shrinker && (await shrinker(await plane))) ?? this.image.grey(shrink, signal);
  }
}
