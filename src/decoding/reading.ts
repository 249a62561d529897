import { readCapture } from '../capture/capture.js';
import { deriveHints } from '../capture/derive-hints.js';
import type { ImageHints } from '../capture/hints.js';
import type { OpenedImage, OpenOptions } from '../image/image.js';
import { openImage } from '../image/open.js';
import type { Capture } from '../job/capture.js';
import type { Measurement } from '../measure/measurement.js';

/** What is asked of a file, and what its caller knows of it. */
export interface ReadOptions extends OpenOptions {
  /** Pixels of the image that a list of stars was measured on. */
  listWidth?: number | undefined;
  listHeight?: number | undefined;
}

/** What the head of a file tells of its image. */
export interface Reading {
  /** Recognised and measured, not decoded. */
  image: OpenedImage;
  capture: Capture;
  hints: ImageHints;
  /** What gave no hint, and why; one line each. */
  hintNotes: readonly string[];
  /**
   * Measures stars where they were found, and the sky, in the image's own pixels; of a colour mosaic in means of `binning` × `binning`.
   */
  measure(found: FoundStars, binning: number, signal: AbortSignal): Promise<Measurement>;
}

/** Stars that were found in an image. */
export interface FoundStars {
  /** As `packStars` puts them, the brightest first. */
  packed: Float64Array;
  /** The factor by which the image was shrunk for it. */
  shrink: number;
}

/** What `Reading.measure` does. */
export async function measureImage(
  image: OpenedImage,
  { packed, shrink }: FoundStars,
  binning: number,
  signal: AbortSignal,
): Promise<Measurement> {
  const [{ measureStars }, { unpackStars }] = await Promise.all([
    import('../measure/measure-stars.js'),
    import('../stars/packed.js'),
  ]);
  // As wide as a circle of the pixels above half of its height.
  const stars = unpackStars(packed).map(({ x, y, peak, area }) => ({
    ...{ x, y, peak },
    width_px: 2 * Math.sqrt(area / Math.PI) * shrink,
  }));
  return measureStars(await image.grey(binning, signal), stars, image, signal);
}

/** Recognises and measures an image; a list of stars has the size that its caller knows. */
export async function openSized(path: string, options: ReadOptions): Promise<OpenedImage> {
  const image = await openImage(path, options);
  if (image.kind !== 'source-list') return image;
  return {
    ...image,
    width: options.listWidth ?? image.width,
    height: options.listHeight ?? image.height,
  };
}

/**
 * Recognises and measures an image, and reads its metadata.
 * @throws AstroJobsError what `openImage` throws
 */
export async function readImage(path: string, options: ReadOptions): Promise<Reading> {
  const image = await openSized(path, options);
  const capture = await readCapture(image);
  const { hints, notes } = deriveHints(image, capture);
  return {
    image,
    capture,
    hints,
    hintNotes: notes,
    measure: (found, binning, signal) => measureImage(image, found, binning, signal),
  };
}
