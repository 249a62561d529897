import { setImmediate } from 'node:timers/promises';
import { ByteQueue } from '../byte-queue.js';
import { DamagedStream } from '../errors.js';
import { BlockDecoder, type Target } from './block.js';
import {
  FRAME_MAGIC,
  headerBytes,
  MAX_BLOCK_BYTES,
  parseBlock,
  parseFrame,
  type ZstdBlock,
} from './frame.js';

const SKIPPABLE_MAGIC = 0x184d2a50;
/** What the zstd program takes without being asked for more. */
const MAX_WINDOW_BYTES = 1 << 27;
/** Beside the window, so that it is not moved for every block. */
const SPARE_BYTES = 1 << 20;
const SKIPPED_BYTES = 1 << 16;
/** Other work gets its turn after so many blocks. */
const BLOCKS_AT_ONCE = 8;

/** The most that a byte can expand to: a block of 128 KiB takes four bytes when it repeats one. */
export const ZSTD_MAX_RATIO = 1 << 15;

/**
 * Expands Zstandard frames as they come, a block at a time. Checksums are not compared, dictionaries are not known, and windows
 * of more than 128 MiB are refused; memory grows with what has come out.
 *
 * Source: RFC 8878
 * @throws DamagedStream
 */
export async function* expandZstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue(chunks);
  do {
    const start = await queue.take(5);
    const magic = start.readUInt32LE();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      const length = Buffer.concat([start.subarray(4), await queue.take(3)]).readUInt32LE();
      for (let left = length; left > 0; left -= SKIPPED_BYTES)
        await queue.take(Math.min(left, SKIPPED_BYTES));
    } else if (magic === FRAME_MAGIC) {
      yield* expandFrame(queue, start);
    } else {
      throw new DamagedStream('zstd: what follows is no frame');
    }
  } while (!(await queue.ended()));
}

async function* expandFrame(queue: ByteQueue, start: Buffer): AsyncGenerator<Uint8Array> {
  const [, , , , descriptor = 0] = start;
  const { window, checksum } = parseFrame(
    Buffer.concat([start, await queue.take(headerBytes(descriptor) - start.length)]),
  );
  if (window > MAX_WINDOW_BYTES)
    throw new DamagedStream('zstd: a window of more than 128 MiB is needed; compress without --long');
  const decoder = new BlockDecoder();
  const target: Target = { bytes: new Uint8Array(2 * MAX_BLOCK_BYTES), filled: 0 };
  for (let last = false; !last; ) {
    const block = parseBlock(await queue.take(3));
    last = block.last;
    makeSpace(target, window);
    const before = target.filled;
    addBlock(decoder, block, await queue.take(block.bytes), target);
    yield target.bytes.slice(before, target.filled);
    await setImmediate();
  }
  if (checksum) await queue.take(4);
}

/** For one block more: memory grows up to the window, then what is older than it is given up. */
function makeSpace(target: Target, window: number): void {
  const { bytes, filled } = target;
  if (filled + MAX_BLOCK_BYTES <= bytes.length) return;
  if (bytes.length < window + SPARE_BYTES) {
    target.bytes = new Uint8Array(Math.min(2 * bytes.length, window + SPARE_BYTES + MAX_BLOCK_BYTES));
    target.bytes.set(bytes.subarray(0, filled));
    return;
  }
  bytes.copyWithin(0, filled - window, filled);
  target.filled = window;
}

function addBlock(
  decoder: BlockDecoder,
  { kind, repeats }: ZstdBlock,
  content: Buffer,
  target: Target,
): void {
  if (kind === 'compressed') {
    decoder.expand(content, target);
    return;
  }
  const length = kind === 'repeated' ? repeats : content.length;
  if (target.filled + length > target.bytes.length)
    throw new DamagedStream('zstd: more data than were announced');
  if (kind === 'repeated') target.bytes.fill(content[0] ?? 0, target.filled, target.filled + length);
  else target.bytes.set(content, target.filled);
  target.filled += length;
}

/**
 * Expands one frame into `output`, which serves as its window, of whatever size.
 * @throws DamagedStream when it is not one whole frame that fills it exactly.
 */
export async function decodeZstd(input: Uint8Array, output: Uint8Array): Promise<void> {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new DamagedStream('zstd: the data are cut off');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const [, , , , descriptor = 0] = take(5);
  take(headerBytes(descriptor) - 5);
  if (bytes.readUInt32LE() !== FRAME_MAGIC) throw new DamagedStream('zstd: what follows is no frame');
  const { checksum } = parseFrame(bytes.subarray(0, at));
  const decoder = new BlockDecoder();
  const target: Target = { bytes: output, filled: 0 };
  for (let last = false, count = 1; !last; count++) {
    const block = parseBlock(take(3));
    last = block.last;
    addBlock(decoder, block, take(block.bytes), target);
    if (count % BLOCKS_AT_ONCE === 0) await setImmediate();
  }
  if (checksum) take(4);
  if (target.filled !== output.length)
    throw new DamagedStream(`zstd: ${target.filled} instead of ${output.length} bytes`);
}
