import { Readable } from 'node:stream';
import { nowSeconds } from '../job/status.js';
import type { StoredFile } from './job-store.js';

/** Bytes in memory, as a file of a job. */
export function storedBytes(name: string, data: Uint8Array): StoredFile {
  const modifiedAt = nowSeconds();
  return {
    name,
    size: data.length,
    modifiedAt,
    read: ({ start = 0, end = data.length - 1 } = {}) => Readable.from([data.subarray(start, end + 1)]),
  };
}
