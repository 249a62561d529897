import { brotliDecompressSync } from 'node:zlib';
import { type Box, boxesIn } from '../boxes.js';
import { corruptImage } from '../errors.js';
import type { ByteReader } from '../file.js';

const CODESTREAM = 0xff0a;
/** Enough for the size and the orientation, which stand at its start. */
const HEAD_BYTES = 32;
const MAX_EXIF_BYTES = 1 << 20;
/** Width to height, by the ratio that the header names. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
];

/** What stands at the start of a JPEG XL file. */
export interface JxlHeader {
  /** As it is shown: decoders turn it. */
  width: number;
  height: number;
  exif?: Uint8Array;
}

/** Numbers of a few bits, the least significant one first. */
function bitsOf(bytes: Buffer): (count: number) => number {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let bit = 0; bit < count; bit++, at++) value += (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) * 2 ** bit;
    return value;
  };
}

/** ISO/IEC 18181-1, SizeHeader, and of ImageMetadata what stands before and in the orientation. */
function parseCodestream(bytes: Buffer): { width: number; height: number } {
  if (bytes.length < 4 || bytes.readUInt16BE() !== CODESTREAM)
    throw corruptImage('its JPEG XL data are cut off');
  const bits = bitsOf(bytes.subarray(2));
  const small = bits(1) === 1;
  const side = () => (small ? (bits(5) + 1) * 8 : bits([9, 13, 18, 30][bits(2)] ?? 9) + 1);
  const height = side();
  const ratio = RATIOS[bits(3) - 1];
  const width = ratio ? Math.floor((height * ratio[0]) / ratio[1]) : side();
  const plain = bits(1) === 1;
  const orientation = !plain && bits(1) === 1 ? bits(3) + 1 : 1;
  return orientation > 4 ? { width: height, height: width } : { width, height };
}

async function exifIn(file: ByteReader, box: Box): Promise<Uint8Array | undefined> {
  const content = await file.read(box.start, Math.min(box.end - box.start, MAX_EXIF_BYTES));
  const packed = box.type === 'brob';
  if (packed && content.toString('latin1', 0, 4) !== 'Exif') return undefined;
  try {
    const bytes = packed
      ? brotliDecompressSync(content.subarray(4), { maxOutputLength: MAX_EXIF_BYTES })
      : content;
    // The first four bytes say how many stand before the block.
    return bytes.length < 8 ? undefined : bytes.subarray(4 + bytes.readUInt32BE());
  } catch {
    return undefined;
  }
}

/**
 * Size and EXIF of a JPEG XL file, bare or in boxes (ISO/IEC 18181-2); nothing is decoded.
 * @throws AstroJobsError `corrupt_image`
 */
export async function readJxlHeader(file: ByteReader): Promise<JxlHeader> {
  const start = await file.read(0, HEAD_BYTES);
  if (start.length >= 2 && start.readUInt16BE() === CODESTREAM) return parseCodestream(start);
  let codestream: Buffer | undefined;
  let exif: Uint8Array | undefined;
  for await (const box of boxesIn(file, { start: 0, end: file.size })) {
    // The first part of one that is split has its number before it.
    if (box.type === 'jxlc') codestream ??= await file.read(box.start, HEAD_BYTES);
    if (box.type === 'jxlp') codestream ??= await file.read(box.start + 4, HEAD_BYTES);
    if (box.type === 'Exif' || box.type === 'brob') exif ??= await exifIn(file, box);
  }
  if (!codestream) throw corruptImage('its JPEG XL data are cut off');
  return { ...parseCodestream(codestream), ...(exif && { exif }) };
}
