import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AstroJobsError } from '../job/errors.js';
import type { StoredFile } from '../store/job-store.js';

/** Writes a file of a job elsewhere. @throws AstroJobsError `storage_failed` */
export async function writeJobFile(file: StoredFile, path: string, signal: AbortSignal): Promise<void> {
  await pipeline(Readable.from(file.read()), createWriteStream(path), { signal }).catch((cause: Error) => {
    signal.throwIfAborted();
    throw new AstroJobsError('storage_failed', `${path} cannot be written: ${cause.message}`, { cause });
  });
}
