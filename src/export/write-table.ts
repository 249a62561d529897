import { formatCards, headerBytes, paddedBytes } from './write-cards.js';

export interface Column {
  name: string;
  unit?: string;
  values: ArrayLike<number>;
}

const PRIMARY = [
  ...formatCards('SIMPLE', true),
  ...formatCards('BITPIX', 8),
  ...formatCards('NAXIS', 0),
  ...formatCards('EXTEND', true),
];

/** A FITS file with one binary table of numbers: of type E (single) or D (double). */
export function writeTable(columns: readonly Column[], type: 'E' | 'D'): Buffer {
  const width = type === 'E' ? 4 : 8;
  const rows = columns[0]?.values.length ?? 0;
  const rowBytes = width * columns.length;
  const extension = [
    ...formatCards('XTENSION', 'BINTABLE'),
    ...formatCards('BITPIX', 8),
    ...formatCards('NAXIS', 2),
    ...formatCards('NAXIS1', rowBytes),
    ...formatCards('NAXIS2', rows),
    ...formatCards('PCOUNT', 0),
    ...formatCards('GCOUNT', 1),
    ...formatCards('TFIELDS', columns.length),
    ...columns.flatMap(({ name, unit }, index) => [
      ...formatCards(`TTYPE${index + 1}`, name),
      ...formatCards(`TFORM${index + 1}`, `1${type}`),
      ...(unit === undefined ? [] : formatCards(`TUNIT${index + 1}`, unit)),
    ]),
  ];
  const data = Buffer.alloc(paddedBytes(rows * rowBytes));
  columns.forEach(({ values }, index) => {
    for (let row = 0; row < rows; row++) {
      const at = row * rowBytes + index * width;
      if (type === 'E') data.writeFloatBE(values[row]!, at);
      else data.writeDoubleBE(values[row]!, at);
    }
  });
  return Buffer.concat([headerBytes(PRIMARY), headerBytes(extension), data]);
}

/** Stars that somebody else has found, brightest first, as a file that can be submitted like an image. Pixels as in FITS. */
export function encodeSourceList(stars: {
  x: readonly number[];
  y: readonly number[];
  flux?: readonly number[];
}): Uint8Array {
  // Falling, so that whoever sorts by it keeps the order in which they came.
  const flux = stars.flux ?? stars.x.map((_, index) => stars.x.length - index);
  return writeTable(
    [
      { name: 'X', unit: 'pix', values: stars.x },
      { name: 'Y', unit: 'pix', values: stars.y },
      { name: 'FLUX', values: flux },
      { name: 'BACKGROUND', values: new Float32Array(stars.x.length) },
    ],
    'E',
  );
}
