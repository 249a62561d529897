import type { AnnotateOptions } from '../annotate/annotate.js';
import type { DrawingOptions } from '../annotate/drawing-options.js';
import { AstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';
import type { StoredFile } from '../store/job-store.js';
import type { PictureExport } from './formats.js';
import type { JobGeometry } from './geometry.js';

/** A job as far as pictures of its image need it, which are made where images of strangers are read. */
export interface PictureSource {
  /** The image on this machine. Only read. */
  imagePath: string;
  /** Which picture of it was analysed, where the caller chose one: see `OpenOptions`. */
  extension?: string | undefined;
  filename: string;
  /** A file that the job has left. */
  file(name: string): Promise<StoredFile | undefined>;
}

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
  signal?: AbortSignal | undefined;
}

/** What an export consists of. */
export interface MadeFile {
  contentType?: string;
  /** End of its name, where it depends on the image. */
  ending?: string;
  /** Bytes. */
  size: number;
  /** Makes its bytes as they are read; once. */
  read(): AsyncIterable<Uint8Array>;
}

export interface ExportedFile {
  /** After the image: `M42.wcs`, `M42-solved.fits`. */
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Makes its bytes as they are read; once. */
  read(): AsyncIterable<Uint8Array>;
}

/** All the bytes of something that is read once. */
export async function bytesOf(file: { read(): AsyncIterable<unknown> }): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read()) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** The bytes of a file that an export cannot do without. */
export async function requiredFile(source: Pick<PictureSource, 'file'>, name: string): Promise<Buffer> {
  const file = await source.file(name);
  if (!file) throw new AstroJobsError('not_found', `The job has no ${name}, of which this would be made`);
  return bytesOf(file);
}

/** Bytes that are all there, as an exported file. */
export function wholeFile(
  bytes: Uint8Array | string,
  { contentType, ending }: Pick<MadeFile, 'contentType' | 'ending'> = {},
): MadeFile {
  const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return {
    ...(contentType !== undefined && { contentType }),
    ...(ending !== undefined && { ending }),
    size: whole.byteLength,
    async *read() {
      yield whole;
    },
  };
}

/** The name of an image without what says of what kind it is: `M42` of `M42.fits.fz`. */
export const stemOf = (filename: string): string =>
  filename.replace(/(?:\.[A-Za-z]{1,5}){1,2}$/, '') || 'image';
