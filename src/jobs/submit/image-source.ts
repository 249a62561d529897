import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unknownKind } from '../../image/decoders.js';
import { corruptImage, unsupportedImage } from '../../image/errors.js';
import { fileError, refuseUnlessFile } from '../../image/file.js';
import { HEAD_BYTES, identify } from '../../image/kind.js';
import { AstroJobsError } from '../../job/errors.js';

/** What `submit` takes as an image: a path, a `file:` URL, bytes, a Blob or File, or anything that yields bytes. */
export type ImageInput =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/** An image on its way into a store. */
export interface ImageSource extends AsyncDisposable {
  /** As its owner calls it. */
  name: string;
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * Opens an image and looks at its first bytes, so that what is certainly no image is refused before there is a job.
 * @throws AstroJobsError `invalid_params` for what is no `ImageInput`; `image_not_found`, `storage_failed` (it is there and cannot be read), `unsupported_image`, `corrupt_image`
 *   (empty); `image_too_large` while it is read
 */
export async function openSource(
  image: ImageInput,
  { filename, maxBytes, signal }: { filename?: string; maxBytes: number; signal?: AbortSignal },
): Promise<ImageSource> {
  signal?.throwIfAborted();
  const path = pathOf(image);
  const name = filename ?? nameOfInput(image);
  const parts = path === undefined ? partsOf(image) : await readFile(path);
  const iterator = parts[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let headBytes = 0;
  try {
    while (headBytes < HEAD_BYTES) {
      const { done, value } = await iterator.next();
      if (done) break;
      head.push(value);
      headBytes += value.length;
    }
    refuseNonImages(name, Buffer.concat(head).subarray(0, HEAD_BYTES));
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
  return {
    name,
    bytes: limited(head, iterator, maxBytes, signal),
    // Also when no byte was read: an open file must not wait for the garbage collector.
    [Symbol.asyncDispose]: async () => {
      await iterator.return?.();
    },
  };
}

/** The bytes of an image that is opened when they are asked for; what `openSource` throws is thrown then. */
export async function* bytesOf(
  image: ImageInput,
  options: Parameters<typeof openSource>[1],
): AsyncGenerator<Uint8Array> {
  await using source = await openSource(image, options);
  yield* source.bytes;
}

/** What an image is called, before it is opened. @throws AstroJobsError `invalid_params` for a URL that is of no file here */
export function nameOfInput(image: ImageInput): string {
  const path = pathOf(image);
  return path === undefined ? nameOf(image) : basename(path);
}

/** @throws AstroJobsError `corrupt_image`, `unsupported_image`, by the name of what it is */
function refuseNonImages(name: string, head: Uint8Array): void {
  const about = (error: AstroJobsError) =>
    new AstroJobsError(error.code, `${name}: ${error.message}`, { cause: error });
  if (head.length === 0) throw about(corruptImage('the file is empty (0 bytes)'));
  const is = identify(head);
  if (!is) throw about(unknownKind());
  if ('unsupported' in is) throw about(unsupportedImage(is.unsupported, is.advice));
}

async function* limited(
  head: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  maxBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  const counted = (chunk: Uint8Array) => {
    signal?.throwIfAborted();
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new AstroJobsError('image_too_large', `The image has more than ${maxBytes} bytes (maxBytes)`);
    return chunk;
  };
  for (const chunk of head) yield counted(chunk);
  for (let part = await rest.next(); !part.done; part = await rest.next()) yield counted(part.value);
}

/** The path of a file, where the image is named and not given. @throws AstroJobsError `invalid_params` for another URL */
function pathOf(image: ImageInput): string | undefined {
  if (typeof image === 'string') return image;
  if (!(image instanceof URL)) return undefined;
  if (image.protocol === 'file:' && image.host === '') return fileURLToPath(image);
  throw new AstroJobsError(
    'invalid_params',
    `Expected the URL of an image to be of a file of this machine (file:///…), got ${image.origin}; fetch it, and give what came`,
  );
}

function nameOf(image: ImageInput): string {
  const { name } = Object(image) as { name?: unknown };
  return typeof name === 'string' ? name : 'image';
}

/** @throws AstroJobsError `invalid_params` */
async function* partsOf(image: ImageInput): AsyncGenerator<Uint8Array> {
  if (image instanceof Uint8Array) yield image;
  else if (image instanceof ArrayBuffer) yield new Uint8Array(image);
  else if (image instanceof Blob) yield* image.stream() as unknown as AsyncIterable<Uint8Array>;
  else if (typeof (image as Partial<AsyncIterable<Uint8Array>> | null)?.[Symbol.asyncIterator] !== 'function')
    throw notAnImage(image);
  else
    for await (const part of image as AsyncIterable<Uint8Array>) {
      if (!(part instanceof Uint8Array)) throw notAnImage(part);
      yield part;
    }
}

function notAnImage(given: unknown): AstroJobsError {
  const type = given === null ? 'null' : typeof given;
  return new AstroJobsError(
    'invalid_params',
    `Expected the image to be a path, a file: URL, bytes, a Blob, or a stream of bytes (Uint8Array), got ${type}`,
  );
}

async function readFile(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    refuseUnlessFile(await stat(path));
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return handle.createReadStream();
  } catch (thrown) {
    const error = fileError(path, thrown);
    throw error.code === 'image_not_found'
      ? error
      : new AstroJobsError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
