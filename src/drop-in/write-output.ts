import { rename, rm, writeFile } from 'node:fs/promises';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';

/**
 * Writes a file that another program will read: whole or not at all.
 * @throws AstroJobsError `storage_failed`, `storage_full`, naming the file
 */
export async function writeOutput(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw notWritten(path, error);
  }
}

/** Why a file could not be written or removed. */
export function notWritten(path: string, error: unknown): AstroJobsError {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT')
    return new AstroJobsError('storage_failed', `Writing ${path}: there is no such folder`);
  return toAstroJobsError(error, `Writing ${path}`);
}
