import { openFits } from '../fits/hdu.js';
import { parseWcs } from './parse.js';
import type { Wcs } from './wcs.js';

/**
 * The plate solution in a FITS file: a solver's `.wcs`, or an image that was solved.
 * @throws AstroJobsError `image_not_found`, `corrupt_image` when it is damaged, `unsupported_image` for another projection or none
 */
export async function readWcs(input: string | Uint8Array): Promise<Wcs> {
  const fits = await openFits(input);
  try {
    let failure: unknown;
    for await (const { header } of fits.hdus()) {
      try {
        return parseWcs(header);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  } finally {
    await fits.close();
  }
}
