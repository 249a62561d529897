import { sourceListFits, tableFits } from '../fits/write-table.js';

/** A FITS file with a binary table of RA and Dec in degrees, 64-bit floats. */
export function skyTableFits(ra_deg: ArrayLike<number>, dec_deg: ArrayLike<number>): Buffer {
  return tableFits([
    { name: 'RA', format: 'D', values: ra_deg, unit: 'deg' },
    { name: 'DEC', format: 'D', values: dec_deg, unit: 'deg' },
  ]);
}

/** Stars that another program has found, brightest first, as a file that can be submitted like an image. Pixels as in FITS. */
export function encodeSourceList(stars: {
  x: readonly number[];
  y: readonly number[];
  flux?: readonly number[];
}): Uint8Array {
  // Falling, so that a reader that sorts by it keeps the order in which they came.
  const flux = stars.flux ?? stars.x.map((_, index) => stars.x.length - index);
  return sourceListFits({ ...stars, flux }, 'E');
}
