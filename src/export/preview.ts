import type { Sharp } from 'sharp';
import { DECODERS } from '../image/decoders.js';
import type { OpenedImage } from '../image/image.js';
import { openImage } from '../image/open.js';
import { encoded, pictureSize, uprightPicture } from '../image/picture.js';
import sharp from '../image/sharp.js';
import type { Size } from '../wcs/display.js';
import type { ExportOptions } from './export-source.js';
import { type MadeFile, type PictureSource, wholeFile } from './exported-file.js';

/** The image as a person sees it, at most `width` wide, still to be encoded; a list of stars is a black picture of its size. */
export async function previewOf(
  image: OpenedImage,
  { width, signal }: ExportOptions,
): Promise<{ picture: Sharp; size: Size }> {
  const wanted = pictureSize(image, width);
  // A list of stars may not say of what size the image was.
  const size = { width: Math.max(1, wanted.width), height: Math.max(1, wanted.height) };
  const picture = DECODERS[image.kind].hasPixels
    ? await uprightPicture(image, size, signal)
    : sharp({ create: { ...size, channels: 3, background: '#000' } });
  return { picture, size };
}

export async function exportPreview(source: PictureSource, options: ExportOptions): Promise<MadeFile> {
  const image = await openImage(source.imagePath, { extension: source.extension });
  const { picture } = await previewOf(image, options);
  return wholeFile(await encoded(image, picture.jpeg({ quality: 85 }).toBuffer()));
}

/** Longer side of a thumbnail, pixels. */
const THUMBNAIL = 320;

export async function exportThumbnail(source: PictureSource, { signal }: ExportOptions): Promise<MadeFile> {
  const image = await openImage(source.imagePath, { extension: source.extension });
  const { width, height } = pictureSize(image);
  const small = Math.max(1, Math.round((THUMBNAIL * width) / Math.max(width, height)));
  const { picture } = await previewOf(image, { width: small, signal });
  return wholeFile(await encoded(image, picture.jpeg({ quality: 85 }).toBuffer()));
}
