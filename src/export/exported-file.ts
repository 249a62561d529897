import { AstroJobsError } from '../job/errors.js';
import type { StoredFile } from '../store/job-store.js';

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

/** A file that was made of a job. */
export interface ExportedFile {
  /** After the image: `M42.wcs`, `M42-solved.fits`. */
  name: string;
  /** Its media type. */
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
