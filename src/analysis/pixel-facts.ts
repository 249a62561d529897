import { DECODERS } from '../image/decoders.js';
import type { OpenedImage } from '../image/image.js';
import type { Measurement } from '../measure/measurement.js';
import type { PixelFacts } from '../measure/photometry.js';

/** What a file says of the numbers in its pixels. */
export function pixelFacts(image: OpenedImage, { pixels }: Pick<Measurement, 'pixels'>): PixelFacts {
  const { measurements } = DECODERS[image.kind];
  const isLight =
    measurements === 'all' || pixels === 'float' || (measurements === 'beyond-8-bit' && pixels === 'uint16');
  return {
    meaning: isLight ? 'light' : pixels === 'uint16' ? 'unknown' : 'picture',
    offset: offsetOf(image),
  };
}

/**
 * Value of a pixel without light. PEDESTAL is what has to be added for a zero without light; CALSTAT names what was applied, B and D being bias and
 * dark frames.
 */
function offsetOf({ fitsHeader }: OpenedImage): number | undefined {
  const pedestal = fitsHeader?.number('PEDESTAL');
  if (pedestal !== undefined) return -pedestal;
  return /[BD]/i.test(fitsHeader?.string('CALSTAT') ?? '') ? 0 : undefined;
}
