// biome-ignore-all lint/style/noNonNullAssertion: every index is compared with the ends of its array before it is used.
import { DamagedStream } from './errors.js';

const MIN_MATCH = 4;
/** A length of 15 goes on in the bytes that follow. */
const LONG = 15;

/** The most that a byte of a block can expand to. */
export const LZ4_MAX_RATIO = 255;

/**
 * Decodes one LZ4 block (without a frame around it) into `output`, which it must fill exactly.
 *
 * Source: LZ4 block format description 1.6.x, https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 * @throws DamagedStream
 */
export function decodeLz4Block(input: Uint8Array, output: Uint8Array): void {
  const [end, full] = [input.length, output.length];
  let [at, filled] = [0, 0];
  const length = (start: number): number => {
    if (start < LONG) return start;
    for (let total = start; ; ) {
      if (at >= end) throw new DamagedStream('LZ4: a length is cut off');
      const byte = input[at++]!;
      total += byte;
      if (byte !== 255) return total;
    }
  };
  while (at < end) {
    const token = input[at++]!;
    const literals = length(token >> 4);
    if (at + literals > end) throw new DamagedStream('LZ4: the data are cut off');
    if (filled + literals > full) throw new DamagedStream('LZ4: more data than were announced');
    output.set(input.subarray(at, at + literals), filled);
    at += literals;
    filled += literals;
    // The last sequence of a block has no match.
    if (at === end) break;
    if (at + 2 > end) throw new DamagedStream('LZ4: an offset is cut off');
    const offset = input[at]! | (input[at + 1]! << 8);
    at += 2;
    const match = length(token & LONG) + MIN_MATCH;
    if (offset === 0 || offset > filled) throw new DamagedStream('LZ4: an offset leads out of the data');
    if (filled + match > full) throw new DamagedStream('LZ4: more data than were announced');
    if (offset >= match) output.copyWithin(filled, filled - offset, filled - offset + match);
    // A match that reaches into itself repeats what it has just written.
    else for (let i = filled; i < filled + match; i++) output[i] = output[i - offset]!;
    filled += match;
  }
  if (filled !== full) throw new DamagedStream(`LZ4: ${filled} of ${full} bytes`);
}
