import { randomBytes } from 'node:crypto';
import {
  chmod,
  constants,
  copyFile,
  type FileHandle,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { noPlace } from '../../process/folders.js';
import type { Access } from '../job-store.js';

/** Permissions of what a store makes. */
export interface Modes {
  file: number;
  folder: number;
}

/** What the users of a jobs directory may do with its files. */
export const modesOf = (access: Access): Modes =>
  access === 'group' ? { file: 0o660, folder: 0o770 } : { file: 0o600, folder: 0o700 };

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
  return (await openSized(path, flags, mode)).handle;
}

async function openSized(
  path: string,
  flags = constants.O_RDONLY,
  mode?: number,
): Promise<{ handle: FileHandle; size: number }> {
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
    const stat = await handle.stat();
    if (stat.isFile()) return { handle, size: stat.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  throw refuse();
}

/** The largest documents that are read, bytes; none of ours comes near, and parsing more would hold up the event loop. */
export const MAX_DOCUMENT_BYTES = { status: 2 ** 20, result: 8 * 2 ** 20 } as const;

/**
 * Reads a document whole; undefined when there is none.
 * @throws AstroJobsError `corrupt_document`
 */
export async function readDocument(
  path: string,
  kind: keyof typeof MAX_DOCUMENT_BYTES,
): Promise<Buffer | undefined> {
  const opened = await unlessMissing(openSized(path), undefined);
  if (!opened) return undefined;
  const { handle, size } = opened;
  try {
    if (size > MAX_DOCUMENT_BYTES[kind]) {
      throw new AstroJobsError('corrupt_document', `${basename(path)} is too large for a document`);
    }
    return await readBytes(handle, size);
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

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** What a call gives, or `absent` if nothing is at its path. Any other error is one: a disk that fails is not an empty one. */
export async function unlessMissing<T, A>(call: Promise<T>, absent: A): Promise<T | A> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return absent;
    throw error;
  }
}

/** A real folder; a symbolic link to one is not. */
export async function isFolder(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path), undefined))?.isDirectory() ?? false;
}

/**
 * Makes a folder and those above it. What stands there must be a folder of its own: through a symbolic link another user
 * would decide where jobs are written.
 * @throws AstroJobsError `storage_failed`
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const made = await mkdirOnce(path, mode).catch(async (error: NodeJS.ErrnoException) => {
    // Not at once: on a read-only disk a recursive mkdir says that a folder is missing.
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(dirname(path), mode);
    return mkdirOnce(path, mode).catch((again: unknown) => {
      throw isMissing(again) ? noPlace(path) : again;
    });
  });
  if (made) {
    if (isShared(mode)) await chmod(path, mode);
  } else if (!(await isFolder(path))) {
    throw new AstroJobsError(
      'storage_failed',
      `${basename(path)} in the jobs directory is no folder of its own; remove what has been put in its place`,
    );
  }
}

/**
 * That there is a folder, or that one could be made there, which is tried beside the place of the first folder that is missing.
 * @throws AstroJobsError `storage_failed`; errors of the file system
 */
export async function assertHoldsFolders(path: string): Promise<void> {
  const there = await unlessMissing(stat(path), undefined);
  if (there?.isDirectory()) return;
  if (there) throw new AstroJobsError('storage_failed', `${path} is a file, not a folder`);
  let above = dirname(path);
  while (!(await exists(above))) above = dirname(above);
  try {
    await rmdir(await mkdtemp(join(above, '.probe-')));
  } catch (error) {
    const doing = `${path} is not there and cannot be made`;
    const { message } = isMissing(error)
      ? { message: `${doing}: the file system there takes no folders` }
      : toAstroJobsError(error, doing);
    throw new AstroJobsError('storage_failed', message, { cause: error });
  }
}

/** `false`: something stands there already, perhaps since this moment. */
async function mkdirOnce(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path), undefined)) !== undefined;
}

/** Makes the entries of a folder survive a power cut. Not every file system can; those that cannot say so by these errors. */
export async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, constants.O_RDONLY);
    await handle.sync();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EINVAL' && code !== 'EISDIR' && code !== 'EPERM') throw error;
  } finally {
    await handle?.close();
  }
}

/** The umask may take from the group what it is to have. */
const isShared = (mode: number) => (mode & 0o070) !== 0;

/** Writes a file that is on the disk, byte for byte, when this resolves. The path must not exist yet. */
export function writeDurably(path: string, data: FileData, mode: number): Promise<void> {
  return writeNew(path, data, mode, { durably: true });
}

export type FileData = Uint8Array | string | AsyncIterable<Uint8Array>;

/** Writes a file where none is; not `durably`, whoever asks for it sees to it that it comes to the disk. */
export async function writeNew(
  path: string,
  data: FileData,
  mode: number,
  { durably }: { durably: boolean },
): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    if (typeof data !== 'string' && !(data instanceof Uint8Array))
      for await (const chunk of data) await writeAll(handle, chunk);
    else if (data.length > 0) await handle.writeFile(data);
    if (isShared(mode)) await handle.chmod(mode);
    if (durably) await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies a file; the copy is on the disk when this resolves. */
export async function copyDurably(from: string, to: string, mode: number): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < chunk.length) {
    const { bytesWritten } = await handle.write(chunk, offset, chunk.length - offset);
    offset += bytesWritten;
  }
}

/** A name in `folder` that no other caller or process uses. */
export function scratchName(folder: string): string {
  return join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
}

/** Puts a whole document in the place of the one before, at once for every reader and durable when it resolves. */
export async function replaceDocument(
  path: string,
  data: string,
  scratchFolder: string,
  mode: number,
): Promise<void> {
  const temporary = scratchName(scratchFolder);
  try {
    await writeDurably(temporary, data, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes a whole document at a path where none is: `false`, and nothing changed, if another process was first. Atomic on every POSIX file system, NFS included. */
export async function createDocument(
  path: string,
  data: string,
  scratchFolder: string,
  mode: number,
): Promise<boolean> {
  const temporary = scratchName(scratchFolder);
  try {
    await writeDurably(temporary, data, mode);
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}
