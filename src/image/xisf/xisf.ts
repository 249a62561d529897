import type { ByteReader } from '../file.js';
import type { ImageLimits, MeasuredImage, OpenOptions } from '../image.js';
import { chooseImage, describeImage } from './geometry.js';
import { readXisfHeader } from './header.js';
import { xisfKeywords } from './keywords.js';
import { decodeXisf } from './pixels.js';

/**
 * A picture of a monolithic XISF file, as PixInsight, N.I.N.A. and others write it.
 *
 * Source: XISF Version 1.0 Specification, https://pixinsight.com/doc/docs/XISF-1.0-spec/XISF-1.0-spec.html
 * @throws AstroJobsError `corrupt_image`, `unsupported_image`
 */
export async function measureXisf(
  path: string,
  file: ByteReader,
  { maxBytes, extension }: ImageLimits & Pick<OpenOptions, 'extension'>,
): Promise<MeasuredImage> {
  const root = await readXisfHeader(file);
  const elements = root.children.filter(({ name }) => name === 'Image');
  const chosen = chooseImage(elements, extension);
  const image = describeImage(chosen, file.size);
  const id = chosen.attributes.get('id');
  const number = `image ${elements.indexOf(chosen) + 1} of ${elements.length}`;
  return {
    width: image.width,
    height: image.height,
    rowOrder: 'top-down',
    exifOrientation: 1,
    fitsHeader: xisfKeywords(root, chosen),
    ...(elements.length > 1 && { part: id ? `${number} (${id.slice(0, 80)})` : number }),
    notes: [],
    decode: (shrink, signal) => decodeXisf(path, image, maxBytes, shrink, signal),
  };
}
