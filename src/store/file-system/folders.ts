import {
  chmod,
  constants,
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  rmdir,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { noPlace } from '../../process/folders.js';
import { isMissing, unlessMissing } from './missing.js';
import { isShared } from './modes.js';

/** A real folder; a symbolic link to one is not. */
export async function isFolder(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path), undefined))?.isDirectory() ?? false;
}

/**
 * Makes a folder and those above it. What stands there must be a folder of its own: through a symbolic link another user
 * would decide where jobs are written.
 * @throws AstroJobsError `storage_failed`
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const made = await mkdirOnce(path, mode).catch(async (error: NodeJS.ErrnoException) => {
    // Not at once: on a read-only disk a recursive mkdir says that a folder is missing.
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), mode);
    return mkdirOnce(path, mode).catch((again: unknown) => {
      throw isMissing(again) ? noPlace(path) : again;
    });
  });
  if (made) {
    if (isShared(mode)) await chmod(path, mode);
  } else if (!(await isFolder(path))) {
    throw new AstroJobsError(
      'storage_failed',
      `${basename(path)} in the jobs directory is no folder of its own; remove what has been put in its place`,
    );
  }
}

/**
 * That there is a folder, or that one could be made there, which is tried beside the place of the first folder that is missing.
 * @throws AstroJobsError `storage_failed`; errors of the file system
 */
export async function assertHoldsFolders(path: string): Promise<void> {
  const there = await unlessMissing(stat(path), undefined);
  if (there?.isDirectory()) return;
  if (there) throw new AstroJobsError('storage_failed', `${path} is a file, not a folder`);
  let above = dirname(path);
  while (!(await exists(above))) above = dirname(above);
  try {
    await rmdir(await mkdtemp(join(above, '.probe-')));
  } catch (error) {
    const doing = `${path} is not there and cannot be made`;
    const { message } = isMissing(error)
      ? { message: `${doing}: the file system there takes no folders` }
      : toAstroJobsError(error, doing);
    throw new AstroJobsError('storage_failed', message, { cause: error });
  }
}

/** `false`: something stands there already, perhaps since this moment. */
async function mkdirOnce(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path), undefined)) !== undefined;
}

/** Makes the entries of a folder survive a power cut. Not every file system can; those that cannot say so by these errors. */
export async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY);
    await handle.sync();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'EISDIR' && code !== 'EPERM') throw error;
  } finally {
    await handle?.close();
  }
}
