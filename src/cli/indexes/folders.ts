import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defaultIndexDirs, defaultSolveField } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import { makePath } from '../../process/folders.js';
import { findProgram } from '../../process/program.js';
import { lookForIndexes } from '../../solver/indexes/places.js';
import { onDisk } from './on-disk.js';

/** A folder where index files are looked for. */
export interface IndexFolder {
  path: string;
  from: 'option' | 'ASTRO_INDEX_DIRS' | 'configuration';
  writable: boolean;
}

/**
 * The folders of index files, the caller's own first, and the FITS files in all of them.
 * @param dirs folders besides those of solve-field's configuration, instead of those of ASTRO_INDEX_DIRS
 */
export async function lookAround(
  dirs: readonly string[] | undefined,
): Promise<{ folders: IndexFolder[]; paths: string[] }> {
  const program = await findProgram(defaultSolveField());
  const own = [...new Set((dirs ?? defaultIndexDirs()).map((dir) => resolve(dir)))];
  const { folders, paths } = await lookForIndexes({ ...(program && { program }), dirs: own });
  const described = async (path: string, from: IndexFolder['from']): Promise<IndexFolder> => ({
    path,
    from,
    writable: await isWritable(path),
  });
  return {
    folders: await Promise.all([
      ...own.map((path) => described(path, dirs === undefined ? 'ASTRO_INDEX_DIRS' : 'option')),
      ...folders.filter((path) => !own.includes(path)).map((path) => described(path, 'configuration')),
    ]),
    paths,
  };
}

const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

/**
 * Where index files are to be put: the folder that was given, made if need be, or the first index folder that can be written to.
 * @throws AstroJobsError `storage_failed` when there is none
 */
export async function folderToInstallInto(
  given: string | undefined,
  folders: readonly IndexFolder[],
): Promise<string> {
  if (given !== undefined) {
    const folder = resolve(given);
    await onDisk(folder, () => makePath(folder));
    return folder;
  }
  for (const { path, writable } of folders)
    if (writable && (await stat(path).catch(() => undefined))?.isDirectory()) return path;
  const known = folders.map(({ path }) => path).join(', ');
  throw new AstroJobsError(
    'storage_failed',
    known === ''
      ? 'No folder for index files is known; name one by --to, and in ASTRO_INDEX_DIRS'
      : `This user can write to no folder of index files (${known}); name another by --to, and in ASTRO_INDEX_DIRS`,
  );
}
