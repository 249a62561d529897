import type { GreyImage } from '../image/image.js';

/** The image with dark and bright exchanged: stars of a negative, as plates are scanned, become bright. Pixels without a value stay so. */
export function negativeOf(grey: GreyImage): GreyImage {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of grey.data) if (value > most) most = value;
  return { ...grey, data: grey.data.map((value) => most - value) };
}
