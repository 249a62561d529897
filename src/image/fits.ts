import { openFits } from '../fits/hdu.js';
import { type FitsHeader, inheritHeader } from '../fits/header.js';
import { AstroJobsError } from '../job/errors.js';
import type { RowOrder } from '../wcs/display.js';
import { unsupportedImage } from './errors.js';
import { inspectFitsImage, readFitsImage } from './fits-pixels.js';
import type { ImageLimits, MeasuredImage, OpenOptions } from './image.js';

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
      ...(part !== undefined && { part }),
      decode: (shrink, signal) => readFitsImage(path, shrink, { ...options, extension: hduIndex, signal }),
    };
  } catch (thrown) {
    const noPicture = thrown instanceof AstroJobsError && thrown.code === 'unsupported_image';
    const list = noPicture ? await measureSourceList(path, maxBytes) : undefined;
    if (list) return list;
    throw thrown;
  }
}

function hasPositions(header: FitsHeader): boolean {
  const fields = header.number('TFIELDS') ?? 0;
  const names = new Set<string | undefined>();
  for (let i = 1; i <= Math.min(fields, 999); i++) names.add(header.string(`TTYPE${i}`)?.toUpperCase());
  return names.has('X') && names.has('Y');
}

/** A table whose columns are X and Y, as solvers and star finders write them (`.axy`, `.xyls`). */
async function measureSourceList(path: string, maxExpandedBytes: number): Promise<MeasuredImage | undefined> {
  const file = await openFits(path, { maxExpandedBytes });
  try {
    let primary: FitsHeader | undefined;
    for await (const { type, header: own } of file.hdus()) {
      primary ??= own;
      if (type !== 'BINTABLE') continue;
      if (!hasPositions(own)) return undefined;
      const header = inheritHeader(own, primary);
      const size = (keyword: string) => Math.max(0, Math.round(header.number(keyword) ?? 0));
      return {
        kind: 'source-list',
        width: size('IMAGEW'),
        height: size('IMAGEH'),
        rowOrder: rowOrderOf(header),
        exifOrientation: 1,
        fitsHeader: header,
        notes: [...header.notes],
        decode: async () => {
          throw unsupportedImage('a list of stars without pixels', 'give the image that they were found in');
        },
      };
    }
    return undefined;
  } finally {
    await file.close();
  }
}
