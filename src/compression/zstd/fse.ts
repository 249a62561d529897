// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { DamagedStream } from '../errors.js';
import type { BackwardBits, ForwardBits } from './bits.js';

/** A table of finite-state entropy (RFC 8878, 4.1): for each state its symbol, and how the next state is made. */
export interface FseTable {
  /** Bits of a state. */
  accuracy: number;
  symbols: Uint8Array;
  bits: Uint8Array;
  bases: Uint16Array;
}

const log2 = (value: number) => 31 - Math.clz32(value);

/** How often each symbol occurs, of 2^accuracy; -1 for one that is rarer than once. */
function readDistribution(stream: ForwardBits, accuracy: number, maxSymbol: number): number[] {
  const counts: number[] = [];
  let left = 1 << accuracy;
  while (left > 0) {
    const bits = log2(left + 1) + 1;
    const mask = (1 << (bits - 1)) - 1;
    const threshold = (1 << bits) - 2 - left;
    let value = stream.read(bits);
    if ((value & mask) < threshold) {
      stream.rewind(1);
      value &= mask;
    } else if (value > mask) {
      value -= threshold;
    }
    const count = value - 1;
    left -= Math.abs(count);
    counts.push(count);
    for (let zeros = count === 0 ? stream.read(2) : 0; zeros > 0; zeros = zeros === 3 ? stream.read(2) : 0)
      for (let i = 0; i < zeros; i++) counts.push(0);
    if (counts.length > maxSymbol + 1 || left < 0)
      throw new DamagedStream('zstd: a distribution of too many symbols');
  }
  return counts;
}

export function tableOf(counts: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  counts.forEach((count, symbol) => {
    next[symbol] = Math.abs(count);
    if (count === -1) symbols[--high] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i++) {
      symbols[place] = symbol;
      do place = (place + step) & (size - 1);
      while (place >= high);
    }
  });
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  // The counts add up to the size, so that every state has a symbol of theirs.
  for (let state = 0; state < size; state++) {
    const value = next[symbols[state]!]!++;
    bits[state] = accuracy - log2(value);
    bases[state] = (value << bits[state]!) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/** A table that stands before its data. */
export function readTable(stream: ForwardBits, maxAccuracy: number, maxSymbol: number): FseTable {
  const accuracy = stream.read(4) + 5;
  if (accuracy > maxAccuracy) throw new DamagedStream('zstd: a table that is too large');
  return tableOf(readDistribution(stream, accuracy, maxSymbol), accuracy);
}

/** The table of a symbol that is the only one. */
export function singleTable(symbol: number): FseTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}

/** A state that goes through a table. */
export class FseState {
  readonly #table: FseTable;
  #state: number;

  constructor(table: FseTable, stream: BackwardBits) {
    this.#table = table;
    this.#state = stream.read(table.accuracy);
  }

  // A state is below the size of its table: base and bits are made so.

  get symbol(): number {
    return this.#table.symbols[this.#state]!;
  }

  advance(stream: BackwardBits): void {
    this.#state = this.#table.bases[this.#state]! + stream.read(this.#table.bits[this.#state]!);
  }
}
