import type { CardValue } from '../fits/card.js';
import { sourceListFits } from '../fits/write.js';
import { headerBytes, paddedBytes } from './header-bytes.js';

/** A FITS file with a binary table of RA and Dec in degrees, 64-bit floats. */
export function skyTableFits(ra_deg: ArrayLike<number>, dec_deg: ArrayLike<number>): Buffer {
  const rows = ra_deg.length;
  const rowBytes = 16;
  const card = (keyword: string, value: CardValue) => ({ keyword, value, comment: '' });
  const primary = [card('SIMPLE', true), card('BITPIX', 8), card('NAXIS', 0), card('EXTEND', true)];
  const columns = ['RA', 'DEC'].flatMap((name, index) => [
    card(`TTYPE${index + 1}`, name),
    card(`TFORM${index + 1}`, '1D'),
    card(`TUNIT${index + 1}`, 'deg'),
  ]);
  const extension = [
    card('XTENSION', 'BINTABLE'),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', rowBytes),
    card('NAXIS2', rows),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', 2),
    ...columns,
  ];
  const data = Buffer.alloc(paddedBytes(rows * rowBytes));
  for (let row = 0; row < rows; row++) {
    data.writeDoubleBE(ra_deg[row]!, row * rowBytes);
    data.writeDoubleBE(dec_deg[row]!, row * rowBytes + 8);
  }
  return Buffer.concat([headerBytes(primary), headerBytes(extension), data]);
}

/** Stars that somebody else has found, brightest first, as a file that can be submitted like an image. Pixels as in FITS. */
export function encodeSourceList(stars: {
  x: readonly number[];
  y: readonly number[];
  flux?: readonly number[];
}): Uint8Array {
  // Falling, so that whoever sorts by it keeps the order in which they came.
  const flux = stars.flux ?? stars.x.map((_, index) => stars.x.length - index);
  return sourceListFits({ ...stars, flux }, 'E');
}
