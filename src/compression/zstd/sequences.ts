// biome-ignore-all lint/style/noNonNullAssertion: codes are compared with the ends of these tables when their distributions are read.
import { DamagedStream } from '../errors.js';
import { BackwardBits, ForwardBits } from './bits.js';
import { FseState, type FseTable, readTable, singleTable, tableOf } from './fse.js';

/** Literals that are copied, and then a match that is. */
export interface Sequence {
  literals: number;
  match: number;
  /** As it is stored: 1 to 3 stand for offsets that were used before. */
  offset: number;
}

/** The first number of each code, and how many bits are added to it. */
interface Codes {
  bases: readonly number[];
  bits: readonly number[];
}

function codesOf(first: number, plain: number, bits: readonly number[]): Codes {
  const all = [...new Array<number>(plain).fill(0), ...bits];
  const bases: number[] = [];
  all.reduce((base, count) => {
    bases.push(base);
    return base + 2 ** count;
  }, first);
  return { bases, bits: all };
}

const LITERALS = codesOf(0, 16, [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const MATCHES = codesOf(3, 32, [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);

/** RFC 8878, 3.1.1.3.2.2: the distributions that both sides know. */
const DEFAULTS = {
  literals: tableOf(
    [
      4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1,
      -1, -1,
    ],
    6,
  ),
  offsets: tableOf(
    [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
    5,
  ),
  matches: tableOf(
    [1, 4, 3, 2, 2, 2, 2, 2, 2, ...new Array<number>(37).fill(1), -1, -1, -1, -1, -1, -1, -1],
    6,
  ),
};
const LIMITS = {
  literals: { accuracy: 9, symbol: 35 },
  offsets: { accuracy: 8, symbol: 31 },
  matches: { accuracy: 9, symbol: 52 },
} as const;
type Kind = keyof typeof LIMITS;
export type SequenceTables = Record<Kind, FseTable>;

const PREDEFINED = 0;
const SINGLE = 1;
const STORED = 2;

function readCount(block: Uint8Array): { count: number; used: number } {
  const [first = 0, second = 0, third = 0] = block;
  if (first < 128) return { count: first, used: 1 };
  return first < 255
    ? { count: ((first - 128) << 8) | second, used: 2 }
    : { count: (second | (third << 8)) + 0x7f00, used: 3 };
}

function readOne(
  kind: Kind,
  mode: number,
  block: Uint8Array,
  previous: SequenceTables | undefined,
): { table: FseTable; used: number } {
  const { accuracy, symbol: maxSymbol } = LIMITS[kind];
  if (mode === PREDEFINED) return { table: DEFAULTS[kind], used: 0 };
  if (mode === SINGLE) {
    const [symbol = 255] = block;
    if (symbol > maxSymbol) throw new DamagedStream('zstd: a code that cannot be');
    return { table: singleTable(symbol), used: 1 };
  }
  if (mode === STORED) {
    const stream = new ForwardBits(block);
    return { table: readTable(stream, accuracy, maxSymbol), used: stream.bytesRead };
  }
  if (!previous) throw new DamagedStream('zstd: a table is repeated that was not there');
  return { table: previous[kind], used: 0 };
}

/**
 * Calls `each` for the sequences of a block (RFC 8878, 3.1.1.3.2), and returns the tables for blocks that repeat them.
 * @throws DamagedStream
 */
export function readSequences(
  block: Uint8Array,
  previous: SequenceTables | undefined,
  each: (sequence: Sequence) => void,
): SequenceTables | undefined {
  const { count, used } = readCount(block);
  if (count === 0) return previous;
  const modes = block[used] ?? 255;
  if ((modes & 3) !== 0) throw new DamagedStream('zstd: sequences that cannot be');
  let at = used + 1;
  const next = (kind: Kind, mode: number): FseTable => {
    const { table, used: bytes } = readOne(kind, mode, block.subarray(at), previous);
    at += bytes;
    return table;
  };
  const literals = next('literals', modes >> 6);
  const offsets = next('offsets', (modes >> 4) & 3);
  const matches = next('matches', (modes >> 2) & 3);
  const stream = new BackwardBits(block.subarray(at));
  const literal = new FseState(literals, stream);
  const offset = new FseState(offsets, stream);
  const match = new FseState(matches, stream);
  const sequence: Sequence = { literals: 0, match: 0, offset: 0 };
  for (let i = 0; i < count; i++) {
    const [literalCode, matchCode, offsetCode] = [literal.symbol, match.symbol, offset.symbol];
    sequence.offset = 2 ** offsetCode + stream.readLong(offsetCode);
    sequence.match = MATCHES.bases[matchCode]! + stream.read(MATCHES.bits[matchCode]!);
    sequence.literals = LITERALS.bases[literalCode]! + stream.read(LITERALS.bits[literalCode]!);
    each(sequence);
    if (i + 1 < count) {
      literal.advance(stream);
      match.advance(stream);
      offset.advance(stream);
    }
    if (stream.left < 0) throw new DamagedStream('zstd: sequences are cut off');
  }
  if (stream.left !== 0) throw new DamagedStream('zstd: sequences of another length');
  return { literals, offsets, matches };
}
