import { crc32 } from 'node:zlib';
import type { ByteReader } from './file.js';

/** An eXIf chunk holds at most what a JPEG segment can: 64 KiB; and beside it there may be text. */
const TAIL_BYTES = 1 << 18;

/**
 * EXIF that stands behind the pixels of a PNG, where the specification allows it and decoders, which read the
 * head only, do not look. A chunk is one when its checksum says so.
 */
export async function exifBehindPixels(file: ByteReader): Promise<Uint8Array | undefined> {
  const start = Math.max(0, file.size - TAIL_BYTES);
  const tail = await file.read(start, TAIL_BYTES);
  for (let at = tail.indexOf('eXIf', 4, 'latin1'); at >= 4; at = tail.indexOf('eXIf', at + 1, 'latin1')) {
    const end = at + 4 + tail.readUInt32BE(at - 4);
    if (end + 4 <= tail.length && crc32(tail.subarray(at, end)) === tail.readUInt32BE(end)) {
      return tail.subarray(at + 4, end);
    }
  }
  return undefined;
}
