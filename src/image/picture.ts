import type { Sharp } from 'sharp';
import { displayAxes, displaySize, type Size } from '../wcs/display.js';
import { DECODERS } from './decoders.js';
import type { GreyImage, OpenedImage } from './image.js';
import { decodeError, isFirstPicture, openRaster } from './raster.js';
import sharp from './sharp.js';
import { autoStretch, isNearlyBlack, stretchColours } from './stretch.js';

const BACKGROUND = '#000';

/** The size of the upright picture that is at most `width` wide. */
export function pictureSize(image: OpenedImage, width: number = Number.POSITIVE_INFINITY): Size {
  const whole = displaySize(image, image);
  if (width >= whole.width) return whole;
  return { width, height: Math.max(1, Math.round((whole.height * width) / whole.width)) };
}

/**
 * The image as a person looks at it, at a size: upright, 8 bits, sRGB, transparency on black. Measurements are stretched
 * until faint things are seen (see `Decoder.measurements`) and are grey; what is a picture is shown as it is, unless it is nearly black:
 * then it is stretched in the same way. The pipeline is still to be encoded: see `encoded`.
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
  const picture = inSrgb(upright.resize(width, height, { fit: 'fill' }));
  return inColour && (await isDark(image)) ? stretchedPicture(image, picture) : picture;
}

const inSrgb = (picture: Sharp): Sharp =>
  picture.flatten({ background: BACKGROUND }).removeAlpha().toColourspace('srgb');

/** Pixels of the longer side of a copy that tells whether a picture is dark, the same for every size that is shown. */
const JUDGED = 320;

async function isDark(image: OpenedImage): Promise<boolean> {
  const small = (await openRaster(image)).resize(JUDGED, JUDGED, { fit: 'inside', withoutEnlargement: true });
  const grey = small.flatten({ background: BACKGROUND }).greyscale().toColourspace('b-w');
  return isNearlyBlack(await encoded(image, grey.raw().toBuffer()));
}

async function stretchedPicture(image: OpenedImage, picture: Sharp): Promise<Sharp> {
  const { data, info } = await encoded(image, picture.raw().toBuffer({ resolveWithObject: true }));
  const { width, height, channels } = info;
  stretchColours(data, channels);
  return sharp(data, { raw: { width, height, channels } }).toColourspace('srgb');
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
  if (data instanceof Uint16Array && measurements !== 'none') return autoStretch(grey);
  const picture = data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => value / 257);
  return isNearlyBlack(picture) ? autoStretch(grey) : picture;
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
