import { compressBlock, compressBound } from 'lz4js';

/** An LZ4 block, made by another hand; small input that does not shrink becomes literals only. */
export function lz4Block(bytes: Uint8Array): Buffer {
  const target = Buffer.alloc(compressBound(bytes.length) + 16);
  const length = compressBlock(bytes, target, 0, bytes.length, new Uint32Array(1 << 16));
  return length > 0 ? target.subarray(0, length) : literalsBlock(bytes);
}

function literalsBlock(bytes: Uint8Array): Buffer {
  if (bytes.length < 15) return Buffer.concat([Buffer.from([bytes.length << 4]), bytes]);
  const rest = bytes.length - 15;
  const long = [...Array<number>(Math.floor(rest / 255)).fill(255), rest % 255];
  return Buffer.concat([Buffer.from([0xf0, ...long]), bytes]);
}

/** A Zstandard frame of stored blocks and of blocks that repeat one byte; valid, if not small. */
export function zstdFrame(bytes: Uint8Array, blockBytes = 1 << 16): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32LE(0xfd2fb528);
  // Content size of eight bytes, one segment.
  header[4] = 0xe0;
  header.writeBigUInt64LE(BigInt(bytes.length), 5);
  const parts: Buffer[] = [header];
  for (let at = 0; at === 0 || at < bytes.length; at += blockBytes) {
    const block = bytes.subarray(at, at + blockBytes);
    const last = at + blockBytes >= bytes.length ? 1 : 0;
    const repeats = block.length > 1 && block.every((byte) => byte === block[0]);
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.length << 3) | (repeats ? 2 : 0) | last, 0, 3);
    parts.push(head, repeats ? Buffer.from([block[0]!]) : Buffer.from(block));
  }
  return Buffer.concat(parts);
}
