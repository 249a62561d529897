import { AstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';
import type { StoredFile } from '../store/job-store.js';

/** A job as far as exports need it. */
export interface ExportSource {
  /** The image on this machine. Only read. */
  imagePath: string;
  /** Which picture of it was analysed, where the caller chose one: see `OpenOptions`. */
  extension?: string | undefined;
  filename: string;
  result?: JobResult;
  /** A file that the job has left. */
  file(name: string): Promise<StoredFile | undefined>;
}

export interface ExportOptions {
  /** Pixels at most, for pictures. @default as wide as the image */
  width?: number;
  signal?: AbortSignal;
}

export interface ExportedFile {
  name: string;
  contentType: string;
  /** Bytes. */
  size: number;
  /** Makes its bytes as they are read; once. */
  read(): AsyncIterable<Uint8Array>;
}

/** The bytes of a file that an export cannot do without. */
export async function requiredFile(source: Pick<ExportSource, 'file'>, name: string): Promise<Buffer> {
  const file = await source.file(name);
  if (!file) throw new AstroJobsError('not_found', `The job has no ${name}, of which this would be made`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read() as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Bytes that are all there, as an exported file. */
export function wholeFile(name: string, contentType: string, bytes: Uint8Array): ExportedFile {
  return {
    name,
    contentType,
    size: bytes.byteLength,
    async *read() {
      yield bytes;
    },
  };
}
