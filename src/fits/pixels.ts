// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { endianness } from 'node:os';
import type { FitsFile, FitsHdu } from './hdu.js';
import type { FitsHeader } from './header.js';

/** Rows of one plane, as physical values (BZERO, BSCALE, BLANK applied); NaN where there is none. */
export type RowReader = (plane: number, firstRow: number, rows: number) => Promise<Float32Array>;

/** How many bytes are read at once when a whole plane is wanted. */
const PIECE_BYTES = 1 << 22;

export type RawValues = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

const VIEWS = {
  8: Uint8Array,
  16: Int16Array,
  32: Int32Array,
  64: BigInt64Array,
  [-32]: Float32Array,
  [-64]: Float64Array,
} as const;

/** Big-endian bytes as values of this machine, in place. The buffer must be its own, since typed arrays are aligned. */
export function rawValues(bytes: Buffer, bitpix: number): RawValues {
  const View = VIEWS[bitpix as keyof typeof VIEWS];
  if (endianness() === 'LE') {
    if (View.BYTES_PER_ELEMENT === 2) bytes.swap16();
    else if (View.BYTES_PER_ELEMENT === 4) bytes.swap32();
    else if (View.BYTES_PER_ELEMENT === 8) bytes.swap64();
  }
  return new View(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / View.BYTES_PER_ELEMENT);
}

/** Stored value → physical value: BZERO + BSCALE·value, or NaN for BLANK (FITS 4.0, 4.4.2.5). */
export interface Scaling {
  bitpix: number;
  bzero: number;
  bscale: number;
  /** Only integers have one. */
  blank?: number;
}

/** The scaling that a header states; `Z` keywords take precedence in a compressed image. */
export function pixelDecoder(header: FitsHeader, bitpix: number = header.number('BITPIX') ?? 0): Scaling {
  const blank = bitpix > 0 ? (header.number('ZBLANK') ?? header.number('BLANK')) : undefined;
  const bscale = header.number('BSCALE') ?? 1;
  // A scale of zero is a mistake that would make every picture black.
  const scaling: Scaling = { bitpix, bzero: header.number('BZERO') ?? 0, bscale: bscale === 0 ? 1 : bscale };
  return blank === undefined ? scaling : { ...scaling, blank };
}

/** Physical values into `target`; infinite ones count as none. */
export function toPhysical(raw: RawValues | ArrayLike<number>, scaling: Scaling, target: Float32Array): void {
  const { bzero, bscale, blank = Number.NaN } = scaling;
  const values = raw instanceof BigInt64Array ? Float64Array.from(raw, Number) : raw;
  // `raw` is as long as `target`.
  for (let i = 0; i < target.length; i++) {
    const value = values[i]!;
    const physical = Math.fround(bzero + bscale * value);
    target[i] = value === blank || physical - physical !== 0 ? Number.NaN : physical;
  }
}

/** Reads rows of an image that is not compressed. */
export function plainReader(
  file: FitsFile,
  hdu: FitsHdu,
  width: number,
  height: number,
  scaling: Scaling,
): RowReader {
  const rowBytes = width * hdu.bytesPerValue;
  return async (plane, firstRow, rows) => {
    const bytes = Buffer.allocUnsafeSlow(rows * rowBytes);
    await file.readData(hdu, bytes, (plane * height + firstRow) * rowBytes);
    const values = new Float32Array(rows * width);
    toPhysical(rawValues(bytes, scaling.bitpix), scaling, values);
    return values;
  };
}

/** The first plane in the smallest type that holds it exactly, when that is an unsigned one; undefined otherwise. */
export async function exactPlane(
  file: FitsFile,
  hdu: FitsHdu,
  pixels: number,
  signal?: AbortSignal,
): Promise<Uint8Array | Uint16Array | undefined> {
  const { bitpix, bzero, bscale, blank } = pixelDecoder(hdu.header);
  const is8 = bitpix === 8 && bzero === 0;
  const is16 = bitpix === 16 && bzero === 32768;
  if (!(is8 || is16) || bscale !== 1 || blank !== undefined) return undefined;
  const bytes = Buffer.allocUnsafeSlow(pixels * hdu.bytesPerValue);
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
    signal?.throwIfAborted();
    await file.readData(hdu, bytes.subarray(offset, offset + PIECE_BYTES), offset);
  }
  if (is8) return new Uint8Array(bytes.buffer);
  rawValues(bytes, 16);
  const unsigned = new Uint16Array(bytes.buffer);
  // Adding 32768 to a signed value turns its highest bit.
  for (let i = 0; i < unsigned.length; i++) unsigned[i]! ^= 0x8000;
  return unsigned;
}
