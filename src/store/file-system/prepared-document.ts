import { link, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeFile, scratchName, writeStamped } from './durable.js';
import { syncFolder } from './folders.js';

/** A document, and whether it must be on the disk before it is given its name. */
export interface Preparation {
  data: string;
  durably: boolean;
}

/** A whole document under a scratch name, to be given its own; what is not moved goes at the end. */
export class PreparedDocument implements AsyncDisposable {
  /** Of its file, wherever it is moved. */
  readonly stamp: string;
  readonly #path: string;
  #isMoved = false;

  private constructor(path: string, stamp: string) {
    this.#path = path;
    this.stamp = stamp;
  }

  static async write(
    { data, durably }: Preparation,
    scratchFolder: string,
    mode: number,
  ): Promise<PreparedDocument> {
    const path = scratchName(scratchFolder);
    try {
      return new PreparedDocument(path, await writeStamped(path, data, mode, { durably }));
    } catch (error) {
      await removeDebris(path);
      throw error;
    }
  }

  /** Written side by side: one round to the disk serves all of them. */
  static async writeAll<const T extends readonly Preparation[]>(
    documents: T,
    scratchFolder: string,
    mode: number,
  ): Promise<{ [K in keyof T]: PreparedDocument }> {
    const writing = documents.map((one) => PreparedDocument.write(one, scratchFolder, mode));
    try {
      return (await Promise.all(writing)) as { [K in keyof T]: PreparedDocument };
    } catch (error) {
      for (const one of await Promise.allSettled(writing))
        if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Takes the place of the one before, at once for every reader. */
  async replace(path: string): Promise<void> {
    await rename(this.#path, path);
    this.#isMoved = true;
  }

  /** Takes a place where none is: `false`, and nothing changed, if another process was first. Atomic on every POSIX file system, NFS included. */
  async linkTo(path: string): Promise<boolean> {
    try {
      await link(this.#path, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isMoved) await removeDebris(this.#path);
  }
}

/** What cannot be removed now is swept later. */
async function removeDebris(path: string): Promise<void> {
  await removeFile(path).catch(() => {});
}

/** Puts a whole document in the place of the one before, at once for every reader and durable when it resolves. */
export async function replaceDocument(
  path: string,
  data: string,
  scratchFolder: string,
  mode: number,
): Promise<void> {
  await using document = await PreparedDocument.write({ data, durably: true }, scratchFolder, mode);
  await document.replace(path);
  await syncFolder(dirname(path));
}

/** Makes a whole document at a path where none is: `false`, and nothing changed, if another process was first. */
export async function createDocument(
  path: string,
  data: string,
  scratchFolder: string,
  mode: number,
): Promise<boolean> {
  await using document = await PreparedDocument.write({ data, durably: true }, scratchFolder, mode);
  if (!(await document.linkTo(path))) return false;
  await syncFolder(dirname(path));
  return true;
}
