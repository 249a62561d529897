import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { type TiffTag, tiffOf } from '../image/files.js';

const EXIF_HEADER = Buffer.from('Exif\0\0', 'latin1');
export const EXIF_IFD = 0x8769;
export const GPS_IFD = 0x8825;

/** An EXIF block: a TIFF structure with its directories for the picture, the exposure and the place. */
export function exifOf(
  parts: { image?: readonly TiffTag[]; photo?: readonly TiffTag[]; gps?: readonly TiffTag[] },
  bigEndian = false,
): Buffer {
  const children = new Map<number, readonly TiffTag[]>();
  if (parts.photo) children.set(EXIF_IFD, parts.photo);
  if (parts.gps) children.set(GPS_IFD, parts.gps);
  return tiffOf(parts.image ?? [], { bigEndian, children });
}

const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: '#203040' } });

export function jpegSegment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

export const exifSegment = (block: Buffer) => jpegSegment(0xe1, Buffer.concat([EXIF_HEADER, block]));

/** A JPEG of 30×20 pixels with these segments before all others. */
export async function jpegWith(...segments: Buffer[]): Promise<Buffer> {
  const plain = await picture.clone().jpeg().toBuffer();
  return Buffer.concat([plain.subarray(0, 2), ...segments, plain.subarray(2)]);
}

/** A PNG with the block before or behind its pixels. */
export async function pngWith(block: Buffer, where: 'before' | 'behind'): Promise<Buffer> {
  const plain = await picture.clone().png().toBuffer();
  const typed = Buffer.concat([Buffer.from('eXIf'), block]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(block.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  const at = where === 'before' ? 33 : plain.length - 12;
  return Buffer.concat([plain.subarray(0, at), length, typed, check, plain.subarray(at)]);
}

/** An extended WebP: the header that announces EXIF, the picture, the block. */
export async function webpWith(block: Buffer): Promise<Buffer> {
  const plain = await picture.clone().webp().toBuffer();
  const chunk = (name: string, content: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length & 1)]);
  };
  const extended = Buffer.from([8, 0, 0, 0, 29, 0, 0, 19, 0, 0]);
  const body = Buffer.concat([
    Buffer.from('WEBP'),
    chunk('VP8X', extended),
    plain.subarray(12),
    chunk('EXIF', block),
  ]);
  return chunk('RIFF', body);
}

/** A TIFF photograph whose own directory holds the tags. */
export function tiffWith(
  parts: { image?: readonly TiffTag[]; photo?: readonly TiffTag[]; gps?: readonly TiffTag[] },
  bigEndian: boolean,
): Buffer {
  const tags: TiffTag[] = [
    { tag: 256, type: 3, values: [30] },
    { tag: 257, type: 3, values: [20] },
    { tag: 258, type: 3, values: [8] },
    { tag: 259, type: 3, values: [1] },
    { tag: 262, type: 3, values: [1] },
    { tag: 273, type: 4, values: [8] },
    { tag: 277, type: 3, values: [1] },
    { tag: 278, type: 3, values: [20] },
    { tag: 279, type: 4, values: [600] },
  ];
  const children = new Map<number, readonly TiffTag[]>();
  if (parts.photo) children.set(EXIF_IFD, parts.photo);
  if (parts.gps) children.set(GPS_IFD, parts.gps);
  return tiffOf([...tags, ...(parts.image ?? [])], { bigEndian, children, data: Buffer.alloc(600, 40) });
}
