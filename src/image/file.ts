import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { AstroJobsError } from '../job/errors.js';
import { unsupportedImage } from './errors.js';

/** Random access to the bytes of an open file; reads past its end come back short. */
export interface ByteReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** There is nothing under that name. */
const ABSENT: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the symbolic links go round in a circle',
};
/** There is a file, and the system does not let it be read. */
const UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check the owner and mode of the file',
  EPERM: 'permission denied; check the owner and mode of the file',
  EIO: 'the disk reports an input/output error',
  ESTALE: 'the network file system lost the file',
};

function notFound(path: string, why: string, cause?: unknown): AstroJobsError {
  return new AstroJobsError('image_not_found', `Image not found: ${path} (${why})`, { cause });
}

/** What the file system answered about an image, as an error that says whether the file is there. */
export function fileError(path: string, thrown: unknown): AstroJobsError {
  if (thrown instanceof AstroJobsError) return thrown;
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  const absent = ABSENT[code];
  if (absent !== undefined) return notFound(path, absent, thrown);
  return new AstroJobsError('storage_failed', `The image cannot be read: ${UNREADABLE[code] ?? message}`, {
    cause: thrown,
  });
}

async function asImage<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw fileError(path, thrown);
  }
}

/**
 * Opens a regular file for reading while `work` lasts; never blocks, whatever the path leads to.
 * @throws AstroJobsError `image_not_found`; `unsupported_image` for a folder and anything else that is no regular file;
 *   `storage_failed` for a file that is there and cannot be read.
 */
export async function withImageFile<T>(path: string, work: (file: ByteReader) => Promise<T>): Promise<T> {
  const handle = await asImage(path, () => openRegularFile(path));
  try {
    const { size } = await handle.stat();
    return await work(fileReader(path, handle, size));
  } finally {
    await handle.close();
  }
}

async function openRegularFile(path: string): Promise<FileHandle> {
  if (path === '' || path.includes('\0')) throw notFound(path.replaceAll('\0', '?'), 'that is no file name');
  refuseUnlessFile(await stat(path));
  // The file may have been swapped for a FIFO since: O_NONBLOCK keeps even that from blocking.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    refuseUnlessFile(await handle.stat());
    return handle;
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

/** @throws AstroJobsError `unsupported_image` */
export function refuseUnlessFile(stats: { isFile(): boolean; isDirectory(): boolean }): void {
  if (stats.isDirectory()) throw unsupportedImage('a folder', 'give one image file');
  if (!stats.isFile()) throw unsupportedImage('no regular file', 'give one image file');
}

function fileReader(path: string, handle: FileHandle, size: number): ByteReader {
  return {
    size,
    read: (offset, length) =>
      asImage(path, async () => {
        const wanted = Math.max(0, Math.min(length, size - offset));
        const buffer = Buffer.alloc(wanted);
        let done = 0;
        while (done < wanted) {
          const { bytesRead } = await handle.read(buffer, done, wanted - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      }),
  };
}

/** The same access to bytes that are in memory already. */
export function bytesReader(bytes: Uint8Array): ByteReader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    read: async (offset, length) => buffer.subarray(offset, Math.max(offset, offset + length)),
  };
}

/** The same access to a part of a file, from an offset to its end. */
export function partReader(file: ByteReader, start: number): ByteReader {
  return {
    size: Math.max(0, file.size - start),
    read: (offset, length) => file.read(start + offset, length),
  };
}
