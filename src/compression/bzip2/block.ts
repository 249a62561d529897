// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.

import { DamagedStream } from '../errors.js';
import type { BitReader } from './bit-reader.js';
import { symbolReader } from './symbols.js';

const PIECE_BYTES = 1 << 18;
/** After four equal bytes the next one counts how often they are repeated. */
const RUN = 4;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** The bytes that occur in a block, in their order. */
function readAlphabet(bits: BitReader): Uint8Array {
  const ranges = bits.read(16);
  const bytes: number[] = [];
  for (let range = 0; range < 16; range++) {
    if (((ranges >> (15 - range)) & 1) === 0) continue;
    const used = bits.read(16);
    for (let i = 0; i < 16; i++) if ((used >> (15 - i)) & 1) bytes.push(16 * range + i);
  }
  if (bytes.length === 0) throw new DamagedStream('bzip2: a block without bytes');
  return Uint8Array.from(bytes);
}

/** Undoes the Huffman code, the runs of the first byte and the move to front; fills `sorted`, and says how far. */
function readSorted(bits: BitReader, sorted: Uint32Array): number {
  const order = readAlphabet(bits);
  const end = order.length + 1;
  const nextSymbol = symbolReader(bits, order.length + 2);
  let [filled, run, weight] = [0, 0, 1];
  for (;;) {
    const symbol = nextSymbol();
    if (symbol <= 1) {
      run += weight << symbol;
      weight *= 2;
      if (run > sorted.length) throw new DamagedStream('bzip2: a block that is too long');
      continue;
    }
    if (filled + run + (symbol === end ? 0 : 1) > sorted.length)
      throw new DamagedStream('bzip2: a block that is too long');
    sorted.fill(order[0]!, filled, filled + run);
    filled += run;
    [run, weight] = [0, 1];
    if (symbol === end) return filled;
    // Symbols between the runs and the end are places in the list, from 1.
    const byte = order[symbol - 1]!;
    order.copyWithin(1, 0, symbol - 1);
    order[0] = byte;
    sorted[filled++] = byte;
  }
}

/** Turns the last column of the sorted rotations into a list: the byte, and above it where the next one stands. */
function linkRotations(sorted: Uint32Array, length: number): void {
  const starts = new Uint32Array(256);
  // The lower eight bits of every entry are a byte.
  for (let i = 0; i < length; i++) starts[sorted[i]! & 255]!++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const place = starts[sorted[i]! & 255]!++;
    sorted[place]! |= i << 8;
  }
}

/**
 * Expands the block whose head (magic number and checksum) has been read, in pieces of bounded length, and compares the checksum.
 * @param work memory for the largest block: 100,000 numbers for each level.
 * @throws DamagedStream
 */
export function* expandBlock(bits: BitReader, checksum: number, work: Uint32Array): Generator<Uint8Array> {
  if (bits.read(1) === 1)
    throw new DamagedStream('bzip2: randomised blocks, which no program has written since 1997');
  const origin = bits.read(24);
  const length = readSorted(bits, work);
  if (origin >= length) throw new DamagedStream('bzip2: a block without its start');
  linkRotations(work, length);
  let piece = new Uint8Array(PIECE_BYTES);
  let [filled, crc, equal, last] = [0, 0xffffffff, 0, -1];
  let place = work[origin]! >>> 8;
  for (let i = 0; i < length; i++) {
    // Places are those of entries of this block.
    const entry = work[place]!;
    const byte = entry & 255;
    place = entry >>> 8;
    let copies = 1;
    let value = byte;
    if (equal === RUN) {
      [copies, value, equal] = [byte, last, 0];
      last = -1;
    } else {
      equal = byte === last ? equal + 1 : 1;
      last = byte;
    }
    if (filled + copies > PIECE_BYTES) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(PIECE_BYTES);
      filled = 0;
    }
    for (; copies > 0; copies--) {
      piece[filled++] = value;
      crc = ((crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ value) & 255]!) >>> 0;
    }
  }
  yield piece.subarray(0, filled);
  if ((crc ^ 0xffffffff) >>> 0 !== checksum) throw new DamagedStream('bzip2: a checksum is wrong');
}
