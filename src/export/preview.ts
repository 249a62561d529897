import type { Sharp } from 'sharp';
import { starField } from '../annotate/star-field.js';
import type { OpenedImage } from '../image/image.js';
import { openImage } from '../image/open.js';
import { encoded, pictureSize, uprightPicture } from '../image/picture.js';
import type { StarTable } from '../image/star-columns.js';
import { displaySize, type Size } from '../wcs/display.js';
import type { ExportOptions } from './export-source.js';
import { type MadeFile, type PictureSource, wholeFile } from './exported-file.js';
import { readSolution } from './geometry.js';

/**
 * The image as a person sees it, at most `width` wide, still to be encoded; a list of stars as dots by their brightness, in a
 * picture of the size that `solved` (the size that its solution is of) or itself says.
 */
export async function previewOf(
  image: OpenedImage,
  { width, signal }: ExportOptions,
  solved?: Size,
): Promise<{ picture: Sharp; size: Size }> {
  if (image.stars) return starPicture(image, await image.stars(), solved, width);
  const size = pictureSize(image, width);
  return { picture: await uprightPicture(image, size, signal), size };
}

/** Of a width that shows dots apart, unless the caller says how wide. */
const STARS_WIDTH = 1600;

function starPicture(
  image: OpenedImage,
  stars: StarTable,
  solved: Size | undefined,
  width: number = STARS_WIDTH,
): { picture: Sharp; size: Size } {
  // A list of stars may not say of what size the image was.
  const reach = (values: readonly number[]) =>
    values.reduce((most, value) => Math.max(most, Math.ceil(value)), 1);
  const stored = solved ?? {
    width: image.width || reach(stars.x),
    height: image.height || reach(stars.y),
  };
  const upright = displaySize(stored, image);
  const height = Math.max(1, Math.min(4 * width, Math.round((upright.height * width) / upright.width)));
  return { picture: starField(image, stars, stored, { width, height }), size: { width, height } };
}

/** A list of stars is drawn in the size that its solution is of, where it has one. */
const solvedSize = async (image: OpenedImage, source: PictureSource): Promise<Size | undefined> =>
  image.stars && (await readSolution(source));

export async function exportPreview(source: PictureSource, options: ExportOptions): Promise<MadeFile> {
  const image = await openImage(source.imagePath, { extension: source.extension });
  const { picture } = await previewOf(image, options, await solvedSize(image, source));
  return wholeFile(await encoded(image, picture.jpeg({ quality: 85 }).toBuffer()));
}

/** Longer side of a thumbnail, pixels. */
const THUMBNAIL = 320;

export async function exportThumbnail(source: PictureSource, { signal }: ExportOptions): Promise<MadeFile> {
  const image = await openImage(source.imagePath, { extension: source.extension });
  const solved = await solvedSize(image, source);
  const { width, height } = solved ? displaySize(solved, image) : pictureSize(image);
  const small = Math.max(1, Math.round((THUMBNAIL * width) / Math.max(width, height)));
  const { picture } = await previewOf(image, { width: small, signal }, solved);
  return wholeFile(await encoded(image, picture.jpeg({ quality: 85 }).toBuffer()));
}
