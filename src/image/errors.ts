import { AstroJobsError } from '../job/errors.js';
import type { ImageKind, ImageLimits } from './image.js';

// These messages end up in results, which tell nothing of the host: no path stands in them.

export function corruptImage(why: string, cause?: unknown): AstroJobsError {
  return new AstroJobsError('corrupt_image', `The image is damaged: ${why}; get a whole copy of it`, {
    cause,
  });
}

export function unsupportedImage(what: string, advice: string): AstroJobsError {
  return new AstroJobsError('unsupported_image', `The file is ${what}, which cannot be read here: ${advice}`);
}

/**
 * Refuses a size before anything is decoded.
 * @throws AstroJobsError `corrupt_image` for no pixels, `image_too_large` beyond `maxPixels`.
 */
export function checkSize(width: number, height: number, limits: ImageLimits): void {
  if (!(width >= 1 && height >= 1)) throw corruptImage(`its size is ${width}×${height} pixels`);
  if (width * height > limits.maxPixels) {
    throw new AstroJobsError(
      'image_too_large',
      `The image has ${width}×${height} pixels; at most ${limits.maxPixels} are allowed: shrink it, or raise maxPixels`,
    );
  }
}

/**
 * Refuses a picture that its decoder would hold as a whole, before that happens.
 * @param needed bytes
 * @throws AstroJobsError `image_too_large` beyond half of `maxMemoryBytes`.
 */
export function checkMemory(kind: ImageKind, needed: number, { maxMemoryBytes }: ImageLimits): void {
  if (needed <= maxMemoryBytes / 2) return;
  const [wanted, allowed] = [needed, maxMemoryBytes / 2].map((bytes) => Math.round(bytes / 2 ** 20));
  throw new AstroJobsError(
    'image_too_large',
    `Decoding this ${kind.toUpperCase()} takes about ${wanted} MiB of memory; at most ${allowed} are allowed: shrink it, save it as JPEG or FITS, or raise maxMemoryBytes`,
  );
}
