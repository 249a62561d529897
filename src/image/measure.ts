import { corruptImage, unsupportedImage } from './errors.js';
import { exifBlockOf } from './exif-block.js';
import type { ByteReader } from './file.js';
import type { ImageKind, MeasuredImage } from './image.js';
import { exifBehindPixels } from './png-exif.js';
import { decodeRaster, readRasterInfo } from './raster.js';
import { isCameraRaw } from './raw.js';
import { Tiff } from './tiff.js';

// What sharp decodes, measured: its own metadata, and where it does not look for EXIF, ours.

export async function measureRaster(path: string, kind: ImageKind): Promise<MeasuredImage> {
  const info = await readRasterInfo(path, kind);
  return {
    width: info.width,
    height: info.height,
    rowOrder: 'top-down',
    exifOrientation: info.exifOrientation,
    exif: info.exif,
    notes: [],
    decode: (shrink) => decodeRaster(path, kind, info, shrink),
  };
}

export async function measurePng(path: string, file: ByteReader): Promise<MeasuredImage> {
  const measured = await measureRaster(path, 'png');
  return { ...measured, exif: measured.exif ?? (await exifBehindPixels(file)) };
}

/** @throws AstroJobsError `unsupported_image` for camera raw, whose first directory is a thumbnail */
export async function measureTiff(path: string, file: ByteReader): Promise<MeasuredImage> {
  const tiff = await Tiff.open(file);
  if (!tiff) throw corruptImage('its TIFF header is cut off');
  if (await isCameraRaw(tiff)) {
    throw unsupportedImage(
      'a camera raw file (DNG, NEF, ARW or the like)',
      'develop it to JPEG, TIFF or FITS first',
    );
  }
  return { ...(await measureRaster(path, 'tiff')), exif: await exifBlockOf(tiff) };
}
