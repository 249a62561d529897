import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderPictures, globPictures } from '../image/folder-pictures.js';
import { AstroJobsError } from '../job/errors.js';

/** What a shell would have made names of, had it found any. */
const PATTERN = /[*?[{]/;

/**
 * The images that a command was given, that of `--image` first. A folder stands for the pictures in it, and a pattern that the shell left
 * alone, such as `'night/*.fit'`, for the files that it fits. What stands for nothing stays, and is refused as a file would be.
 * @throws AstroJobsError `invalid_params` when there is none
 */
export async function imagesOf(
  args: readonly string[],
  { image }: { image?: string },
): Promise<readonly string[]> {
  const expanded = await Promise.all(args.map(expand));
  const images = [...(image === undefined ? [] : [image]), ...expanded.flat()];
  if (images.length > 0) return images;
  throw new AstroJobsError(
    'invalid_params',
    'an image is missing: name one, such as M42.jpg, or give --image <path>',
  );
}

async function expand(given: string): Promise<string[]> {
  if (given === '-') return [given];
  const found = await stat(given).catch(() => undefined);
  const files = found?.isDirectory()
    ? (await folderPictures(given)).map((file) => join(given, file))
    : !found && PATTERN.test(given)
      ? await globPictures(given)
      : [];
  return files.length > 0 ? files : [given];
}
