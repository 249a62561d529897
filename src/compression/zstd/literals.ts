// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { DamagedStream } from '../errors.js';
import { BackwardBits, ForwardBits } from './bits.js';
import { MAX_BLOCK_BYTES } from './frame.js';
import { FseState, readTable } from './fse.js';

const MAX_CODE_BITS = 11;
const MAX_WEIGHTS = 255;
const RAW = 0;
const REPEATED = 1;
const WITH_TREE = 2;

/** A Huffman code as a table: for each number of `bits` bits the symbol that it begins with, and the length of that one's code. */
export interface HuffmanTable {
  bits: number;
  symbols: Uint8Array;
  lengths: Uint8Array;
}

/** Weights that are compressed with two states in turn, until the bits are used up. */
function compressedWeights(bytes: Uint8Array): number[] {
  const head = new ForwardBits(bytes);
  const table = readTable(head, 6, 255);
  const stream = new BackwardBits(bytes.subarray(head.bytesRead));
  let [state, other] = [new FseState(table, stream), new FseState(table, stream)];
  const weights: number[] = [];
  while (weights.length <= MAX_WEIGHTS) {
    weights.push(state.symbol);
    state.advance(stream);
    if (stream.left < 0) return [...weights, other.symbol];
    [state, other] = [other, state];
  }
  throw new DamagedStream('zstd: a Huffman code of too many symbols');
}

function readWeights(bytes: Uint8Array): { weights: number[]; used: number } {
  const [head = 0] = bytes;
  if (head < 128) {
    if (head === 0 || head >= bytes.length) throw new DamagedStream('zstd: a Huffman code is cut off');
    return { weights: compressedWeights(bytes.subarray(1, 1 + head)), used: 1 + head };
  }
  const count = head - 127;
  const used = 1 + Math.ceil(count / 2);
  if (used > bytes.length) throw new DamagedStream('zstd: a Huffman code is cut off');
  const weights = Array.from({ length: count }, (_, i) => {
    const byte = bytes[1 + (i >> 1)] ?? 0;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  });
  return { weights, used };
}

/** RFC 8878, 4.2.1: the weight of the last symbol is what is missing to a power of two. */
function huffmanTable(weights: readonly number[]): HuffmanTable {
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 2 ** (weight - 1) : 0), 0);
  const bits = sum === 0 ? 0 : Math.floor(Math.log2(sum)) + 1;
  const missing = 2 ** bits - sum;
  if (
    bits === 0 ||
    bits > MAX_CODE_BITS ||
    !Number.isInteger(Math.log2(missing)) ||
    weights.length > MAX_WEIGHTS
  )
    throw new DamagedStream('zstd: a Huffman code that cannot be');
  const all = [...weights, Math.log2(missing) + 1];
  const symbols = new Uint8Array(1 << bits);
  const lengths = new Uint8Array(1 << bits);
  let place = 0;
  for (let weight = 1; weight <= bits; weight++) {
    all.forEach((other, symbol) => {
      if (other !== weight) return;
      const entries = 1 << (weight - 1);
      symbols.fill(symbol, place, place + entries);
      lengths.fill(bits + 1 - weight, place, place + entries);
      place += entries;
    });
  }
  return { bits, symbols, lengths };
}

function decodeStream(bytes: Uint8Array, { bits, symbols, lengths }: HuffmanTable, output: Uint8Array): void {
  const stream = new BackwardBits(bytes);
  // Numbers of `bits` bits are below the size of the table.
  for (let i = 0; i < output.length; i++) {
    const code = stream.peek(bits);
    output[i] = symbols[code]!;
    stream.left -= lengths[code]!;
  }
  if (stream.left !== 0) throw new DamagedStream('zstd: literals of another length');
}

/** Four streams of a quarter each, the lengths of the first three before them. */
function decodeFour(bytes: Buffer, table: HuffmanTable, output: Uint8Array): void {
  if (bytes.length < 6) throw new DamagedStream('zstd: literals are cut off');
  const quarter = Math.ceil(output.length / 4);
  let at = 6;
  for (let i = 0; i < 4; i++) {
    const end = i < 3 ? at + bytes.readUInt16LE(2 * i) : bytes.length;
    const part = output.subarray(i * quarter, i < 3 ? (i + 1) * quarter : output.length);
    if (end > bytes.length || i * quarter > output.length)
      throw new DamagedStream('zstd: literals are cut off');
    decodeStream(bytes.subarray(at, end), table, part);
    at = end;
  }
}

/** Bytes of a section's head, and of the two lengths in it when it is compressed, by its size format. */
const COMPRESSED_HEADS = [
  { bytes: 3, lengthBits: 10 },
  { bytes: 3, lengthBits: 10 },
  { bytes: 4, lengthBits: 14 },
  { bytes: 5, lengthBits: 18 },
] as const;

/**
 * The literals of a block (RFC 8878, 3.1.1.3.1), how many of its bytes they took, and the code for blocks that repeat it.
 * @throws DamagedStream
 */
export function readLiterals(
  block: Buffer,
  previous: HuffmanTable | undefined,
): { literals: Uint8Array; used: number; table: HuffmanTable | undefined } {
  const [head = 0] = block;
  const [type, format] = [head & 3, (head >> 2) & 3];
  if (type === RAW || type === REPEATED) {
    const headBytes = (format & 1) === 0 ? 1 : format === 1 ? 2 : 3;
    const used = headBytes + (type === REPEATED ? 1 : 0);
    if (used > block.length) throw new DamagedStream('zstd: literals are cut off');
    const length = block.readUIntLE(0, headBytes) >> (headBytes === 1 ? 3 : 4);
    checkLength(length);
    if (type === REPEATED)
      return { literals: new Uint8Array(length).fill(block[headBytes]!), used, table: previous };
    if (used + length > block.length) throw new DamagedStream('zstd: literals are cut off');
    return { literals: block.subarray(used, used + length), used: used + length, table: previous };
  }
  const { bytes: headBytes, lengthBits } = COMPRESSED_HEADS[format as 0 | 1 | 2 | 3];
  if (headBytes > block.length) throw new DamagedStream('zstd: literals are cut off');
  const lengths = Math.floor(block.readUIntLE(0, headBytes) / 16);
  const [length, stored] = [lengths % 2 ** lengthBits, Math.floor(lengths / 2 ** lengthBits)];
  checkLength(length);
  const used = headBytes + stored;
  if (used > block.length) throw new DamagedStream('zstd: literals are cut off');
  let bytes = block.subarray(headBytes, used);
  let table = previous;
  if (type === WITH_TREE) {
    const tree = readWeights(bytes);
    table = huffmanTable(tree.weights);
    bytes = bytes.subarray(tree.used);
  }
  if (!table) throw new DamagedStream('zstd: a Huffman code is repeated that was not there');
  const literals = new Uint8Array(length);
  (format === 0 ? decodeStream : decodeFour)(bytes, table, literals);
  return { literals, used, table };
}

function checkLength(length: number): void {
  if (length > MAX_BLOCK_BYTES) throw new DamagedStream('zstd: a block that is too long');
}
