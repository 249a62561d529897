// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { corruptImage, unsupportedImage } from './errors.js';
import { type ByteReader, withImageFile } from './file.js';
import type { GreyImage, MeasuredImage } from './image.js';
import { BlockMean } from './shrink.js';

const BI_RGB = 0;
const BI_BITFIELDS = 3;
const BI_ALPHABITFIELDS = 6;

/** An uncompressed Windows or OS/2 bitmap, as its header describes it. */
interface Bmp {
  width: number;
  height: number;
  /** Whether the first row of the file is the uppermost one; in most it is the lowest. */
  topDown: boolean;
  bitsPerPixel: 1 | 4 | 8 | 16 | 24 | 32;
  rowBytes: number;
  pixelsAt: number;
  /** Grey of each palette index, for 8 bits and fewer. */
  palette: Uint8Array;
  /** Bit masks of red, green and blue, for 16 and 32 bits. */
  masks: [number, number, number];
}

async function readBmp(file: ByteReader): Promise<Bmp> {
  const head = await file.read(0, 14 + 124);
  if (head.length < 26) throw corruptImage('its BMP header is cut off');
  const headerBytes = head.readUInt32LE(14);
  const os2 = headerBytes === 12;
  if (head.length < 14 + Math.min(headerBytes, 124)) throw corruptImage('its BMP header is cut off');
  const width = os2 ? head.readUInt16LE(18) : head.readInt32LE(18);
  const signedHeight = os2 ? head.readUInt16LE(20) : head.readInt32LE(22);
  const bitsPerPixel = head.readUInt16LE(os2 ? 24 : 28);
  const compression = os2 ? BI_RGB : head.readUInt32LE(30);
  if (compression !== BI_RGB && compression !== BI_BITFIELDS && compression !== BI_ALPHABITFIELDS) {
    throw unsupportedImage('a compressed BMP', 'save it as PNG or as an uncompressed BMP');
  }
  if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel)) {
    throw corruptImage(`its BMP header claims ${bitsPerPixel} bits per pixel`);
  }
  const bits = bitsPerPixel as Bmp['bitsPerPixel'];
  const masks: Bmp['masks'] = bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
  if (compression !== BI_RGB && head.length >= 66) {
    for (let i = 0; i < 3; i++) masks[i] = head.readUInt32LE(54 + 4 * i);
  }
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel: bits,
    rowBytes: Math.ceil((width * bits) / 32) * 4,
    pixelsAt: head.readUInt32LE(10),
    palette: await readPalette(file, bits, headerBytes, os2 ? 0 : head.readUInt32LE(46)),
    masks,
  };
}

async function readPalette(
  file: ByteReader,
  bits: number,
  headerBytes: number,
  used: number,
): Promise<Uint8Array> {
  if (bits > 8) return new Uint8Array(0);
  const entryBytes = headerBytes === 12 ? 3 : 4;
  const count = used > 0 && used <= 1 << bits ? used : 1 << bits;
  const table = await file.read(14 + headerBytes, count * entryBytes);
  const palette = new Uint8Array(1 << bits);
  for (let i = 0; i < count && (i + 1) * entryBytes <= table.length; i++) {
    // The whole entry is in the table.
    const at = i * entryBytes;
    palette[i] = grey(table[at + 2]!, table[at + 1]!, table[at]!);
  }
  return palette;
}

/** Rec. 601 luma, as netpbm and most programs reckon it. */
function grey(red: number, green: number, blue: number): number {
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}

/** Position and greatest value of a colour in a pixel of 16 or 32 bits. */
function channel(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const greatest = mask >>> shift;
  return (pixel) => (((pixel & mask) >>> shift) * 255) / greatest;
}

/** The bytes of a row hold `width` pixels of `bits`, and the palette has an entry for every value of one. */
function rowDecoder(bmp: Bmp): (bytes: Buffer, out: Uint8Array) => void {
  const { width, bitsPerPixel: bits, palette } = bmp;
  if (bits <= 8) {
    const perByte = 8 / bits;
    const mask = (1 << bits) - 1;
    return (bytes, out) => {
      for (let x = 0; x < width; x++) {
        const shift = 8 - bits * ((x % perByte) + 1);
        out[x] = palette[(bytes[Math.floor(x / perByte)]! >> shift) & mask]!;
      }
    };
  }
  if (bits === 24) {
    return (bytes, out) => {
      for (let x = 0, at = 0; x < width; x++, at += 3)
        out[x] = grey(bytes[at + 2]!, bytes[at + 1]!, bytes[at]!);
    };
  }
  const [red, green, blue] = [channel(bmp.masks[0]), channel(bmp.masks[1]), channel(bmp.masks[2])];
  const pixelAt = (bytes: Buffer, x: number) =>
    bits === 16 ? bytes.readUInt16LE(2 * x) : bytes.readUInt32LE(4 * x);
  return (bytes, out) => {
    for (let x = 0; x < width; x++) {
      const pixel = pixelAt(bytes, x);
      out[x] = grey(red(pixel), green(pixel), blue(pixel));
    }
  };
}

/** `undefined` when all rows that the header claims are there. */
function missingBmpData(bmp: Bmp, fileBytes: number): string | undefined {
  const needed = bmp.pixelsAt + bmp.rowBytes * bmp.height;
  return fileBytes < needed ? `it ends after ${fileBytes} of ${needed} bytes` : undefined;
}

/**
 * Rows come out from the uppermost to the lowest, as every program shows them, whichever way the file holds them.
 * @throws AstroJobsError `corrupt_image`
 */
async function decodeBmp(
  file: ByteReader,
  bmp: Bmp,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const missing = missingBmpData(bmp, file.size);
  if (missing) throw corruptImage(missing);
  const decode = rowDecoder(bmp);
  const mean = new BlockMean({ width: bmp.width, height: bmp.height, shrink, type: Uint8Array });
  const row = new Uint8Array(bmp.width);
  const band = Math.max(1, Math.floor((1 << 22) / bmp.rowBytes));
  for (let first = 0; first < bmp.height; first += band) {
    signal?.throwIfAborted();
    const rows = Math.min(band, bmp.height - first);
    const start = bmp.topDown ? first : bmp.height - first - rows;
    const bytes = await file.read(bmp.pixelsAt + start * bmp.rowBytes, rows * bmp.rowBytes);
    if (bytes.length < rows * bmp.rowBytes) throw corruptImage('it became shorter while it was read');
    for (let i = 0; i < rows; i++) {
      const at = (bmp.topDown ? i : rows - 1 - i) * bmp.rowBytes;
      decode(bytes.subarray(at, at + bmp.rowBytes), row);
      mean.add(row);
    }
  }
  return mean.image();
}

/** @throws AstroJobsError `corrupt_image`, `unsupported_image` (compressed) */
export async function measureBmp(path: string, file: ByteReader): Promise<MeasuredImage> {
  const bmp = await readBmp(file);
  const missing = missingBmpData(bmp, file.size);
  if (missing) throw corruptImage(missing);
  return {
    width: bmp.width,
    height: bmp.height,
    rowOrder: 'top-down',
    exifOrientation: 1,
    notes: [],
    decode: (shrink, signal) => withImageFile(path, (again) => decodeBmp(again, bmp, shrink, signal)),
  };
}
