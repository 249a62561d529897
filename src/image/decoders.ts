import type { AstroJobsError } from '../job/errors.js';
import { rawKind } from './camera-raw/signatures.js';
import { unsupportedImage } from './errors.js';
import type { ByteReader } from './file.js';
import type { FileHead } from './file-head.js';
import type { ImageKind, ImageLimits, MeasuredImage, OpenOptions } from './image.js';
import { looksLikeStars } from './star-text.js';

/** All that the rest of the package asks of a kind of image. */
export interface Decoder {
  /** As messages call it; a kind without a name is read, but not advised. */
  name?: string;
  /** For the name of a file that is handed to another program. */
  extension: string;
  /** Whether a file that begins so is one. */
  recognises(head: FileHead): boolean;
  /**
   * Reads the size and the metadata, no pixels. Modules that decode are loaded when the first image of the kind is opened.
   * @throws AstroJobsError `corrupt_image`, `unsupported_image`, `image_too_large`
   */
  measure(
    path: string,
    file: ByteReader,
    options: ImageLimits & Pick<OpenOptions, 'extension'>,
  ): Promise<MeasuredImage>;
  /**
   * Bytes of memory for each pixel, channels and the decoder's own planes together, where it holds the picture as a whole. Others decode
   * row by row.
   */
  heldPerPixel?: number;
  /** A list of stars has none. */
  hasPixels: boolean;
  /** Whether `openRaster` gives it to sharp: in colour, and EXIF orientation honoured. */
  bySharp: boolean;
  /**
   * Which of its whole-number pixels are measurements, proportional to light, and get a stretch when they are shown. Formats
   * made for pictures hold what a screen is to show, at 16 bits too; PNM of more than 8 bits comes from cameras and their
   * converters; FITS holds measurements only. Floating-point pixels are measurements in every format.
   */
  measurements: 'none' | 'beyond-8-bit' | 'all';
}

const raster = (
  kind: ImageKind,
  declared: Pick<Decoder, 'name' | 'extension' | 'recognises'> & Partial<Decoder>,
): Decoder => ({
  measure: async (path) => (await import('./measure.js')).measureRaster(path, kind),
  hasPixels: true,
  bySharp: true,
  measurements: 'none',
  ...declared,
});

/** Every kind of image that can be opened; the first that recognises a file has it. */
export const DECODERS: Readonly<Record<ImageKind, Decoder>> = {
  // Ruled out first: some begin like TIFF.
  'camera-raw': raster('camera-raw', {
    extension: 'raw',
    recognises: (head) => rawKind(head) !== undefined,
    measure: async (path, file) => (await import('./camera-raw/camera-raw.js')).measureCameraRaw(path, file),
  }),
  jpeg: raster('jpeg', {
    name: 'JPEG',
    extension: 'jpg',
    recognises: (head) => head.has('\xff\xd8\xff'),
  }),
  png: raster('png', {
    name: 'PNG',
    extension: 'png',
    recognises: (head) => head.has('\x89PNG\r\n\x1a\n'),
    measure: async (path, file) => (await import('./measure.js')).measurePng(path, file),
  }),
  tiff: raster('tiff', {
    name: 'TIFF',
    extension: 'tiff',
    recognises: (head) => ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((magic) => head.has(magic)),
    measure: async (path, file, options) => (await import('./measure.js')).measureTiff(path, file, options),
  }),
  webp: raster('webp', {
    heldPerPixel: 16,
    name: 'WebP',
    extension: 'webp',
    recognises: (head) => head.has('RIFF????WEBP'),
  }),
  avif: raster('avif', {
    heldPerPixel: 16,
    name: 'AVIF',
    extension: 'avif',
    recognises: (head) => head.isoBrands[0] === 'avis' || head.isoBrands.includes('avif'),
  }),
  heif: raster('heif', {
    heldPerPixel: 16,
    extension: 'heif',
    recognises: (head) => !head.isHevc && ['mif1', 'msf1'].some((brand) => head.isoBrands.includes(brand)),
  }),
  heic: raster('heic', {
    heldPerPixel: 16,
    extension: 'heic',
    recognises: (head) => head.isHevc,
    measure: async (path) => (await import('./peers/heic.js')).measureHeic(path),
  }),
  jxl: raster('jxl', {
    heldPerPixel: 24,
    extension: 'jxl',
    recognises: (head) => head.has('\xff\x0a') || head.has('\0\0\0\x0cJXL '),
    measure: async (path, file) => (await import('./peers/jpeg-xl.js')).measureJpegXl(path, file),
  }),
  gif: raster('gif', {
    heldPerPixel: 8,
    name: 'GIF',
    extension: 'gif',
    recognises: (head) => head.has('GIF87a') || head.has('GIF89a'),
  }),
  bmp: {
    name: 'BMP',
    extension: 'bmp',
    recognises: (head) => head.isBmp,
    measure: async (path, file) => (await import('./bmp.js')).measureBmp(path, file),
    hasPixels: true,
    bySharp: false,
    measurements: 'none',
  },
  pnm: {
    name: 'PNM',
    extension: 'pnm',
    recognises: (head) => /^P[1-6][\s#]/.test(head.latin1),
    measure: async (path, file) => (await import('./pnm.js')).measurePnm(path, file),
    hasPixels: true,
    bySharp: false,
    measurements: 'beyond-8-bit',
  },
  fits: {
    name: 'FITS',
    extension: 'fits',
    recognises: (head) => head.isBlockCompressed || head.inside.startsWith('SIMPLE  ='),
    measure: async (path, _file, limits) => (await import('./fits.js')).measureFits(path, limits),
    hasPixels: true,
    bySharp: false,
    measurements: 'all',
  },
  xisf: {
    name: 'XISF',
    extension: 'xisf',
    recognises: (head) => head.has('XISF0100'),
    measure: async (path, file, options) => (await import('./xisf/xisf.js')).measureXisf(path, file, options),
    hasPixels: true,
    bySharp: false,
    measurements: 'all',
  },
  ser: {
    name: 'SER',
    extension: 'ser',
    recognises: (head) => head.has('LUCAM-RECORDER'),
    measure: async (path, file, options) => (await import('./ser.js')).measureSer(path, file, options),
    hasPixels: true,
    bySharp: false,
    measurements: 'all',
  },
  'source-list': {
    name: 'a list of stars (x, y, flux)',
    extension: 'fits',
    // As text; a table in a FITS file begins like any other, and shows itself when that is measured.
    recognises: (head) => looksLikeStars(head.latin1),
    measure: async (path, file) => (await import('./star-list.js')).measureStarText(path, file),
    hasPixels: false,
    bySharp: false,
    measurements: 'none',
  },
};

/** The names of the kinds that can be opened, for messages: `JPEG, PNG, … or FITS`. */
function knownKinds(): string {
  const names = Object.values(DECODERS).flatMap(({ name }) => name ?? []);
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** The error of a file whose first bytes are those of no kind that is known. */
export function unknownKind(): AstroJobsError {
  return unsupportedImage('no image of a kind that is known', `give ${knownKinds()}`);
}
