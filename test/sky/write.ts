import { writeFile } from 'node:fs/promises';
import { crc32, gzipSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { Canvas } from './canvas.js';
import { type ExifOptions, exifBlock } from './exif.js';
import { type Bitpix, type FitsValue, fitsFile } from './fits.js';

/** A file format with what it can tell about the capture. */
export type SkyFormat =
  | { format: 'jpeg'; quality?: number; exif?: ExifOptions }
  | { format: 'png'; bits?: 8 | 16; exif?: ExifOptions }
  | { format: 'tiff'; bits?: 8 | 16 }
  | { format: 'webp'; quality?: number }
  | { format: 'fits'; bitpix?: Bitpix; header?: Readonly<Record<string, FitsValue>>; gzip?: boolean };

/** Writes the picture; rows stand in the file in the canvas's order, so its plate solution holds in every format. */
export async function writeSky(path: string, sky: Canvas, format: SkyFormat): Promise<void> {
  await writeFile(path, await encodeSky(sky, format));
}

export async function encodeSky(sky: Canvas, format: SkyFormat): Promise<Buffer> {
  switch (format.format) {
    case 'fits': {
      const file = fitsFile(sky, format.bitpix ?? 16, format.header);
      return format.gzip ? gzipSync(file, { level: 1 }) : file;
    }
    case 'jpeg': {
      const options = { quality: format.quality ?? 92, chromaSubsampling: '4:4:4' };
      const jpeg = await pixels(sky, 8).jpeg(options).toBuffer();
      return format.exif ? withExifSegment(jpeg, exifBlock(format.exif)) : jpeg;
    }
    case 'png': {
      const png = await pixels(sky, format.bits ?? 8)
        .png({ compressionLevel: 2 })
        .toBuffer();
      return format.exif ? withExifChunk(png, exifBlock(format.exif)) : png;
    }
    case 'tiff':
      return pixels(sky, format.bits ?? 8)
        .tiff({ compression: 'lzw' })
        .toBuffer();
    case 'webp':
      return pixels(sky, 8)
        .webp({ quality: format.quality ?? 92 })
        .toBuffer();
  }
}

/** Linear in both depths: no gamma, so that brightness stays what was drawn. */
function pixels({ data, width, height, channels }: Canvas, bits: 8 | 16): Sharp {
  const top = bits === 8 ? 255 : 65535;
  const levels = bits === 8 ? new Uint8Array(data.length) : new Uint16Array(data.length);
  for (let i = 0; i < levels.length; i++) levels[i] = data[i]! * top + 0.5;
  const image = sharp(levels, { raw: { width, height, channels }, limitInputPixels: false });
  if (bits === 16) return image.toColourspace(channels === 1 ? 'grey16' : 'rgb16');
  return channels === 1 ? image.toColourspace('b-w') : image;
}

/** EXIF in APP1 right behind SOI, where cameras put it. */
function withExifSegment(jpeg: Buffer, exif: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0, 0x45, 0x78, 0x69, 0x66, 0, 0]);
  head.writeUInt16BE(exif.length + 8, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

/** EXIF in a chunk behind IHDR (8 bytes of signature, 25 of IHDR). */
function withExifChunk(png: Buffer, exif: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('eXIf', 'latin1'), exif]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(exif.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([
    png.subarray(0, 33),
    frame.subarray(0, 4),
    body,
    frame.subarray(4),
    png.subarray(33),
  ]);
}
