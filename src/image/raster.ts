import { readFile } from 'node:fs/promises';
import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { AstroJobsError } from '../job/errors.js';
import { corruptImage, unsupportedImage } from './errors.js';
import { withImageFile } from './file.js';
import type { GreyImage, ImageKind, MeasuredImage, OpenedImage } from './image.js';
import sharp from './sharp.js';

// A cache of files by name would show yesterday's picture of that name, and hold memory that is not needed again.
sharp.cache(false);

const OPTIONS: SharpOptions = {
  sequentialRead: true,
  // Every viewer shows a JPEG with stray bytes, which is a warning; a picture that ends early has lost part of the sky.
  failOn: 'error',
  // The size has been checked against the caller's own limit.
  limitInputPixels: false,
};
/** Brightness as stored; a colour profile only costs time. */
const AS_STORED: SharpOptions = { ignoreIcc: true };

/** What a raster decoder reads from the head of a file. */
export interface RasterInfo {
  width: number;
  height: number;
  exifOrientation: number;
  exif?: Uint8Array;
  depth: string;
  space: string;
  /** Which picture of the file, from 0. */
  page: number;
}

/** Only where it says something: not all decoders know pages. */
const pageOptions = (page: number): SharpOptions => (page === 0 ? {} : { page });

/** What is decoded: a whole file, a picture that stands in one, or one that another decoder decodes. */
export type RasterSource = Pick<OpenedImage, 'path' | 'embedded' | 'decoded'>;

/** libvips reads `name[option=value]` as a name and options: a name that ends in `]` has to go round it. */
const isPlainName = ({ path, embedded, decoded }: RasterSource) =>
  !embedded && !decoded && !path.endsWith(']');

/** A picture as sharp decodes it, with the tolerance that all pictures are read with. */
export async function openRaster(source: RasterSource, options: SharpOptions = {}): Promise<Sharp> {
  const { path, embedded, decoded } = source;
  const all = { ...OPTIONS, ...options };
  if (decoded) {
    const { data, width, height } = await decoded();
    return sharp(data, { ...all, raw: { width, height, channels: 4 } });
  }
  if (embedded)
    return sharp(await withImageFile(path, (file) => file.read(embedded.offset, embedded.length)), all);
  return sharp(isPlainName(source) ? path : await readFile(path), all);
}

/** Whether the picture that was measured is the one that sharp finds first; not so for other pages of a file. */
export function isFirstPicture({ part, embedded }: OpenedImage): boolean {
  return part === undefined || embedded !== undefined;
}

