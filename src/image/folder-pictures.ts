import { readdir } from 'node:fs/promises';
import { isPictureName } from './extensions.js';
import { fileError } from './file.js';

export interface FolderOptions {
  /** Look into the folders inside it, too. @default false */
  recursive?: boolean;
}

/** Loaded when it is called for: few programs that import this library look through folders. */
const loadGlob = async () => (await import('tinyglobby')).glob;

const byName = new Intl.Collator('en', { numeric: true }).compare;

/**
 * The pictures in a folder, known by their names (`isPictureName`), without hidden ones: paths relative to it with `/` between, in
 * the order in which people count (`light-2` before `light-10`).
 * @throws AstroJobsError `image_not_found`, `storage_failed` for a folder that is not there or cannot be read
 */
export async function folderPictures(
  folder: string,
  { recursive = false }: FolderOptions = {},
): Promise<string[]> {
  try {
    if (!recursive) {
      const entries = await readdir(folder, { withFileTypes: true });
      const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
      return names.filter((name) => !name.startsWith('.') && isPictureName(name)).sort(byName);
    }
    await readdir(folder);
    const glob = await loadGlob();
    return (await glob('**/*', { cwd: folder })).filter(isPictureName).sort(byName);
  } catch (thrown) {
    throw fileError(folder, thrown);
  }
}

/** The files that a pattern such as `night/*.fit` or `night/**` with any name stands for, relative to the current folder unless it is absolute. */
export async function globPictures(pattern: string): Promise<string[]> {
  const glob = await loadGlob();
  return (await glob(pattern, { expandDirectories: false })).sort(byName);
}
