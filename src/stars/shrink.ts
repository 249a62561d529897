/** Stars are looked for in at most this many pixels: more of them tell nothing new of the bright ones, and take longer. */
const MAX_SEARCHED_PIXELS = 3_500_000;
/** Images smaller than this are not shrunk: their stars are few and small. */
const SMALL_IMAGE_PIXELS = 150_000;
/** An image of fewer pixels along its shorter side has no stars to speak of. */
const SMALLEST_SIDE = 100;

/** The factor by which an image is shrunk before stars are looked for, as long as nothing speaks for another. */
export function usualShrink(width: number, height: number, downsample: number): number {
  const pixels = width * height;
  let shrink = pixels < SMALL_IMAGE_PIXELS && downsample === 2 ? 1 : downsample;
  while (pixels / shrink ** 2 > MAX_SEARCHED_PIXELS) shrink *= 2;
  return shrink;
}

/** All factors that are worth trying: the usual one first, then those of a larger and of a smaller image. */
export function shrinksOf(width: number, height: number, downsample: number): number[] {
  const usual = usualShrink(width, height, downsample);
  const others = [usual / 2, usual * 2].filter(
    (shrink) =>
      shrink >= 1 &&
      (width * height) / shrink ** 2 <= MAX_SEARCHED_PIXELS &&
      Math.min(width, height) / shrink >= SMALLEST_SIDE,
  );
  return [usual, ...others];
}
