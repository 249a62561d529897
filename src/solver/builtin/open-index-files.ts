import { IndexFiles, type IndexFilesOptions } from '../../engine/index-source/index-files.js';
import { openFileBytes } from './file-bytes.js';

/**
 * astrometry.net's index files as a source of indexes for the engine. Reading them blocks: it is for worker threads. Nothing is opened
 * before an image needs it; a file that cannot be read or used is told to `onFailure` by its path, and left out.
 */
export function openIndexFiles(paths: readonly string[], options: IndexFilesOptions = {}): IndexFiles {
  const places = paths.map((path) => ({ name: path, open: () => openFileBytes(path) }));
  return new IndexFiles(places, options);
}
