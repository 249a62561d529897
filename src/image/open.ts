import { AstroJobsError } from '../job/errors.js';
import { decodeBmp, missingBmpData, readBmp } from './bmp.js';
import { checkSize, corruptImage, unsupportedImage } from './errors.js';
import { exifBlockOf } from './exif-block.js';
import { type ByteReader, withImageFile } from './file.js';
import { openFits } from './fits.js';
import type { GreyImage, ImageKind, ImageLimits, OpenedImage } from './image.js';
import { HEAD_BYTES, identify } from './kind.js';
import { exifBehindPixels } from './png-exif.js';
import { decodePnm, missingPnmData, readPnm } from './pnm.js';
import { decodeRaster, type RasterInfo, readRasterInfo } from './raster.js';
import { isCameraRaw } from './raw.js';
import { wholeShrink } from './shrink.js';
import { Tiff } from './tiff.js';

const DEFAULT_MAX_BYTES = 2 ** 30;
const DEFAULT_MAX_PIXELS = 400_000_000;

/** What the kinds of images have in common once they are measured. */
type Measured = Omit<OpenedImage, 'path' | 'kind' | 'grey'> & {
  decode(shrink: number, signal?: AbortSignal): Promise<GreyImage>;
};

/**
 * Recognises and measures an image by its content; decodes nothing. Whatever lies at `path`, the answer comes at once.
 *
 * @throws AstroJobsError `image_not_found` (missing, unreadable, a folder, no regular file), `unsupported_image`
 * (with its name and what to do), `corrupt_image`, `image_too_large`
 */
export async function openImage(path: string, limits: Partial<ImageLimits> = {}): Promise<OpenedImage> {
  const { maxBytes = DEFAULT_MAX_BYTES, maxPixels = DEFAULT_MAX_PIXELS } = limits;
  const bounds = { maxBytes, maxPixels };
  return withImageFile(path, async (file) => {
    const kind = await recognise(file, bounds);
    if (kind === 'fits') return openFits(path, bounds);
    const { decode, ...measured } = await measure(path, file, kind);
    const { width, height } = measured;
    checkSize(width, height, bounds);
    const grey = async (shrink: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      const image = await decode(wholeShrink(shrink, width, height), signal);
      signal?.throwIfAborted();
      return image;
    };
    return { path, kind, ...measured, grey };
  });
}

async function recognise(file: ByteReader, { maxBytes }: ImageLimits): Promise<ImageKind> {
  if (file.size === 0) throw corruptImage('the file is empty (0 bytes)');
  if (file.size > maxBytes) {
    throw new AstroJobsError(
      'image_too_large',
      `The file has ${file.size} bytes; at most ${maxBytes} are allowed: shrink the image, or raise maxBytes`,
    );
  }
  const found = identify(await file.read(0, HEAD_BYTES));
  if (found === undefined) {
    throw unsupportedImage(
      'no image of a kind that is known',
      'give JPEG, PNG, TIFF, WebP, AVIF, GIF, BMP, PNM or FITS',
    );
  }
  if ('unsupported' in found) throw unsupportedImage(found.unsupported, found.advice);
  return found.kind;
}

async function measure(path: string, file: ByteReader, kind: ImageKind): Promise<Measured> {
  switch (kind) {
    case 'bmp': {
      const bmp = await readBmp(file);
      const decode: Measured['decode'] = (shrink, signal) =>
        withImageFile(path, (again) => decodeBmp(again, bmp, shrink, signal));
      return withoutMetadata(bmp, decode, missingBmpData(bmp, file.size));
    }
    case 'pnm': {
      const pnm = await readPnm(file);
      const decode: Measured['decode'] = (shrink, signal) =>
        withImageFile(path, (again) => decodePnm(again, pnm, shrink, signal));
      return withoutMetadata(pnm, decode, missingPnmData(pnm, file.size));
    }
    case 'tiff':
      return measureTiff(path, file);
    case 'png': {
      const info = await readRasterInfo(path, kind);
      return measuredRaster(path, kind, { ...info, exif: info.exif ?? (await exifBehindPixels(file)) });
    }
    default:
      return measuredRaster(path, kind, await readRasterInfo(path, kind));
  }
}

function withoutMetadata(
  { width, height }: { width: number; height: number },
  decode: Measured['decode'],
  missing: string | undefined,
): Measured {
  if (missing) throw corruptImage(missing);
  return { width, height, rowOrder: 'top-down', exifOrientation: 1, notes: [], decode };
}

function measuredRaster(path: string, kind: ImageKind, info: RasterInfo): Measured {
  const { width, height, exif, exifOrientation } = info;
  const decode: Measured['decode'] = (shrink) => decodeRaster(path, kind, info, shrink);
  return { width, height, rowOrder: 'top-down', exifOrientation, exif, notes: [], decode };
}

async function measureTiff(path: string, file: ByteReader): Promise<Measured> {
  const tiff = await Tiff.open(file);
  if (!tiff) throw corruptImage('its TIFF header is cut off');
  if (await isCameraRaw(tiff)) {
    throw unsupportedImage(
      'a camera raw file (DNG, NEF, ARW or the like)',
      'develop it to JPEG, TIFF or FITS first',
    );
  }
  const info = await readRasterInfo(path, 'tiff');
  return measuredRaster(path, 'tiff', { ...info, exif: await exifBlockOf(tiff) });
}
