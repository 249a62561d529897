import { randomBytes } from 'node:crypto';
import { constants, copyFile, type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from './folders.js';
import { isShared } from './modes.js';

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
