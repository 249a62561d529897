import { IndexFileError } from '../../engine/index-file/error.js';
import { openIndexFile } from '../../engine/index-file/index-file.js';
import { openFileBytes } from '../../solver/builtin/file-bytes.js';
import { type InstalledIndex, readIndex } from '../../solver/indexes/installed.js';

/** An index file that is whole, or what is wrong with it. */
export type CheckedFile = { index: InstalledIndex; problem?: undefined } | { problem: string };

/**
 * Reads all headers of an index file and sees that what they describe is there. What only our engine cannot read
 * (`unsupported`) is no damage: solve-field may use it.
 */
export async function checkIndexFile(path: string): Promise<CheckedFile> {
  const index = await readIndex(path);
  if (index === undefined) return { problem: 'it is no index file of astrometry.net' };
  try {
    const source = openFileBytes(path);
    try {
      openIndexFile(source).close();
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof IndexFileError)) return { problem: (error as Error).message };
    if (error.reason !== 'unsupported') return { problem: error.message };
  }
  return { index };
}
