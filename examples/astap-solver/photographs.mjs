// The photographs of the tests, in a folder of their own, with what the stand-in is to find in them.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const EXAMPLE = fileURLToPath(new URL('../orion.jpg', import.meta.url));
export const STAND_IN = fileURLToPath(new URL('./stand-in.mjs', import.meta.url));

/** Of the example photograph, 1800 × 1200 pixels, with row 1 at its top, as solve-field finds it. */
export const ORION = {
  wcs: {
    CRVAL1: 84.15,
    CRVAL2: -3,
    CRPIX1: 900.5,
    CRPIX2: 600.5,
    CD1_1: -0.0083028,
    CD1_2: 0.0017648,
    CD2_1: -0.0017648,
    CD2_2: -0.0083031,
  },
  height: 1200,
};

/** @returns a function that makes a copy of the example photograph with a truth beside it, and how to remove them all */
export async function photographs() {
  const folder = await mkdtemp(join(tmpdir(), 'astap-solver-'));
  const make = async (name, truth) => {
    const path = join(folder, name);
    await copyFile(EXAMPLE, path);
    if (truth) await writeFile(`${path}.truth.json`, JSON.stringify(truth));
    return { path };
  };
  return { make, folder, dispose: () => rm(folder, { recursive: true, force: true }) };
}
