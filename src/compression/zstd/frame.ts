// biome-ignore-all lint/style/noNonNullAssertion: a header is parsed from as many bytes as its first one asks for.
import { DamagedStream } from '../errors.js';

export const FRAME_MAGIC = 0xfd2fb528;
/** No block is longer, neither stored nor expanded. */
export const MAX_BLOCK_BYTES = 1 << 17;

/** The header of a Zstandard frame (RFC 8878, 3.1.1.1). */
export interface ZstdFrame {
  /** How much of what is expanded must be kept for what follows. */
  window: number;
  /** How many bytes the frame expands to, where it says so. */
  content?: number;
  /** Whether four bytes of checksum stand behind the last block. */
  checksum: boolean;
}

/** Bytes of a header, the magic number and the descriptor included. */
export function headerBytes(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(single) : 1 << sizeFlag;
  return 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + sizeBytes;
}

/** @throws DamagedStream for a frame that needs a dictionary */
export function parseFrame(header: Buffer): ZstdFrame {
  const descriptor = header[4]!;
  if ((descriptor & 3) !== 0) throw new DamagedStream('zstd: the data need a dictionary');
  const single = (descriptor & 0x20) !== 0;
  const at = single ? 5 : 6;
  const sizeBytes = header.length - at;
  let content: number | undefined;
  if (sizeBytes === 8) content = Number(header.readBigUInt64LE(at));
  else if (sizeBytes > 0) content = header.readUIntLE(at, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const base = 2 ** (10 + (header[5]! >> 3));
  return {
    window: single && content !== undefined ? content : base + (base / 8) * (header[5]! & 7),
    ...(content !== undefined && { content }),
    checksum: (descriptor & 4) !== 0,
  };
}

/** What stands before a block (RFC 8878, 3.1.1.2). */
export interface ZstdBlock {
  last: boolean;
  kind: 'stored' | 'repeated' | 'compressed';
  /** Bytes that follow the head. */
  bytes: number;
  /** Of one that repeats a byte: how often. */
  repeats: number;
}

const KINDS = ['stored', 'repeated', 'compressed'] as const;

/** @throws DamagedStream */
export function parseBlock(head: Buffer): ZstdBlock {
  const word = head.readUIntLE(0, 3);
  const kind = KINDS[(word >> 1) & 3];
  const size = word >> 3;
  if (!kind || size > MAX_BLOCK_BYTES) throw new DamagedStream('zstd: a block that cannot be');
  const repeated = kind === 'repeated';
  return { last: (word & 1) === 1, kind, bytes: repeated ? 1 : size, repeats: repeated ? size : 0 };
}
