import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteSource } from '../../engine/index-file/byte-source.js';

/** A file that stays open; its size is the one it had when it was opened. */
export interface FileBytes extends ByteSource {
  /** Later reads fail. */
  close(): void;
}

/**
 * Opens a file to be read piece by piece, blocking: for worker threads.
 * @throws Error of `node:fs` when it cannot be opened; when it is not a regular file.
 */
export function openFileBytes(path: string): FileBytes {
  // Without waiting, so that a FIFO is recognised and not listened to.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const info = fstatSync(file);
  if (!info.isFile()) {
    closeSync(file);
    throw new Error(`${path} is not a regular file`);
  }
  return {
    size: info.size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, info.size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close: () => closeSync(file),
  };
}
