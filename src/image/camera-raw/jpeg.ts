import type { ByteReader } from '../file.js';

/** A JPEG inside another file. */
export interface EmbeddedJpeg {
  offset: number;
  length: number;
  width: number;
  height: number;
  /** Where its EXIF block begins. */
  exifAt?: number;
}

/** More than any honest picture has before its frame header. */
const MAX_SEGMENTS = 256;
/** Frames that decoders know: baseline, extended and progressive Huffman; lossless ones hold sensor data. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
const EXIF_SIGN = 'Exif\0\0';

/** The picture at a place of a file, if it is a JPEG that decoders know; only its segments are looked at. */
export async function jpegAt(
  file: ByteReader,
  offset: number,
  length: number,
): Promise<EmbeddedJpeg | undefined> {
  const end = offset + length;
  if (!(offset >= 0 && length >= 4 && end <= file.size)) return undefined;
  const start = await file.read(offset, 3);
  if (start.length < 3 || start.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  let exifAt: number | undefined;
  for (let at = offset + 2, segment = 0; segment < MAX_SEGMENTS && at + 9 <= end; segment++) {
    const head = await file.read(at, 10);
    const [mark, type = 0] = head;
    if (head.length < 9 || mark !== 0xff || OTHER_FRAMES.has(type) || type === START_OF_SCAN)
      return undefined;
    if (FRAMES.has(type)) {
      const [height, width] = [head.readUInt16BE(5), head.readUInt16BE(7)];
      if (width === 0 || height === 0) return undefined;
      return { offset, length, width, height, ...(exifAt !== undefined && { exifAt }) };
    }
    if (type === APP1 && head.toString('latin1', 4, 10) === EXIF_SIGN) exifAt ??= at + 10;
    // Fill bytes may stand before a marker.
    at += type === 0xff ? 1 : 2 + head.readUInt16BE(2);
  }
  return undefined;
}

/** The largest of the JPEGs at these places; of equal ones the first. */
export async function largestJpeg(
  file: ByteReader,
  places: Iterable<readonly [offset: number, length: number]>,
): Promise<EmbeddedJpeg | undefined> {
  let best: EmbeddedJpeg | undefined;
  for (const [offset, length] of places) {
    const jpeg = await jpegAt(file, offset, length);
    if (jpeg && (!best || jpeg.width * jpeg.height > best.width * best.height)) best = jpeg;
  }
  return best;
}
