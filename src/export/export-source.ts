import type { AnnotateOptions } from '../annotate/annotate.js';
import type { DrawingOptions } from '../annotate/drawing-options.js';
import type { JobResult } from '../job/result.js';
import type { MadeFile, PictureSource } from './exported-file.js';
import type { PictureExport } from './formats.js';
import type { JobGeometry } from './geometry.js';

/** A job as far as exports need it. */
export interface ExportSource extends PictureSource {
  /** Undefined before the job is settled. */
  result?: JobResult;
  /** How the image lies, and where it looks. */
  geometry(): Promise<JobGeometry>;
  picture(kind: PictureExport, options: ExportOptions): Promise<MadeFile>;
  /** The annotated picture. */
  drawing(options: Omit<AnnotateOptions, 'image' | 'result' | 'wcs'>): Promise<Buffer>;
}

/** How pictures are made: `width` for all of them, the others for drawings. */
export interface ExportOptions extends DrawingOptions {
  /** Pixels; at most as wide as the image, but for drawings. @default by the format */
  width?: number | undefined;
  /** The image after which the file is named. @default as the job's image */
  filename?: string | undefined;
  /** Ends the export; it then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}
