import { DEFAULTS } from '../defaults.js';
import { AstroJobsError } from '../job/errors.js';
import { DECODERS, unknownKind } from './decoders.js';
import { checkMemory, checkSize, corruptImage, unsupportedImage } from './errors.js';
import { type ByteReader, withImageFile } from './file.js';
import type { ImageKind, ImageLimits, OpenedImage, OpenOptions } from './image.js';
import { HEAD_BYTES, identify } from './kind.js';
import { wholeShrink } from './shrink.js';

/**
 * Recognises and measures an image by its content; decodes nothing. Whatever lies at `path`, the answer comes at once.
 *
 * @throws AstroJobsError `image_not_found` (there is none), `storage_failed` (it is there and cannot be read),
 * `unsupported_image` (with its name and what to do), `corrupt_image`, `image_too_large`
 */
export async function openImage(path: string, options: OpenOptions = {}): Promise<OpenedImage> {
  const extension = partOf(options);
  const bounds: ImageLimits = {
    maxBytes: options.maxBytes ?? DEFAULTS.maxBytes,
    maxPixels: options.maxPixels ?? DEFAULTS.maxPixels,
    maxMemoryBytes: options.maxMemoryBytes ?? DEFAULTS.maxMemoryBytes,
  };
  return withImageFile(path, async (file) => {
    const recognised = await recognise(file, bounds);
    const { decode, ...measured } = await DECODERS[recognised].measure(path, file, { ...bounds, extension });
    const { width, height, kind = recognised } = measured;
    if (DECODERS[kind].hasPixels) {
      checkSize(width, height, bounds);
      checkMemory(kind, width * height * (DECODERS[kind].heldPerPixel ?? 0), bounds);
    }
    const grey: OpenedImage['grey'] = async (shrink, signal) => {
      signal?.throwIfAborted();
      const image = await decode(wholeShrink(shrink, width, height), signal);
      signal?.throwIfAborted();
      return image;
    };
    return { ...measured, path, kind, grey };
  });
}

function partOf({ extension }: OpenOptions): number | string | undefined {
  return typeof extension === 'string' && /^\s*\d{1,6}\s*$/.test(extension) ? Number(extension) : extension;
}

async function recognise(file: ByteReader, { maxBytes }: ImageLimits): Promise<ImageKind> {
  if (file.size === 0) throw corruptImage('the file is empty (0 bytes)');
  if (file.size > maxBytes) {
    throw new AstroJobsError(
      'image_too_large',
      `The file has ${file.size} bytes; at most ${maxBytes} are allowed: shrink the image, or raise maxBytes`,
    );
  }
  const found = identify(await file.read(0, HEAD_BYTES));
  if (found === undefined) throw unknownKind();
  if ('unsupported' in found) throw unsupportedImage(found.unsupported, found.advice);
  return found.kind;
}
