import { randomBytes } from 'node:crypto';
import { constants, copyFile, type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './missing.js';
import { isShared } from './modes.js';
import { stampOf } from './regular-files.js';

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
    await fill(handle, data, mode, { durably });
  } finally {
    await handle.close();
  }
}

/** As `writeNew`, with the stamp of the file, which moving it does not change. */
export async function writeStamped(
  path: string,
  data: FileData,
  mode: number,
  { durably }: { durably: boolean },
): Promise<string> {
  const handle = await open(path, 'wx', mode);
  try {
    await fill(handle, data, mode, { durably });
    return stampOf(await handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

async function fill(
  handle: FileHandle,
  data: FileData,
  mode: number,
  { durably }: { durably: boolean },
): Promise<void> {
  if (typeof data !== 'string' && !(data instanceof Uint8Array))
    for await (const chunk of data) await writeAll(handle, chunk);
  else if (data.length > 0) await handle.writeFile(data);
  if (isShared(mode)) await handle.chmod(mode);
  if (durably) await handle.sync();
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

/** Removes a file, if it is there: in one call, where `rm` makes three. */
export async function removeFile(path: string): Promise<void> {
  await unlessMissing(unlink(path), undefined);
}
