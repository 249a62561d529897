import { endianness } from 'node:os';
import { AstroJobsError } from '../job/errors.js';
import type { FitsCard } from './card.js';
import { BLOCK_BYTES } from './hdu.js';
import { formatCards } from './write-card.js';

/** Pixels are turned into bytes in pieces of this many values. */
const PIECE_VALUES = 1 << 18;

/** Keywords that describe the bytes of a file; they are never taken over from another one. */
const STRUCTURAL =
  /^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|GROUPS|PCOUNT|GCOUNT|TFIELDS|THEAP|BZERO|BSCALE|BLANK|END|CONTINUE|CHECKSUM|DATASUM|INHERIT|EXTNAME|T(FORM|TYPE|UNIT|NULL|SCAL|ZERO|DISP|DIM|BCOL)\d+|Z(IMAGE|CMPTYPE|BITPIX|NAXIS\d*|TILE\d+|NAME\d+|VAL\d+|QUANTIZ|DITHER0|BLANK|SCALE|ZERO|SIMPLE|TENSION|EXTEND|PCOUNT|GCOUNT|HECKSUM|DATASUM))$/;

type Pixels = Uint8Array | Uint16Array | Float32Array;

/** Stars that were found, brightest first. Positions follow the FITS convention: (1, 1) is the centre of the first pixel. */
export interface SourceList {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  flux?: ArrayLike<number>;
  background?: ArrayLike<number>;
}

/** A picture to be written: its planes, each row by row in the order of the file. */
export interface FitsPicture {
  width: number;
  height: number;
  /** One plane, or three (red, green, blue); all of one type. */
  planes: readonly Pixels[];
}

const card = (keyword: string, value: FitsCard['value'], comment = ''): FitsCard => ({
  keyword,
  value,
  comment,
});

function headerBytes(cards: readonly FitsCard[]): Buffer {
  const text = `${formatCards(cards)}${'END'.padEnd(80)}`;
  return Buffer.from(text.padEnd(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES), 'latin1');
}

function paddingBytes(dataBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (dataBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** Cards without those that describe the structure of the file that they come from. */
export function withoutStructure(cards: readonly FitsCard[]): FitsCard[] {
  return cards.filter(({ keyword }) => !STRUCTURAL.test(keyword));
}

/**
 * A FITS file with a binary table of stars, as solve-field reads it in place of an image: columns X, Y and, when given,
 * FLUX and BACKGROUND.
 * @param format `E` for 32-bit, `D` for 64-bit floats.
 * @param cards more cards for the primary header.
 */
export function sourceListFits(
  sources: SourceList,
  format: 'E' | 'D' = 'D',
  cards: readonly FitsCard[] = [],
): Buffer {
  const columns = [
    ['X', sources.x],
    ['Y', sources.y],
    ['FLUX', sources.flux],
    ['BACKGROUND', sources.background],
  ].filter((column): column is [string, ArrayLike<number>] => column[1] !== undefined);
  const rows = sources.x.length;
  if (columns.some(([, values]) => values.length !== rows)) {
    throw new AstroJobsError('internal', 'A list of sources has columns of different lengths');
  }
  const bytes = format === 'E' ? 4 : 8;
  const data = Buffer.alloc(rows * columns.length * bytes);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const [, values] of columns) {
      at = format === 'E' ? data.writeFloatBE(values[row], at) : data.writeDoubleBE(values[row], at);
    }
  }
  const primary = headerBytes([
    card('SIMPLE', true, 'FITS standard'),
    card('BITPIX', 8),
    card('NAXIS', 0),
    card('EXTEND', true),
    ...withoutStructure(cards),
  ]);
  const extension = headerBytes([
    card('XTENSION', 'BINTABLE', 'binary table'),
    card('BITPIX', 8),
    card('NAXIS', 2),
    card('NAXIS1', columns.length * bytes, 'bytes in a row'),
    card('NAXIS2', rows, 'rows'),
    card('PCOUNT', 0),
    card('GCOUNT', 1),
    card('TFIELDS', columns.length),
    ...columns.flatMap(([name], i) => [card(`TTYPE${i + 1}`, name), card(`TFORM${i + 1}`, `1${format}`)]),
  ]);
  return Buffer.concat([primary, extension, data, paddingBytes(data.length)]);
}

/** Values of this machine as big-endian bytes; unsigned 16-bit ones as signed, for BZERO = 32768. */
function pixelBytes(values: Pixels): Buffer {
  const bytes = Buffer.from(
    Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  if (endianness() === 'LE' && values.BYTES_PER_ELEMENT === 2) bytes.swap16();
  if (endianness() === 'LE' && values.BYTES_PER_ELEMENT === 4) bytes.swap32();
  if (values.BYTES_PER_ELEMENT === 2) for (let i = 0; i < bytes.length; i += 2) bytes[i] ^= 0x80;
  return bytes;
}

/**
 * A FITS file with one picture, piece by piece, so that it can be streamed (`Readable.from`) or joined
 * (`Buffer.concat([...imageFits(…)])`): 8-bit, unsigned 16-bit or 32-bit float pixels.
 * @param cards more cards, such as those of the plate solution; structural ones among them are left out.
 */
export function* imageFits(picture: FitsPicture, cards: readonly FitsCard[] = []): Generator<Buffer> {
  const { width, height, planes } = picture;
  const [first] = planes;
  const sound = first !== undefined && planes.every((plane) => plane.length === width * height);
  if (!sound || planes.some((plane) => plane.BYTES_PER_ELEMENT !== first.BYTES_PER_ELEMENT)) {
    throw new AstroJobsError(
      'internal',
      `A picture of ${width} by ${height} pixels has planes of other sizes`,
    );
  }
  const bits = 8 * first.BYTES_PER_ELEMENT;
  yield headerBytes([
    card('SIMPLE', true, 'FITS standard'),
    card('BITPIX', first instanceof Float32Array ? -bits : bits, 'bits per pixel'),
    card('NAXIS', planes.length > 1 ? 3 : 2, 'number of axes'),
    card('NAXIS1', width, 'columns'),
    card('NAXIS2', height, 'rows'),
    ...(planes.length > 1 ? [card('NAXIS3', planes.length, 'planes')] : []),
    ...(first instanceof Uint16Array ? [card('BZERO', 32768, 'unsigned 16-bit'), card('BSCALE', 1)] : []),
    ...withoutStructure(cards),
  ]);
  for (const plane of planes) {
    for (let start = 0; start < plane.length; start += PIECE_VALUES) {
      yield pixelBytes(plane.subarray(start, start + PIECE_VALUES));
    }
  }
  yield paddingBytes(planes.length * first.byteLength);
}
