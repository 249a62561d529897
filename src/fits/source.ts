import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { ByteSource } from './byte-source.js';
import { compressionOf, ExpandedSource, MAGIC_BYTES } from './expanded-source.js';

export interface SourceOptions {
  /**
   * How many bytes a compressed file may expand to before it is refused.
   * @default 2 GiB
   */
  maxExpandedBytes?: number;
}

const DEFAULT_MAX_EXPANDED_BYTES = 2 ** 31;

function requireSize(size: number, bytes: number): void {
  if (bytes <= size) return;
  throw new AstroJobsError(
    'corrupt_image',
    `FITS: the headers claim ${bytes} bytes, and the file has ${size}`,
  );
}

function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    require: (wanted) => requireSize(bytes.byteLength, wanted),
    async read(target, offset) {
      const piece = bytes.subarray(offset, offset + target.byteLength);
      target.set(piece);
      return piece.byteLength;
    },
    async close() {},
  };
}

/** Opens without waiting, so that a FIFO is recognised and not listened to. */
async function fileSource(path: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AstroJobsError('image_not_found', 'FITS: the file does not exist', { cause: error });
    }
    throw toAstroJobsError(error, 'Opening a FITS file');
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new AstroJobsError('unsupported_image', 'FITS: not a regular file');
    return {
      size: stat.size,
      require: (wanted) => requireSize(stat.size, wanted),
      async read(target, offset) {
        let filled = 0;
        while (filled < target.byteLength) {
          const { bytesRead } = await handle.read(
            target,
            filled,
            target.byteLength - filled,
            offset + filled,
          );
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled;
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw toAstroJobsError(error, 'Opening a FITS file');
  }
}

/**
 * A file (only read, in pieces) or bytes in memory; what is gzip, bzip2 or Zstandard inside, whatever its name, is expanded on the fly.
 * @throws AstroJobsError `image_not_found`; `unsupported_image` when it is no regular file.
 */
export async function openSource(
  input: string | Uint8Array,
  options: SourceOptions = {},
): Promise<ByteSource> {
  const source = typeof input === 'string' ? await fileSource(input) : memorySource(input);
  const head = Buffer.alloc(MAGIC_BYTES);
  try {
    await source.read(head, 0);
  } catch (error) {
    await source.close();
    throw toAstroJobsError(error, 'Reading a FITS file');
  }
  const compression = compressionOf(head);
  if (!compression) return source;
  return new ExpandedSource(source, compression, options.maxExpandedBytes ?? DEFAULT_MAX_EXPANDED_BYTES);
}
