import type { AnnotateOptions } from '../annotate/annotate.js';
import type { ExportOptions } from '../export/export-source.js';
import type { FitsSource, MadeFile, PictureSource } from '../export/exported-file.js';
import type { PictureExport } from '../export/formats.js';
import type { OpenOptions } from '../image/image.js';
import type { Reading, ReadOptions } from './reading.js';

/** What is drawn over an image. */
export type Drawing = Omit<AnnotateOptions, 'image'>;

/**
 * Everything that looks into the bytes of an image, whoever sent it. Each call rejects with `signal.reason` as soon as `signal` is aborted.
 *
 * All throw AstroJobsError `image_not_found`, `storage_failed`, `unsupported_image`, `corrupt_image` (also for an image that ends its
 * decoder) and `image_too_large` (also for one that takes more memory than is allowed).
 */
export interface ImageReader {
  /** Recognises and measures an image and reads its metadata; pixels are decoded when they are asked for. */
  read(path: string, options: ReadOptions, signal: AbortSignal): Promise<Reading>;
  /** The annotated picture, encoded. */
  annotate(path: string, options: OpenOptions, drawing: Drawing, signal: AbortSignal): Promise<Buffer>;
  /** A picture that is made of the image on demand. */
  exportPicture(kind: PictureExport, source: PictureSource, options: ExportOptions): Promise<MadeFile>;
  /** The image as FITS with its solution. */
  exportFits(source: FitsSource, options: ExportOptions): Promise<MadeFile>;
  /** Begins what a first call would have to wait for. */
  prepare(): void;
  /** Lets go of what nothing uses at this moment. It comes again when it is needed. */
  release(): void;
}
