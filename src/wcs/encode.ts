import { emptyPrimary } from '../fits/write-header.js';
import { wcsCards } from './cards.js';
import type { Wcs } from './wcs.js';

/** A FITS file without pixels that holds the plate solution, as solve-field's `.wcs` does; `parseWcs` reads it back to the last digit. */
export function encodeWcs(wcs: Wcs): Uint8Array {
  return emptyPrimary(wcsCards(wcs));
}
