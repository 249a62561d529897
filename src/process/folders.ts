import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A new folder of that name, or with a number after it when there is one already. */
export async function makeFolder(parent: string, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(parent, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
