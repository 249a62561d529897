import { AstroJobsError } from '../job/errors.js';
import { measureCameraRaw } from './camera-raw/camera-raw.js';
import { isCameraRaw } from './camera-raw/directories.js';
import { corruptImage } from './errors.js';
import { exifBlockOf } from './exif-block.js';
import type { ByteReader } from './file.js';
import type { ImageKind, MeasuredImage, OpenOptions } from './image.js';
import { exifBehindPixels } from './png-exif.js';
import { rasterPlanes, readRasterInfo } from './raster.js';
import { Tiff } from './tiff.js';
import { choosePage, readPages, type TiffPage } from './tiff-pages.js';
import { decodeSamples, hasOwnSamples, refusalOf } from './tiff-samples.js';

// What sharp decodes, measured: its own metadata, and where it does not look for EXIF, ours.

/** @param page of a file that holds several pictures, from 0. */
export async function measureRaster(path: string, kind: ImageKind, page = 0): Promise<MeasuredImage> {
  const info = await readRasterInfo({ path }, kind, page);
  return {
    width: info.width,
    height: info.height,
    rowOrder: 'top-down',
    exifOrientation: info.exifOrientation,
    exif: info.exif,
    notes: [],
    ...rasterPlanes({ path }, kind, info),
  };
}

const MAKE = 271;
const DNG_VERSION = 50_706;

export async function measurePng(path: string, file: ByteReader): Promise<MeasuredImage> {
  const measured = await measureRaster(path, 'png');
  return { ...measured, exif: measured.exif ?? (await exifBehindPixels(file)) };
}

/**
 * The largest page of a TIFF file, or the one that is asked for.
 * Camera raw, whose first directory is a thumbnail, gives its largest preview.
 * @throws AstroJobsError `unsupported_image` for samples that cannot be read.
 */
export async function measureTiff(
  path: string,
  file: ByteReader,
  { extension }: Pick<OpenOptions, 'extension'> = {},
): Promise<MeasuredImage> {
  const tiff = await Tiff.open(file);
  if (!tiff) throw corruptImage('its TIFF header is cut off');
  const pages = await readPages(tiff);
  const page = extension === undefined ? choosePage(pages) : wantedPage(pages, extension);
  if (!page) throw corruptImage('its TIFF directory cannot be read');
  const refusal = refusalOf(page);
  const ofCamera = pages.some(({ directory }) =>
    [MAKE, DNG_VERSION].some((tag) => directory.entries.has(tag)),
  );
  if ((ofCamera || !refusal) && (await isCameraRaw(tiff))) {
    return measureCameraRaw(path, file);
  }
  if (refusal) throw refusal;
  const measured = hasOwnSamples(page)
    ? measureSamples(path, page)
    : await measureRaster(path, 'tiff', page.index);
  const part = pages.length > 1 ? { part: `page ${page.index + 1} of ${pages.length}` } : {};
  return { ...measured, ...part, exif: await exifBlockOf(tiff) };
}

function wantedPage(pages: readonly TiffPage[], extension: number | string): TiffPage {
  const page = typeof extension === 'number' ? pages[extension - 1] : undefined;
  if (page) return page;
  throw new AstroJobsError(
    'unsupported_image',
    `TIFF: there is no page ${extension}; it has ${pages.length}`,
  );
}

function measureSamples(path: string, page: TiffPage): MeasuredImage {
  return {
    width: page.width,
    height: page.height,
    rowOrder: 'top-down',
    exifOrientation: page.orientation,
    notes: [],
    decode: (shrink, signal) => decodeSamples(path, page, shrink, signal),
  };
}
