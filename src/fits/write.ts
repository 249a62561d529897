// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { endianness } from 'node:os';
import { AstroJobsError } from '../job/errors.js';
import type { FitsCard } from './card.js';
import { card, headerBytes, paddingBytes, withoutStructure } from './write-header.js';

/** Pixels are turned into bytes in pieces of this many values. */
const PIECE_VALUES = 1 << 18;

type Pixels = Uint8Array | Uint16Array | Float32Array;

/** A picture to be written: its planes, each row by row in the order of the file. */
export interface FitsPicture {
  width: number;
  height: number;
  /** One plane, or three (red, green, blue); all of one type. */
  planes: readonly Pixels[];
}

/** Values of this machine as big-endian bytes; unsigned 16-bit ones as signed, for BZERO = 32768. */
function pixelBytes(values: Pixels): Buffer {
  const bytes = Buffer.from(
    Uint8Array.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  if (endianness() === 'LE' && values.BYTES_PER_ELEMENT === 2) bytes.swap16();
  if (endianness() === 'LE' && values.BYTES_PER_ELEMENT === 4) bytes.swap32();
  // Both halves of every value are there.
  if (values.BYTES_PER_ELEMENT === 2) for (let i = 0; i < bytes.length; i += 2) bytes[i]! ^= 0x80;
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
