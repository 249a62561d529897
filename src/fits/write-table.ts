// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { AstroJobsError } from '../job/errors.js';
import type { FitsCard } from './card.js';
import { card, emptyPrimary, headerBytes, paddingBytes } from './write-header.js';

/** One column of a table to be written: one number a row. */
export interface TableColumn {
  name: string;
  /** `E` for 32-bit, `D` for 64-bit floats, `J` for 32-bit integers. */
  format: 'E' | 'D' | 'J';
  values: ArrayLike<number>;
  unit?: string;
}

/** Stars that were found, brightest first. Positions follow the FITS convention: (1, 1) is the centre of the first pixel. */
export interface SourceList {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  flux?: ArrayLike<number>;
  background?: ArrayLike<number>;
}

/**
 * A FITS file with one binary table.
 * @param cards more cards for the primary header.
 */
export function tableFits(columns: readonly TableColumn[], cards: readonly FitsCard[] = []): Buffer {
  const rows = columns[0]?.values.length ?? 0;
  if (columns.some(({ values }) => values.length !== rows))
    throw new AstroJobsError('internal', 'A table has columns of different lengths');
  const rowBytes = columns.reduce((sum, { format }) => sum + (format === 'D' ? 8 : 4), 0);
  const data = Buffer.alloc(rows * rowBytes);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const { format, values } of columns) {
      // All columns have this row.
      const value = values[row]!;
      if (format === 'D') at = data.writeDoubleBE(value, at);
      else at = format === 'E' ? data.writeFloatBE(value, at) : data.writeInt32BE(value, at);
    }
  }
  const extension = headerBytes([
    card('XTENSION', 'BINTABLE', 'binary table'),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', rowBytes, 'bytes in a row'),
    card('NAXIS2', rows, 'rows'),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', columns.length),
    ...columns.flatMap(({ name, format, unit }, i) => [
      card(`TTYPE${i + 1}`, name),
      card(`TFORM${i + 1}`, `1${format}`),
      ...(unit === undefined ? [] : [card(`TUNIT${i + 1}`, unit)]),
    ]),
  ]);
  return Buffer.concat([emptyPrimary(cards), extension, data, paddingBytes(data.length)]);
}

/**
 * A table of stars, as solve-field reads it in place of an image: columns X, Y and, when given, FLUX and BACKGROUND.
 * @param cards more cards for the primary header.
 */
export function sourceListFits(
  { x, y, flux, background }: SourceList,
  format: 'E' | 'D' = 'D',
  cards: readonly FitsCard[] = [],
): Buffer {
  const columns: TableColumn[] = [
    { name: 'X', format, values: x },
    { name: 'Y', format, values: y },
  ];
  if (flux) columns.push({ name: 'FLUX', format, values: flux });
  if (background) columns.push({ name: 'BACKGROUND', format, values: background });
  return tableFits(columns, cards);
}
