import { randomBytes } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Permissions of what a store makes. */
export interface Modes {
  file: number;
  folder: number;
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW;

/** Opens a file for reading; a symbolic link in its place is an error (ELOOP), wherever it points. */
export function openNoFollow(path: string): Promise<FileHandle> {
  // Non-blocking, so that a FIFO planted in the place of a document cannot stop the process.
  return open(path, READ | constants.O_NONBLOCK);
}

/** Reads a small document whole; undefined when there is none. */
export async function readDocument(path: string, maxBytes = 64 * 1024 * 1024): Promise<Buffer | undefined> {
  const handle = await unlessMissing(openNoFollow(path), undefined);
  if (!handle) return undefined;
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > maxBytes) {
      throw Object.assign(new Error(`${basename(path)} is no document`), { code: 'ENOTDOCUMENT' });
    }
    return await handle.readFile();
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

/** Writes a file that is on the disk, byte for byte, when this resolves. The path must not exist yet. */
export async function writeDurably(
  path: string,
  data: Uint8Array | string | AsyncIterable<Uint8Array>,
  mode: number,
): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    if (typeof data === 'string' || data instanceof Uint8Array) await handle.writeFile(data);
    else for await (const chunk of data) await writeAll(handle, chunk);
    await handle.sync();
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

/** A name in `folder` that nobody else uses. */
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

/** Makes a whole document at a path where none is: `false`, and nothing changed, if somebody was first. Atomic on every POSIX file system, NFS included. */
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
