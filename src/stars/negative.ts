import type { GreyImage } from '../image/image.js';

/** The image with dark and bright exchanged: stars of a negative, as plates are scanned, become bright. Pixels without a value stay so. */
export function negativeOf(grey: GreyImage): GreyImage {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of grey.data) if (value > most) most = value;
  return { ...grey, data: grey.data.map((value) => most - value) };
}

/** One pixel of so many tells enough of the background. */
const STEP = 5;

/** Whether the background is nearer to the brightest pixels than to the darkest, as that of a negative is, and of a bright sky. */
export function hasBrightBackground({ data }: GreyImage): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [sum, count] = [0, 0];
  for (let i = 0; i < data.length; i += STEP) {
    const value = data[i] as number; // Inside the array.
    if (Number.isNaN(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
    count++;
  }
  return 2 * sum > (least + most) * count;
}
