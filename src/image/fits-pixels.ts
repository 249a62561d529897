// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { compressedReader } from '../fits/compressed.js';
import { type FitsFile, type FitsHdu, openFits } from '../fits/hdu.js';
import { exactPlane, pixelDecoder, plainReader } from '../fits/pixels.js';
import type { SourceOptions } from '../fits/source.js';
import { type FitsImage, findImage } from './fits-units.js';
import type { GreyImage, ImageLimits } from './image.js';
import { BlockMean, wholeShrink } from './shrink.js';

/** Rows are read in pieces of about this many values. */
const PIECE_VALUES = 1 << 20;
const DEFAULT_MAX_PIXELS = 400_000_000;

export interface FitsImageOptions extends SourceOptions, Partial<Pick<ImageLimits, 'maxPixels'>> {
  /** Number of the unit (0 is the primary one) or EXTNAME; without it, the likeliest is chosen. */
  extension?: number | string;
}

/**
 * Finds the picture of the sky in a FITS file.
 * @throws AstroJobsError `corrupt_image`; `image_too_large` beyond `maxPixels`; `unsupported_image` when there is none.
 */
export async function inspectFitsImage(
  input: string | Uint8Array,
  options: FitsImageOptions = {},
): Promise<FitsImage> {
  const file = await openFits(input, options);
  try {
    return (await findImage(file, options.maxPixels ?? DEFAULT_MAX_PIXELS, options.extension)).image;
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
    const { image, hdu } = await findImage(file, options.maxPixels ?? DEFAULT_MAX_PIXELS, options.extension);
    file.requireData(hdu);
    return await readGrey(file, hdu, image, shrink, options.signal);
  } finally {
    await file.close();
  }
}

/** One value for the three that stand side by side. */
function meanOfColours(values: Float32Array): Float32Array {
  const grey = new Float32Array(values.length / 3);
  // `values` holds whole pixels.
  for (let i = 0; i < grey.length; i++) {
    grey[i] = (values[3 * i]! + values[3 * i + 1]! + values[3 * i + 2]!) / 3;
  }
  return grey;
}

async function readGrey(
  file: FitsFile,
  hdu: FitsHdu,
  image: FitsImage,
  shrink: number,
  signal?: AbortSignal,
): Promise<GreyImage> {
  const { width, height, planes, colourFirst = false } = image;
  const factor = wholeShrink(shrink, width, height);
  if (factor === 1 && planes === 1 && image.compression === undefined && !colourFirst) {
    const data = await exactPlane(file, hdu, width * height, signal);
    if (data) return { data, width, height, scale: [1, 1] };
  }
  const rows =
    image.compression === undefined
      ? plainReader(file, hdu, colourFirst ? 3 * width : width, height, pixelDecoder(hdu.header))
      : await compressedReader(file, hdu, width, height);
  const mean = new BlockMean({ width, height, shrink: factor, planes, type: Float32Array });
  const step = Math.max(1, Math.floor(PIECE_VALUES / width));
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < height; row += step) {
      signal?.throwIfAborted();
      const count = Math.min(step, height - row);
      const values = await rows(plane, row, count);
      mean.add(colourFirst ? meanOfColours(values) : values);
    }
  }
  return mean.image();
}
