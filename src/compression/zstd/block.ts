import { DamagedStream } from '../errors.js';
import { MAX_BLOCK_BYTES } from './frame.js';
import { type HuffmanTable, readLiterals } from './literals.js';
import { readSequences, type SequenceTables } from './sequences.js';

/** Where blocks are expanded to: what stands before `filled` is what their matches copy from. */
export interface Target {
  bytes: Uint8Array;
  filled: number;
}

/** Expands the compressed blocks of one frame, one after the other: they share tables and offsets. */
export class BlockDecoder {
  #huffman: HuffmanTable | undefined;
  #tables: SequenceTables | undefined;
  #offsets: [number, number, number] = [1, 4, 8];

  /**
   * Adds what a block expands to, at most 128 KiB.
   * @throws DamagedStream
   */
  expand(block: Buffer, target: Target): void {
    const { literals, used, table } = readLiterals(block, this.#huffman);
    this.#huffman = table;
    const end = Math.min(target.filled + MAX_BLOCK_BYTES, target.bytes.length);
    let copied = 0;
    const copyLiterals = (count: number) => {
      if (copied + count > literals.length || target.filled + count > end)
        throw new DamagedStream('zstd: a block that is too long');
      target.bytes.set(literals.subarray(copied, copied + count), target.filled);
      copied += count;
      target.filled += count;
    };
    this.#tables = readSequences(block.subarray(used), this.#tables, (sequence) => {
      copyLiterals(sequence.literals);
      const offset = this.#offsetOf(sequence.offset, sequence.literals);
      copyMatch(target, offset, sequence.match, end);
    });
    copyLiterals(literals.length - copied);
  }

  /** RFC 8878, 3.1.1.5: the last three offsets have short names, which shift by one where no literals are copied. */
  #offsetOf(stored: number, literals: number): number {
    const [first, second, third] = this.#offsets;
    if (stored > 3) {
      this.#offsets = [stored - 3, first, second];
      return stored - 3;
    }
    const place = stored + (literals === 0 ? 1 : 0);
    if (place === 1) return first;
    if (place === 2) {
      this.#offsets = [second, first, third];
      return second;
    }
    const offset = place === 3 ? third : first - 1;
    this.#offsets = [offset, first, second];
    return offset;
  }
}

function copyMatch(target: Target, offset: number, length: number, end: number): void {
  const { bytes, filled } = target;
  if (offset < 1 || offset > filled) throw new DamagedStream('zstd: an offset leads out of the data');
  if (filled + length > end) throw new DamagedStream('zstd: a block that is too long');
  if (offset >= length) bytes.copyWithin(filled, filled - offset, filled - offset + length);
  // A match that reaches into itself repeats what it has just written.
  else for (let i = filled; i < filled + length; i++) bytes[i] = bytes[i - offset] ?? 0;
  target.filled = filled + length;
}
