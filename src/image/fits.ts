import type { FitsHeader } from '../fits/header.js';
import { AstroJobsError } from '../job/errors.js';
import type { RowOrder } from '../wcs/display.js';
import { inspectFitsImage, readFitsImage } from './fits-pixels.js';
import type { ImageLimits, MeasuredImage, OpenOptions } from './image.js';
import { measureStarTable } from './star-list.js';

/** Siril and others say so where they write the uppermost row first; the standard's order is the other one. */
function rowOrderOf(header: FitsHeader): RowOrder {
  return /^TOP[-_ ]?DOWN$/i.test(header.string('ROWORDER') ?? '') ? 'top-down' : 'bottom-up';
}

/**
 * The picture in a FITS file, or the source list when it holds a table of stars instead.
 * @throws AstroJobsError `corrupt_image`, `image_too_large`, `unsupported_image`
 */
export async function measureFits(
  path: string,
  { maxBytes, maxPixels, extension }: ImageLimits & Pick<OpenOptions, 'extension'>,
): Promise<MeasuredImage> {
  // What a gzip file expands to is bounded like a file that was not compressed.
  const options = { maxExpandedBytes: maxBytes, maxPixels };
  const chosen = extension === undefined ? options : { ...options, extension };
  try {
    const { header, width, height, hduIndex, part } = await inspectFitsImage(path, chosen);
    return {
      width,
      height,
      rowOrder: rowOrderOf(header),
      exifOrientation: 1,
      fitsHeader: header,
      notes: [...header.notes],
      unit: hduIndex,
      ...(part !== undefined && { part }),
      decode: (shrink, signal) => readFitsImage(path, shrink, { ...options, extension: hduIndex, signal }),
    };
  } catch (thrown) {
    const noPicture = thrown instanceof AstroJobsError && thrown.code === 'unsupported_image';
    const list = noPicture ? await measureStarTable(path, { maxBytes, extension }) : undefined;
    if (list) return list;
    throw thrown;
  }
}
