// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { type FitsFile, type FitsHdu, openFits } from '../fits/hdu.js';
import { DECODERS } from '../image/decoders.js';
import { inspectFitsImage } from '../image/fits-pixels.js';
import type { OpenedImage } from '../image/image.js';
import { decodeError, isFirstPicture, openRaster } from '../image/raster.js';
import { AstroJobsError } from '../job/errors.js';

/** The pixels of an image as FITS has them: big-endian, first axis fastest, planes one after another. */
export interface FitsPixels {
  bitpix: 8 | 16 | 32 | 64 | -32 | -64;
  /** Lengths of the axes. */
  axes: number[];
  /** 32768 for unsigned 16-bit data. */
  bzero?: number;
  /** The values are those of the original file, its scaling and blanks included. */
  asStored: boolean;
  read(): AsyncIterable<Uint8Array>;
}

const PIECE_BYTES = 1 << 20;

export async function openPixels(image: OpenedImage, signal?: AbortSignal): Promise<FitsPixels> {
  if (image.kind === 'fits') {
    const found = await inspectFitsImage(image.path, { extension: image.unit });
    if (found.compression === undefined && !found.colourFirst)
      return storedPixels(image.path, found.hduIndex, signal);
  } else if (DECODERS[image.kind].bySharp && isFirstPicture(image)) {
    const decoded = await decodedPixels(image);
    if (decoded) return decoded;
  }
  return greyPixels(image, signal);
}

async function unitOf(file: FitsFile, index: number): Promise<FitsHdu> {
  for await (const hdu of file.hdus()) if (hdu.index === index) return hdu;
  throw new AstroJobsError('corrupt_image', 'FITS: the file has changed while it was read');
}

/** A FITS picture's own bytes, in pieces. */
async function storedPixels(path: string, index: number, signal?: AbortSignal): Promise<FitsPixels> {
  const file = await openFits(path);
  const hdu = await unitOf(file, index).finally(() => file.close());
  async function* read(): AsyncGenerator<Uint8Array> {
    const again = await openFits(path);
    try {
      const bytes = hdu.axes.reduce((product, length) => product * length, hdu.bytesPerValue);
      for (let offset = 0; offset < bytes; offset += PIECE_BYTES) {
        signal?.throwIfAborted();
        const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - offset));
        await again.readData(hdu, piece, offset);
        yield piece;
      }
    } finally {
      await again.close();
    }
  }
  const bitpix = hdu.header.number('BITPIX') as FitsPixels['bitpix'];
  return { bitpix, axes: hdu.axes, asStored: true, read };
}

/** A picture of 8 or 16 bits, plane by plane: decoded once for each, and never whole in memory. */
async function decodedPixels(image: OpenedImage): Promise<FitsPixels | undefined> {
  const { kind, width, height } = image;
  const open = () => openRaster(image, { ignoreIcc: true });
  const { depth, space } = await (await open()).metadata();
  if (depth !== 'uchar' && depth !== 'ushort') return undefined;
  const wide = depth === 'ushort';
  const grey = space === 'b-w' || space === 'grey16';
  const planes = grey ? [0] : [0, 1, 2];
  async function* read(): AsyncGenerator<Uint8Array> {
    for (const plane of planes) {
      const colour = (await open())
        .removeAlpha()
        .toColourspace(grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb');
      const picture = grey ? colour : colour.extractChannel(plane as 0 | 1 | 2);
      const bytes: AsyncIterable<Buffer> = picture.raw({ depth: wide ? 'ushort' : 'uchar' });
      try {
        yield* wide ? toSigned16(bytes) : bytes;
      } catch (thrown) {
        throw decodeError(kind, thrown);
      }
    }
  }
  return {
    bitpix: wide ? 16 : 8,
    axes: grey ? [width, height] : [width, height, 3],
    ...(wide && { bzero: 32_768 }),
    asStored: false,
    read,
  };
}

/** Little-endian unsigned to big-endian signed, offset by BZERO; a value may be cut in two by the chunks. */
async function* toSigned16(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk);
    const whole = bytes.length - (bytes.length % 2);
    rest = Buffer.from(bytes.subarray(whole));
    const values = bytes.subarray(0, whole).swap16();
    // `at` is inside the whole values.
    for (let at = 0; at < whole; at += 2) values[at]! ^= 0x80;
    yield values;
  }
}

/** Anything else, as one plane of brightness. */
async function greyPixels(image: OpenedImage, signal?: AbortSignal): Promise<FitsPixels> {
  const { data, width, height } = await image.grey(1, signal);
  const shared = { axes: [width, height], asStored: false };
  if (data instanceof Uint8Array) return { ...shared, bitpix: 8, read: () => pieces(data) };
  if (data instanceof Uint16Array) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return { ...shared, bitpix: 16, bzero: 32_768, read: () => toSigned16(pieces(bytes)) };
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { ...shared, bitpix: -32, read: () => swapped32(pieces(bytes)) };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES)
    yield Buffer.from(bytes.subarray(at, at + PIECE_BYTES));
}

async function* swapped32(chunks: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield chunk.swap32();
}
