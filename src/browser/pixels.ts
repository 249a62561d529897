// biome-ignore-all lint/style/noNonNullAssertion: loops run over the very arrays.
import type { GreyImage } from '../image/image.js';
import { BlockMean } from '../image/shrink.js';
import type { Picture } from './answer.js';
import { PlateError } from './plate-error.js';

/** Rows that are read from a picture at once: a second copy of a large one in four colours would take most of the memory. */
const STRIP_ROWS = 256;

/** The brightness of a picture as the browser shows it, 8 bits. */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly #luma: Uint8Array;

  private constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#luma = new Uint8Array(width * height);
  }

  /**
   * Decodes a picture, upright by its EXIF orientation.
   * @throws PlateError `unreadable_image`
   */
  static async of(picture: Picture): Promise<Pixels> {
    if (picture instanceof ImageData) {
      const pixels = new Pixels(picture.width, picture.height);
      pixels.#add(picture.data, 0);
      return pixels;
    }
    if (picture instanceof ImageBitmap) return Pixels.#ofBitmap(picture);
    const bitmap = await decode(picture);
    try {
      return Pixels.#ofBitmap(bitmap);
    } finally {
      bitmap.close();
    }
  }

  static #ofBitmap(bitmap: ImageBitmap): Pixels {
    const { width, height } = bitmap;
    const pixels = new Pixels(width, height);
    const canvas = new OffscreenCanvas(width, Math.min(STRIP_ROWS, height));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new PlateError('unreadable_image', 'The browser gives no canvas to read pixels from');
    for (let top = 0; top < height; top += STRIP_ROWS) {
      const rows = Math.min(STRIP_ROWS, height - top);
      context.clearRect(0, 0, width, rows);
      context.drawImage(bitmap, 0, -top);
      pixels.#add(context.getImageData(0, 0, width, rows).data, top * width);
    }
    return pixels;
  }

  /** Red, green, blue and alpha of some pixels become their brightness (ITU-R BT.601), from one place on. */
  #add(rgba: ArrayLike<number>, at: number): void {
    for (let from = 0, to = at; from < rgba.length; from += 4, to++)
      this.#luma[to] = Math.round(0.299 * rgba[from]! + 0.587 * rgba[from + 1]! + 0.114 * rgba[from + 2]!);
  }

  /** The picture shrunk by a whole factor. */
  grey(shrink: number): GreyImage {
    const { width, height } = this;
    const mean = new BlockMean({ width, height, shrink, type: Uint8Array });
    mean.add(this.#luma);
    return mean.image();
  }
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch (cause) {
    const message = 'The browser cannot read this file as a picture: JPEG, PNG, WebP and AVIF are read';
    throw new PlateError('unreadable_image', message, { cause });
  }
}
