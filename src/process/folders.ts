import { mkdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AstroJobsError } from '../job/errors.js';

/** A new folder of that name, or with a number after it when there is one already. */
export async function makeFolder(parent: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
}

const isCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;

/** For a folder that is refused although what is above it is there. */
export const noPlace = (path: string): AstroJobsError =>
  new AstroJobsError(
    'storage_failed',
    `${JSON.stringify(path)} cannot be made: the file system there takes no folders`,
  );

/**
 * Makes a folder and those above it, unless something stands there. Not by Node's `recursive`, which tries for ever where a file
 * system denies that the folder is there which it just refused to make, as /proc does.
 * @throws AstroJobsError `storage_failed` there; errors of `mkdir`
 */
export async function makePath(path: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    if (!isCode(error, 'ENOENT')) throw error;
    await makePath(dirname(path), mode);
    await mkdir(path, { mode }).catch((again: unknown) => {
      if (isCode(again, 'ENOENT')) throw noPlace(path);
      if (!isCode(again, 'EEXIST')) throw again;
    });
  }
}

/** As `makePath`, for the start of a program. */
export function makePathSync(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    if (!isCode(error, 'ENOENT') || dirname(path) === path) throw error;
    makePathSync(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}