/** What a decoder threw, as an error of the image. */
export function decodeError(kind: ImageKind, thrown: unknown): AstroJobsError {
  if (thrown instanceof AstroJobsError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (
    /unsupported (?!image format)|not supported|not configured|not implemented|no decoding plugin/i.test(
      message,
    )
  ) {
    return unsupportedImage(
      `a ${kind.toUpperCase()} in a coding that the decoder does not know`,
      'save it as JPEG or PNG',
    );
  }
  // The decoders have bounds of their own, which keep them from being made to take all memory.
  if (/too large/i.test(message) || (/security|exceeds|beyond/i.test(message) && /limit/i.test(message))) {
    return new AstroJobsError(
      'image_too_large',
      `The image is larger than the decoder of ${kind.toUpperCase()} allows: shrink it, or save it as TIFF or FITS`,
      { cause: thrown },
    );
  }
  const line = message
    .replace(/(?:\/|[A-Za-z]:\\)\S*/g, '…')
    // libvips lists every attempt to seek behind the end.
    .replace(/(?:…:? )?bad seek to \d+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return corruptImage(`its ${kind.toUpperCase()} data cannot be decoded (${line})`, thrown);
}

/** @throws AstroJobsError `corrupt_image`, `unsupported_image` */
export async function readRasterInfo(source: RasterSource, kind: ImageKind, page = 0): Promise<RasterInfo> {
  let metadata: Metadata;
  try {
    metadata = await (await openRaster(source, pageOptions(page))).metadata();
  } catch (thrown) {
    throw decodeError(kind, thrown);
  }
  const { width, height, orientation = 1, exif, depth, space } = metadata;
  return { width, height, exifOrientation: orientation, exif, depth, space, page };
}

/** Whether the decoder shrinks it on its way, by leaving out high frequencies: a JPEG that is a file of its own. */
export const shrinksOnLoad = (kind: ImageKind, source: RasterSource) =>
  kind === 'jpeg' && isPlainName(source);

/** The part of `shrink` that is done while the file is decoded: exactly 1, 2, 4 or 8. */
function shrinkOnLoad(kind: ImageKind, source: RasterSource, shrink: number): number {
  if (!shrinksOnLoad(kind, source)) return 1;
  return shrink % 8 === 0 ? 8 : shrink % 4 === 0 ? 4 : shrink % 2 === 0 ? 2 : 1;
}

/**
 * Shrinks by a whole factor, so that the scale is exact; what is left over at the right and the lower edge is cut off.
 * Every pixel is a mean around its block that falls off linearly; rows are worked through as they are decoded.
 */
function shrinkBlocks(image: Sharp, width: number, height: number, factor: number): Sharp {
  if (factor === 1) return image;
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  return image
    .extract({ left: 0, top: 0, width: columns * factor, height: rows * factor })
    .resize({ width: columns, height: rows, fit: 'fill', kernel: 'linear' });
}

/** Alpha is ignored, palettes and CMYK become grey, 16-bit data stay 16-bit, float data stay float. */
function toGrey(image: Sharp, { depth, space }: RasterInfo): Sharp {
  const opaque = image.removeAlpha();
  if (depth === 'uchar') return opaque.greyscale().raw();
  if (depth === 'ushort') return opaque.toColourspace('grey16').raw({ depth: 'ushort' });
  // Any other conversion would cut scientific data to the range of a screen. Green stands for colour.
  return opaque
    .pipelineColourspace(space)
    .extractChannel(space === 'b-w' ? 0 : 1)
    .toColourspace(space)
    .raw({ depth: 'float' });
}

/** Colour spaces of pictures whose second channel is green, by the depth of their pixels; floats are green in `toGrey`. */
const COLOURS: Readonly<Record<string, readonly string[]>> = { uchar: ['srgb', 'rgb'], ushort: ['rgb16'] };

/** Without any arithmetic on colours. */
function toGreen(image: Sharp, { depth, space }: RasterInfo): Sharp {
  if (depth === 'uchar') return image.extractChannel(1).raw();
  return image.toColourspace(space).extractChannel(1).raw({ depth: 'ushort' });
}

/** A view of the decoder's bytes as the numbers that they are: of 1, 2 or 4 bytes. */
function numbers(data: Buffer, count: number): GreyImage['data'] {
  if (data.length === count) return new Uint8Array(data.buffer, data.byteOffset, count);
  const aligned = data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
  if (data.length === 2 * count) return new Uint16Array(aligned.buffer, aligned.byteOffset, count);
  return new Float32Array(aligned.buffer, aligned.byteOffset, count);
}

/** The raw pixels of one channel, each standing for `shrink`×`shrink` of the original. */
async function planeOf(image: Sharp, shrink: number): Promise<GreyImage> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  return { data: numbers(data, width * height), width, height, scale: [shrink, shrink] };
}

/** How the pixels of a picture are decoded. */
export function rasterPlanes(
  source: RasterSource,
  kind: ImageKind,
  info: RasterInfo,
): Pick<MeasuredImage, 'decode' | 'green'> {
  return {
    decode: (shrink) => decodeRaster(source, kind, info, shrink),
    ...(COLOURS[info.depth]?.includes(info.space) && { green: () => decodeGreen(source, kind, info) }),
  };
}

async function decodeGreen(source: RasterSource, kind: ImageKind, info: RasterInfo): Promise<GreyImage> {
  try {
    const stored = await openRaster(source, { ...AS_STORED, ...pageOptions(info.page) });
    return await planeOf(toGreen(stored, info), 1);
  } catch (thrown) {
    throw decodeError(kind, thrown);
  }
}

/**
 * Decodes to one plane, every pixel of it standing for `shrink`×`shrink` of the original.
 * @throws AstroJobsError `corrupt_image`, `unsupported_image`
 */
async function decodeRaster(
  source: RasterSource,
  kind: ImageKind,
  info: RasterInfo,
  shrink: number,
): Promise<GreyImage> {
  const onLoad = shrinkOnLoad(kind, source, shrink);
  const rest = shrink / onLoad;
  try {
    // The decoder rounds down too: `…[shrink=8]` of 6003 columns are 750.
    const [columns, rows] = [Math.floor(info.width / onLoad), Math.floor(info.height / onLoad)];
    const stored =
      onLoad > 1
        ? sharp(`${source.path}[shrink=${onLoad}]`, { ...OPTIONS, ...AS_STORED })
        : await openRaster(source, { ...AS_STORED, ...pageOptions(info.page) });
    const image = shrinkBlocks(stored, columns, rows, rest);
    return await planeOf(toGrey(image, info), shrink);
  } catch (thrown) {
    throw decodeError(kind, thrown);
  }
}

/**
 * What `decodeRaster` gives of a picture of 8 bits that is not shrunk on load, made of its plane.
 * @throws AstroJobsError `corrupt_image`
 */
export async function shrinkRaster(
  { data: whole, width, height }: GreyImage & { data: Uint8Array },
  kind: ImageKind,
  shrink: number,
): Promise<GreyImage> {
  const stored = sharp(whole, { ...OPTIONS, raw: { width, height, channels: 1 } });
  const image = shrinkBlocks(stored, width, height, shrink).greyscale().raw();
  try {
    return await planeOf(image, shrink);
  } catch (thrown) {
    throw decodeError(kind, thrown);
  }
}
