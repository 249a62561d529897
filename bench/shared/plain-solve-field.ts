import { chmod, copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeader } from '../../src/fits/header.js';
import { type FieldGeometry, fieldGeometry } from '../../src/wcs/geometry.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { runTimed, type TimedRun } from './timed-program.js';

export interface PlainRun extends TimedRun {
  /** Where it says the image lies; absent when it did not solve it. */
  field?: FieldGeometry;
}

/**
 * solve-field as people run it by hand, `--no-plots --downsample 2`, ended after `timeout` seconds.
 * @param bounds options that bound scale and position; none for a blind run
 * @param folder where its own scratch folder is made
 */
export async function runPlainSolveField(
  path: string,
  bounds: readonly string[],
  { folder, timeout }: { folder: string; timeout: number },
): Promise<PlainRun> {
  const scratch = await mkdtemp(join(folder, 'plain-'));
  try {
    // Its outputs are named after the image; a fixed name tells where they are.
    const image = join(scratch, /\.(fits|fit|fts)(\.gz|\.fz)?$/i.test(path) ? 'image.fits' : 'image.jpg');
    await copyFile(path, image);
    await chmod(image, 0o644);
    const own = ['--no-plots', '--downsample', '2', '--temp-dir', scratch, '--cpulimit', String(timeout)];
    const run = await runTimed(['solve-field', ...own, ...bounds, image], { cwd: scratch, timeout });
    const solved = await stat(join(scratch, 'image.solved')).then(
      () => true,
      () => false,
    );
    if (!solved) return run;
    const wcs = parseWcs(parseHeader(await readFile(join(scratch, 'image.wcs'))));
    return { ...run, ...(wcs && { field: fieldGeometry(wcs, { rowOrder: 'top-down' }) }) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
