import { compressedReader } from '../fits/compressed.js';
import { type FitsFile, type FitsHdu, integerCard, openFits } from '../fits/hdu.js';
import { type FitsHeader, inheritHeader } from '../fits/header.js';
import { exactPlane, pixelDecoder, plainReader } from '../fits/pixels.js';
import type { SourceOptions } from '../fits/source.js';
import { AstroJobsError } from '../job/errors.js';
import type { GreyImage, ImageLimits } from './image.js';
import { BlockMean, wholeShrink } from './shrink.js';

/** Rows are read in pieces of about this many values. */
const PIECE_VALUES = 1 << 20;
const MAX_SIDE = 2 ** 31 - 1;
const DEFAULT_MAX_PIXELS = 400_000_000;

/** The picture that a FITS file holds, recognised and measured; no pixel is read yet. */
export interface FitsImage {
  /** The image's header, and under it what only the primary header says. */
  header: FitsHeader;
  /** Which unit holds it. */
  hduIndex: number;
  width: number;
  height: number;
  /** 3 for colour. Other cubes count as their first plane. */
  planes: 1 | 3;
  /** `ZCMPTYPE` of a tile-compressed image. */
  compression?: string;
}

export interface FitsImageOptions extends SourceOptions, Partial<Pick<ImageLimits, 'maxPixels'>> {}

function isCompressed(hdu: FitsHdu): boolean {
  return hdu.type === 'BINTABLE' && hdu.header.boolean('ZIMAGE') === true;
}

function imageAxes(hdu: FitsHdu): number[] {
  if (!isCompressed(hdu)) return hdu.type === 'PRIMARY' || hdu.type === 'IMAGE' ? hdu.axes : [];
  const naxis = integerCard(hdu.header, 'ZNAXIS', 0, 999);
  return Array.from({ length: naxis }, (_, i) => integerCard(hdu.header, `ZNAXIS${i + 1}`, 0, MAX_SIDE));
}

/** The first unit that holds a picture: two axes or more, none of them empty. */
async function findImage(file: FitsFile, maxPixels: number): Promise<{ image: FitsImage; hdu: FitsHdu }> {
  let primary: FitsHeader | undefined;
  for await (const hdu of file.hdus()) {
    primary ??= hdu.header;
    const axes = imageAxes(hdu);
    const [width, height, depth = 1] = axes;
    if (width === undefined || height === undefined || axes.includes(0)) continue;
    if (width > MAX_SIDE || height > MAX_SIDE || width * height > maxPixels) {
      throw new AstroJobsError(
        'image_too_large',
        `FITS: the image claims ${width} by ${height} pixels, more than the ${maxPixels} that are allowed (maxPixels)`,
      );
    }
    const header = hdu.header === primary ? primary : inheritHeader(hdu.header, primary);
    const compression = isCompressed(hdu) ? (hdu.header.string('ZCMPTYPE') ?? 'unknown') : undefined;
    const image: FitsImage = { header, hduIndex: hdu.index, width, height, planes: depth === 3 ? 3 : 1 };
    return { image: compression === undefined ? image : { ...image, compression }, hdu };
  }
  throw new AstroJobsError('unsupported_image', 'FITS: the file holds no picture, only headers or tables');
}

/**
 * Finds the picture in a FITS file, in the primary unit or the first extension that has one.
 * @throws AstroJobsError `corrupt_image`; `image_too_large` beyond `maxPixels`; `unsupported_image` when there is none.
 */
export async function inspectFitsImage(
  input: string | Uint8Array,
  options: FitsImageOptions = {},
): Promise<FitsImage> {
  const file = await openFits(input, options);
  try {
    return (await findImage(file, options.maxPixels ?? DEFAULT_MAX_PIXELS)).image;
  } finally {
    await file.close();
  }
}

/**
 * Reads the picture as one plane of brightness in file order, averaged over blocks of `shrink` by `shrink` pixels (and
 * over the planes of a colour cube) while it is read: beside the result, only a few rows are ever held. Unshrunk 8-bit
 * and unsigned 16-bit pixels stay what they are.
 * @param shrink a whole number, 1 = full size; columns and rows that fill no whole block are left out.
 * @throws AstroJobsError as `inspectFitsImage`, `corrupt_image` when pixels are missing or damaged, `unsupported_image`
 *   for a compression that is not known; `signal.reason` when ended.
 */
export async function readFitsImage(
  input: string | Uint8Array,
  shrink: number = 1,
  options: FitsImageOptions & { signal?: AbortSignal } = {},
): Promise<GreyImage> {
  const file = await openFits(input, options);
  try {
    const { image, hdu } = await findImage(file, options.maxPixels ?? DEFAULT_MAX_PIXELS);
    file.requireData(hdu);
    return await readGrey(file, hdu, image, shrink, options.signal);
  } finally {
    await file.close();
  }
}

async function readGrey(
  file: FitsFile,
  hdu: FitsHdu,
  image: FitsImage,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const { width, height, planes } = image;
  const factor = wholeShrink(shrink, width, height);
  if (factor === 1 && planes === 1 && image.compression === undefined) {
    const data = await exactPlane(file, hdu, width * height, signal);
    if (data) return { data, width, height, scale: [1, 1] };
  }
  const rows =
    image.compression === undefined
      ? plainReader(file, hdu, width, height, pixelDecoder(hdu.header))
      : await compressedReader(file, hdu, width, height);
  const mean = new BlockMean({ width, height, shrink: factor, planes, type: Float32Array });
  const step = Math.max(1, Math.floor(PIECE_VALUES / width));
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < height; row += step) {
      signal?.throwIfAborted();
      const count = Math.min(step, height - row);
      mean.add(await rows(plane, row, count));
    }
  }
  return mean.image();
}
