// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.

import { DamagedStream } from '../errors.js';
import type { BitReader } from './bit-reader.js';

const MAX_CODE_BITS = 20;
/** Codes change after this many symbols. */
const GROUP_SYMBOLS = 50;

/** One Huffman code, of whose canonical form the lengths are stored. */
interface Code {
  shortest: number;
  /** By length: the first code of 20 bits that is longer. */
  limits: Int32Array;
  /** By length: what makes a code of that length the index of its symbol. */
  bases: Int32Array;
  /** In the order of their codes. */
  symbols: Uint16Array;
}

function codeOf(lengths: Uint8Array): Code {
  const symbols = new Uint16Array(lengths.length);
  const limits = new Int32Array(MAX_CODE_BITS + 1);
  const bases = new Int32Array(MAX_CODE_BITS + 1);
  let [code, filled, shortest] = [0, 0, 0];
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    bases[length] = filled - code;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      symbols[filled++] = symbol;
      code++;
      shortest ||= length;
    }
    limits[length] = code << (MAX_CODE_BITS - length);
    code <<= 1;
    if (code > 1 << (length + 1)) throw new DamagedStream('bzip2: a code with too many symbols');
  }
  return { shortest, limits, bases, symbols };
}

function readLengths(bits: BitReader, symbols: number): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw new DamagedStream('bzip2: a code of no length');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** Which code each group of symbols uses, as a move-to-front list of the codes. */
function readSelectors(bits: BitReader, codes: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  const order = Array.from({ length: codes }, (_, i) => i);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= codes) throw new DamagedStream('bzip2: a selector of no code');
    const [code = 0] = order.splice(place, 1);
    order.unshift(code);
    selectors[i] = code;
  }
  return selectors;
}

/** The symbols of a block, one for each call: selectors and codes stand before them. */
export function symbolReader(bits: BitReader, symbols: number): () => number {
  const count = bits.read(3);
  if (count < 2 || count > 6) throw new DamagedStream('bzip2: a number of codes that there cannot be');
  const selectors = readSelectors(bits, count);
  const codes = Array.from({ length: count }, () => codeOf(readLengths(bits, symbols)));
  let [group, left] = [0, 0];
  let code = codes[0]!;
  return () => {
    if (left === 0) {
      if (group >= selectors.length) throw new DamagedStream('bzip2: more symbols than selectors');
      // Selectors are below the number of codes.
      code = codes[selectors[group++]!]!;
      left = GROUP_SYMBOLS;
    }
    left--;
    const next = bits.peek(MAX_CODE_BITS);
    let length = code.shortest;
    while (length <= MAX_CODE_BITS && next >= code.limits[length]!) length++;
    const symbol =
      length <= MAX_CODE_BITS
        ? code.symbols[code.bases[length]! + (next >>> (MAX_CODE_BITS - length))]
        : undefined;
    if (symbol === undefined) throw new DamagedStream('bzip2: a code without a symbol');
    bits.skip(length);
    return symbol;
  };
}
