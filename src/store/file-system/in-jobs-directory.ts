import { toAstroJobsError } from '../../job/errors.js';

/**
 * Does something with the files of a jobs directory.
 *
 * @param doing for a person: `reading the job`
 * @throws AstroJobsError `storage_full`, `storage_failed` for what the file system says; one that `act` throws as it is
 */
export async function inJobsDirectory<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toAstroJobsError(error, `${doing} in the jobs directory`);
  }
}
