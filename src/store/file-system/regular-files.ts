import type { BigIntStats } from 'node:fs';
import { constants, type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import { unlessMissing } from './missing.js';

/** Never through a symbolic link, and without waiting: a FIFO in the place of a file cannot stop the process. */
const GUARDED = constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** What opening something that is no regular file says: a link, a FIFO without a reader, a socket. */
const NO_FILE = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR']);

/** @throws AstroJobsError `corrupt_document` for anything but a regular file, wherever it leads */
export async function openRegular(
  path: string,
  flags = constants.O_RDONLY,
  mode?: number,
): Promise<FileHandle> {
  return (await openWithStat(path, flags, mode)).handle;
}

async function openWithStat(
  path: string,
  flags = constants.O_RDONLY,
  mode?: number,
): Promise<{ handle: FileHandle; stat: BigIntStats }> {
  const refuse = () =>
    new AstroJobsError(
      'corrupt_document',
      `${basename(path)} is no regular file; remove what has been put in its place`,
    );
  let handle: FileHandle;
  try {
    handle = await open(path, flags | GUARDED, mode);
  } catch (error) {
    throw NO_FILE.has((error as NodeJS.ErrnoException).code ?? '') ? refuse() : error;
  }
  try {
    const stat = await handle.stat({ bigint: true });
    if (stat.isFile()) return { handle, stat };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw refuse();
}

/** The largest documents that are read, bytes; none of ours comes near, and parsing more would hold up the event loop. */
export const MAX_DOCUMENT_BYTES = { status: 2 ** 20, result: 8 * 2 ** 20 } as const;

/** A document as it was when its file had this stamp. */
export interface StampedDocument {
  data: Buffer;
  stamp: string;
}

/** Tells whether a file is still the one that was read: whoever replaces it whole leaves another inode, whoever writes into it another time. */
export const stampOf = ({ ino, size, mtimeNs }: BigIntStats): string => `${ino} ${size} ${mtimeNs}`;

/**
 * Reads a document whole; undefined when there is none.
 * @throws AstroJobsError `corrupt_document`
 */
export async function readDocument(
  path: string,
  kind: keyof typeof MAX_DOCUMENT_BYTES,
): Promise<Buffer | undefined> {
  return (await readStamped(path, kind))?.data;
}

/** As `readDocument`, with the stamp of the file. */
export async function readStamped(
  path: string,
  kind: keyof typeof MAX_DOCUMENT_BYTES,
): Promise<StampedDocument | undefined> {
  const opened = await unlessMissing(openWithStat(path), undefined);
  if (!opened) return undefined;
  const { handle, stat } = opened;
  try {
    if (stat.size > MAX_DOCUMENT_BYTES[kind]) {
      throw new AstroJobsError('corrupt_document', `${basename(path)} is too large for a document`);
    }
    return { data: await readBytes(handle, Number(stat.size)), stamp: stampOf(stat) };
  } finally {
    await handle.close();
  }
}

/** As many as there are, at most `size`: with a size that is known, in fewer calls than `readFile` makes. */
async function readBytes(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let length = 0;
  for (let last = -1; last !== 0 && length < size; length += last)
    last = (await handle.read(bytes, length, size - length, length)).bytesRead;
  return bytes.subarray(0, length);
}

/** Adds to a file in one piece, making it if need be. @throws AstroJobsError `corrupt_document` */
export async function appendTo(path: string, text: string, mode: number): Promise<void> {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants;
  const handle = await openRegular(path, O_WRONLY | O_APPEND | O_CREAT, mode);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
