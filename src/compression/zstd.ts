import { setImmediate } from 'node:timers/promises';
import { Decompress, decompress } from 'fzstd';
import { ByteQueue } from './byte-queue.js';
import { DamagedStream } from './errors.js';
import { FRAME_MAGIC, headerBytes, parseBlock, parseFrame } from './zstd-frame.js';

const SKIPPABLE_MAGIC = 0x184d2a50;
/** What every decoder should take (RFC 8878, 3.1.1.1.2), and `zstd -19` needs; the decoder moves its window once for each block. */
const MAX_WINDOW_BYTES = 1 << 23;
const SKIPPED_BYTES = 1 << 16;

/** The most that a byte can expand to: a block of 128 KiB takes four bytes when it repeats one. */
export const ZSTD_MAX_RATIO = 1 << 15;

/** The decoder's own error, as one of the data. */
function decoding<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw new DamagedStream('zstd: the data are damaged', { cause: thrown });
  }
}

/**
 * Expands Zstandard frames as they come. The decoder trusts what a frame says, and takes a cut one for a whole one: so frames
 * and blocks are counted here, and no window is larger than 8 MiB. Checksums are not verified.
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
  const header = Buffer.concat([start, await queue.take(headerBytes(descriptor) - start.length)]);
  const frame = parseFrame(header);
  if (frame.window > MAX_WINDOW_BYTES)
    throw new DamagedStream('zstd: a window of more than 8 MiB is needed; compress with level 19 or less');
  const expanded: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => void (chunk.length > 0 && expanded.push(chunk)));
  let pending: Buffer = header;
  for (let last = false; !last; ) {
    const head = await queue.take(3);
    const block = parseBlock(head);
    last = block.last;
    const content = await queue.take(block.bytes + (last && frame.checksum ? 4 : 0));
    const bytes = Buffer.concat([pending, head, content]);
    decoding(() => decoder.push(bytes, last));
    pending = Buffer.alloc(0);
    yield* expanded.splice(0);
    await setImmediate();
  }
}

/**
 * Expands one frame into `output`, which serves as its window, of whatever size.
 * @throws DamagedStream when it is not one whole frame, or says that it expands to another length.
 */
export function decodeZstd(input: Uint8Array, output: Uint8Array): void {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const cut = () => new DamagedStream('zstd: the data are cut off');
  if (bytes.length < 18 && bytes.length < headerBytes(bytes[4] ?? 0)) throw cut();
  if (bytes.readUInt32LE() !== FRAME_MAGIC) throw new DamagedStream('zstd: what follows is no frame');
  let at = headerBytes(bytes[4] ?? 0);
  const { content = output.length, checksum } = parseFrame(bytes.subarray(0, at));
  if (content !== output.length)
    throw new DamagedStream(`zstd: ${content} instead of ${output.length} bytes`);
  for (let last = false; !last; ) {
    if (at + 3 > bytes.length) throw cut();
    const block = parseBlock(bytes.subarray(at, at + 3));
    last = block.last;
    at += 3 + block.bytes;
  }
  if (at + (checksum ? 4 : 0) > bytes.length) throw cut();
  decoding(() => decompress(bytes.subarray(0, at + (checksum ? 4 : 0)), output));
}
