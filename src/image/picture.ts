import type { Sharp } from 'sharp';
import { displayAxes, displaySize, type Size } from '../wcs/display.js';
import { DECODERS } from './decoders.js';
import type { GreyImage, OpenedImage } from './image.js';
import { decodeError, isFirstPicture, openRaster } from './raster.js';
import sharp from './sharp.js';
import { autoStretch } from './stretch.js';

const BACKGROUND = '#000';

/** The size of the upright picture that is at most `width` wide. */
export function pictureSize(image: OpenedImage, width: number = Number.POSITIVE_INFINITY): Size {
  const whole = displaySize(image, image);
  if (width >= whole.width) return whole;
  return { width, height: Math.max(1, Math.round((whole.height * width) / whole.width)) };
}

/**
 * The image as a person looks at it, at a size: upright, 8 bits, sRGB, transparency on black. Measurements are stretched
 * until faint things are seen (see `Decoder.measurements`) and are grey; what is a picture is shown as it is. The pipeline
 * is still to be encoded: see `encoded`.
 *
 * @throws AstroJobsError `corrupt_image`, `unsupported_image` (a list of stars); `signal.reason` when ended
 */
export async function uprightPicture(
  image: OpenedImage,
  { width, height }: Size,
  signal?: AbortSignal,
): Promise<Sharp> {
  const inColour = DECODERS[image.kind].bySharp && isFirstPicture(image) && !(await isFloat(image));
  const upright = inColour ? await colourPicture(image) : await greyPicture(image, width, signal);
  return upright
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: BACKGROUND })
    .removeAlpha()
    .toColourspace('srgb');
}

/** What a pipeline of `uprightPicture` gives, its failure as an error of the image. */
export async function encoded<T>(image: OpenedImage, output: Promise<T>): Promise<T> {
  try {
    return await output;
  } catch (thrown) {
    throw decodeError(image.kind, thrown);
  }
}

async function colourPicture(image: OpenedImage): Promise<Sharp> {
  const stored = await openRaster(image, { sequentialRead: image.exifOrientation === 1 });
  // The orientation of an embedded picture is that of the file around it.
  return image.embedded ? turnUpright(stored, image) : stored.autoOrient();
}

async function isFloat(image: OpenedImage): Promise<boolean> {
  const { kind, decoded } = image;
  if (decoded) return false;
  try {
    const { depth } = await (await openRaster(image)).metadata();
    return depth !== 'uchar' && depth !== 'ushort';
  } catch (thrown) {
    throw decodeError(kind, thrown);
  }
}

async function greyPicture(image: OpenedImage, width: number, signal?: AbortSignal): Promise<Sharp> {
  const shrink = Math.max(1, Math.floor(displaySize(image, image).width / width));
  const grey = await image.grey(shrink, signal);
  const raw = { width: grey.width, height: grey.height, channels: 1 as const };
  return turnUpright(sharp(asBytes(image, grey), { raw }), image);
}

function asBytes({ kind }: OpenedImage, grey: GreyImage): Uint8Array {
  const { measurements } = DECODERS[kind];
  const { data } = grey;
  if (data instanceof Float32Array || measurements === 'all') return autoStretch(grey);
  if (data instanceof Uint8Array) return data;
  return measurements === 'none' ? Uint8Array.from(data, (value) => value / 257) : autoStretch(grey);
}

/** Turns rows and columns of the file into what is up and right to the viewer. */
function turnUpright(stored: Sharp, image: OpenedImage): Sharp {
  const { right, up } = displayAxes(image);
  if (right[0] !== 0) return stored.flip(up[1] > 0).flop(right[0] < 0);
  // Mirrors come first, then a quarter turn clockwise: what was down is left then, and what was right is down.
  return stored
    .flip(right[1] > 0)
    .flop(up[0] > 0)
    .rotate(90);
}
