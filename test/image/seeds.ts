import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { zstdFrame } from './compressed.js';
import { bmpOf, fitsOf, greyTiffTags, imageCards, type TiffTag, testCard, tiffOf } from './files.js';
import { cr3Of, rafOf, TIFF_RAWS } from './raw-files.js';
import { serOf } from './ser-files.js';
import { keyword, xisfOf } from './xisf-files.js';

const card = testCard(20, 14);
/** A colour card of 20 × 14 pixels. */
export const smallPicture = () => sharp(card.rgb, { raw: { width: 20, height: 14, channels: 3 } });
const exifTags = {
  IFD0: { Make: 'Canon', Model: 'EOS' },
  IFD2: { FocalLength: '50/1', ExposureTime: '1/4' },
};
export const fitsCards = imageCards(20, 14, [
  "DATE-OBS= '2024-08-21T23:45:00'",
  'FOCALLEN=                  530',
  'XPIXSZ  =                 3.76',
  "OBJCTRA = '20 12 07'",
  "OBJCTDEC= '+38 21 18'",
]);
const table: TiffTag[] = [...greyTiffTags(20, 14, 8, 1), { tag: 271, type: 2, values: 'Canon' }];
/** Grey of the same size. */
export const data = Buffer.from(card.rgb.subarray(0, 280));

/** A small whole file of each kind that is read, with metadata. */
export const SEEDS: Record<string, () => Promise<Buffer> | Buffer> = {
  jpeg: () => smallPicture().withExif(exifTags).jpeg().toBuffer(),
  png: () => smallPicture().withExif(exifTags).png().toBuffer(),
  webp: () => smallPicture().withExif(exifTags).webp().toBuffer(),
  avif: () => smallPicture().withExif(exifTags).avif({ effort: 0 }).toBuffer(),
  gif: () => smallPicture().gif().toBuffer(),
  tiff: () =>
    tiffOf(table, { data, children: new Map([[0x8769, [{ tag: 0x920a, type: 5, values: [50, 1] }]]]) }),
  bmp: () => bmpOf(card, 24, false),
  ppm: () => Buffer.concat([Buffer.from('P6 20 14 255\n'), card.rgb]),
  pgm: () => Buffer.from(`P2 20 14 255 ${[...data].join(' ')}`),
  fits: () => fitsOf(fitsCards, Buffer.alloc(560, 3)),
  'fits.gz': () => gzipSync(fitsOf(fitsCards, Buffer.alloc(560, 3))),
  'fits.zst': () => zstdFrame(fitsOf(fitsCards, Buffer.alloc(560, 3))),
  ...Object.fromEntries(
    (['zlib', 'lz4', 'zstd'] as const).map((codec) => [
      `xisf ${codec}`,
      () =>
        xisfOf([
          {
            width: 20,
            height: 14,
            values: [...data],
            inside: keyword('EXPTIME', '30'),
            codec,
            shuffled: true,
          },
        ]),
    ]),
  ),
  ser: () => serOf({ width: 20, height: 14, depth: 8, frames: [[...data]] }),
  raf: async () => rafOf(await smallPicture().jpeg().toBuffer(), 6000, 4000),
  cr3: async () =>
    cr3Of(await smallPicture().jpeg().toBuffer(), await smallPicture().jpeg({ quality: 40 }).toBuffer()),
  nef: async () => TIFF_RAWS.nef!(await smallPicture().jpeg().toBuffer()),
  orf: async () => TIFF_RAWS.orf!(await smallPicture().jpeg().toBuffer()),
};
