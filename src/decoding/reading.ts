import { readCapture } from '../capture/capture.js';
import { deriveHints } from '../capture/derive-hints.js';
import type { ImageHints } from '../capture/hints.js';
import type { OpenedImage, OpenOptions } from '../image/image.js';
import { openImage } from '../image/open.js';
import type { Capture } from '../job/capture.js';
import type { Measurement } from '../measure/measurement.js';
import { type FindingOptions, type FoundStars, StarWork } from './star-work.js';

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
  /** Finds stars; see `StarWork`, which does it in this process or in another one. */
  findStars(options: FindingOptions, signal: AbortSignal): Promise<Float64Array>;
  /**
   * Measures stars where they were found, and the sky, in the image's own pixels; of a colour mosaic in means of `binning` × `binning`.
   */
  measure(found: FoundStars, binning: number, signal: AbortSignal): Promise<Measurement>;
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
  const work = new StarWork(image);
  return {
    image,
    capture,
    hints,
    hintNotes: notes,
    findStars: (options, signal) => work.find(options, signal),
    measure: (found, binning, signal) => work.measure(found, binning, signal),
  };
}
