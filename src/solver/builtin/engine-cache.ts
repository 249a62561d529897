import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, statSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { ownFolder } from '../../process/own-folder.js';

/**
 * Files that were reckoned from the package's stars and can be reckoned again: a folder of the user, shared by all processes. Whatever
 * goes wrong with it costs time and nothing else.
 */
export class EngineCache {
  readonly #folder: string | undefined;

  /** @param folders the first that can be made and written to is used; none at all where that is none of them */
  constructor(folders: readonly string[]) {
    this.#folder = ownFolder(folders);
  }

  has(name: string): boolean {
    return (
      this.#folder !== undefined &&
      statSync(join(this.#folder, name), { throwIfNoEntry: false })?.isFile() === true
    );
  }

  /** The bytes of a file, in memory that threads can share; undefined when it is not there or cannot be read. */
  read(name: string): Uint8Array | undefined {
    if (!this.#folder) return undefined;
    let file: number | undefined;
    try {
      file = openSync(join(this.#folder, name), 'r');
      const bytes = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, filled);
        if (count === 0) return undefined;
        filled += count;
      }
      return bytes;
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }

  /** Keeps a file whole or not at all, also when several processes do so at once. */
  write(name: string, pieces: readonly Uint8Array[]): void {
    if (!this.#folder) return;
    const path = join(this.#folder, name);
    const fresh = `${path}.${process.pid}-${threadId}`;
    try {
      const file = openSync(fresh, 'wx', 0o600);
      try {
        for (const piece of pieces) writeAll(file, piece);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, path);
    } catch {
      rmSync(fresh, { force: true });
    }
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writevSync(file, [bytes.subarray(written)]);
}
