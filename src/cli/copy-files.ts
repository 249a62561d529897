import { mkdir } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import type { AstroJobs } from '../astro-jobs.js';
import { AstroJobsError } from '../job/errors.js';
import { safeFileName } from '../job/safe-name.js';
import { writeJobFile } from './write-job-file.js';

/** Gives each image a folder for what its job has left, named after it; another image of the same name gets a number behind. */
export class ImageFolders {
  readonly #output: string;
  readonly #taken = new Set<string>();

  constructor(output: string) {
    this.#output = resolve(output);
  }

  /**
   * Copies what a job has left.
   * @returns the folder
   * @throws AstroJobsError `storage_failed`
   */
  async copy(jobs: AstroJobs, id: string, image: string, signal: AbortSignal): Promise<string> {
    const folder = this.#folderFor(image);
    await mkdir(folder, { recursive: true }).catch((cause: Error) => {
      throw new AstroJobsError('storage_failed', `${folder} cannot be made: ${cause.message}`, { cause });
    });
    for (const file of await jobs.files(id)) await writeJobFile(file, join(folder, file.name), signal);
    return folder;
  }

  #folderFor(image: string): string {
    const name = safeFileName(parse(image).name);
    let folder = join(this.#output, name);
    for (let number = 2; this.#taken.has(folder); number += 1)
      folder = join(this.#output, `${name}-${number}`);
    this.#taken.add(folder);
    return folder;
  }
}
