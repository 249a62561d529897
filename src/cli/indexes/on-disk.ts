import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';

/** What the folder refuses, in words about it. */
export async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = toAstroJobsError(error, folder);
    if (code !== 'storage_full' && code !== 'storage_failed') throw error;
    const errno = (error as NodeJS.ErrnoException).code ?? '';
    const why =
      code === 'storage_full'
        ? `there is no space for it (${errno}); free some, or name another folder by --to`
        : `it cannot be written to (${errno}); name another folder by --to, or type this as a user who may`;
    throw new AstroJobsError(code, `${folder}: ${why}`, { cause: error });
  }
}
