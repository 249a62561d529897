import { setImmediate } from 'node:timers/promises';
import { ByteQueue } from '../byte-queue.js';
import { DamagedStream } from '../errors.js';
import { BitReader } from './bit-reader.js';
import { expandBlock } from './block.js';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const BLOCK_BYTES = 100_000;

/** The most that a byte can expand to: a block of runs of 259 equal bytes, five bytes each, takes about 40 bytes. */
export const BZIP2_MAX_RATIO = 1 << 21;

/** More than the longest block can take: 20 bits for each symbol, and 32,768 selectors of 6 bits. */
const longestBlock = (level: number) => Math.ceil(level * BLOCK_BYTES * 2.5) + (1 << 16);

/**
 * Expands bzip2 streams, one behind the other, as they come: a block at a time, with its checksums compared. What follows the last
 * stream is ignored, as bzip2 itself does.
 *
 * Source: the format as bzip2 1.0.8 reads it; informally https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf
 * @throws DamagedStream
 */
export async function* expandBzip2(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue(chunks);
  for (let streams = 0; ; streams++) {
    const head = (await queue.peek(4)).toString('latin1');
    const level = /^BZh[1-9]$/.test(head) ? Number(head[3]) : 0;
    if (level === 0) {
      if (streams > 0) return;
      throw new DamagedStream('bzip2: what follows is no stream');
    }
    await queue.take(4);
    yield* expandStream(queue, level);
  }
}

async function* expandStream(queue: ByteQueue, level: number): AsyncGenerator<Uint8Array> {
  const work = new Uint32Array(level * BLOCK_BYTES);
  let combined = 0;
  // Blocks do not begin at whole bytes: bits of the last byte that belong to the next block.
  let bit = 0;
  for (;;) {
    const bits = new BitReader(await queue.peek(longestBlock(level)));
    bits.skip(bit);
    const magic = bits.read(24) * 2 ** 24 + bits.read(24);
    const checksum = bits.read(32);
    if (magic === END_MAGIC) {
      if (checksum !== combined) throw new DamagedStream('bzip2: the checksum of the whole is wrong');
      await queue.take(bits.bytesRead);
      return;
    }
    if (magic !== BLOCK_MAGIC) throw new DamagedStream('bzip2: what follows is no block');
    yield* expandBlock(bits, checksum, work);
    combined = (((combined << 1) | (combined >>> 31)) ^ checksum) >>> 0;
    bit = bits.bitInByte;
    await queue.take(bit === 0 ? bits.bytesRead : bits.bytesRead - 1);
    await setImmediate();
  }
}
