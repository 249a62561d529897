// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { AstroJobsError } from '../job/errors.js';

const HEADER_BYTES = 25;
const MAGIC = 0xdd99;
/** More planes than the integers that are exact in a double have bits. */
const MAX_BIT_PLANES = 53;

/** Huffman codes of four, five and six bits; those of three bits are 1 << code. */
const LONG_CODES: readonly Readonly<Record<number, number>>[] = [
  { 8: 3, 9: 5, 10: 10, 11: 12, 12: 15 },
  { 26: 6, 27: 7, 28: 9, 29: 11, 30: 13 },
  { 62: 0, 63: 14 },
];

function corrupt(): AstroJobsError {
  return new AstroJobsError('corrupt_image', 'FITS: an HCOMPRESS_1 tile is damaged');
}

class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #bit = 8;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      // Inside from here on.
      if (this.#at >= this.#bytes.length) throw corrupt();
      this.#bit--;
      value = (value << 1) | ((this.#bytes[this.#at]! >> this.#bit) & 1);
      if (this.#bit === 0) {
        this.#bit = 8;
        this.#at++;
      }
    }
    return value;
  }

  huffman(): number {
    let code = this.read(3);
    if (code < 4) return 1 << code;
    for (const values of LONG_CODES) {
      code = (code << 1) | this.read(1);
      const value = values[code];
      if (value !== undefined) return value;
    }
    throw corrupt();
  }

  skipToByte(): void {
    if (this.#bit === 8) return;
    this.#bit = 8;
    this.#at++;
  }
}

// The loops below run over rows and columns of a plane that has as many cells; its quarters and halves are inside it.

/** Halves a size, rounding up, `times` times. */
function halved(size: number, times: number): number {
  return Math.ceil(size / 2 ** times);
}

function log2Ceil(size: number): number {
  return Math.ceil(Math.log2(Math.max(1, size)));
}

/** Four bits a cell to one bit a cell of twice the rows and columns; the highest bit is the first row and column. */
function spread(codes: Uint8Array, rows: number, columns: number): Uint8Array {
  const out = new Uint8Array(rows * columns);
  const codeColumns = halved(columns, 1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const code = codes[(row >> 1) * codeColumns + (column >> 1)]!;
      out[row * columns + column] = (code >> (3 - 2 * (row & 1) - (column & 1))) & 1;
    }
  }
  return out;
}

/** One quadrant of the transform: bit planes, highest first, each a quadtree or plain nybbles. */
function readQuadrant(
  bits: Bits,
  coefficients: Float64Array,
  place: { start: number; stride: number; rows: number; columns: number },
  planes: number,
): void {
  const { start, stride, rows, columns } = place;
  const levels = log2Ceil(Math.max(rows, columns));
  for (let plane = planes - 1; plane >= 0; plane--) {
    const kind = bits.read(4);
    let codes: Uint8Array;
    if (kind === 0) {
      codes = new Uint8Array(halved(rows, 1) * halved(columns, 1));
      for (let i = 0; i < codes.length; i++) codes[i] = bits.read(4);
    } else if (kind === 15) {
      codes = Uint8Array.of(bits.huffman());
      for (let level = levels - 1; level > 0; level--) {
        codes = spread(codes, halved(rows, level), halved(columns, level));
        for (let i = codes.length - 1; i >= 0; i--) if (codes[i]) codes[i] = bits.huffman();
      }
    } else {
      throw corrupt();
    }
    const set = spread(codes, rows, columns);
    const value = 2 ** plane;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (set[row * columns + column]) coefficients[start + row * stride + column]! += value;
      }
    }
  }
}

/** Undoes the sorting of sums (first half) and differences (second half) along one line. */
function interleave(
  a: Float64Array,
  start: number,
  count: number,
  stride: number,
  scratch: Float64Array,
): void {
  const half = (count + 1) >> 1;
  for (let i = 0; i < count; i++) scratch[i] = a[start + i * stride]!;
  for (let i = 0; i < half; i++) a[start + 2 * i * stride] = scratch[i]!;
  for (let i = half; i < count; i++) a[start + (2 * (i - half) + 1) * stride] = scratch[i]!;
}

/** `value & -unit`, and `value & unit`, for powers of two beyond 32 bits. */
const masked = (value: number, unit: number) => Math.floor(value / unit) * unit;
const bitOf = (value: number, unit: number) => (Math.floor(value / unit) & 1) * unit;

/** A coefficient rounded to a multiple of `unit`; halves go away from zero, as the encoder had them. */
function rounded(value: number, unit: number, last: boolean): number {
  const half = Math.floor(unit / 2);
  return masked(value + (value >= 0 ? half : last ? 0 : half - 1), unit);
}

/** The inverse H-transform, in place; every step is exact in doubles. */
function inverseTransform(a: Float64Array, rows: number, columns: number): void {
  const levels = log2Ceil(Math.max(rows, columns));
  const scratch = new Float64Array(Math.max(rows, columns));
  let unit = 2 ** (levels - 1);
  if (levels > 0) a[0] = rounded(a[0]!, 4 * unit, false);
  for (let level = levels - 1; level >= 0; level--, unit /= 2) {
    const [height, width] = [halved(rows, level), halved(columns, level)];
    const divisor = level === 0 ? 4 : 2;
    for (let row = 0; row < height; row++) interleave(a, row * columns, width, 1, scratch);
    for (let column = 0; column < width; column++) interleave(a, column, height, columns, scratch);
    const double = 2 * unit;
    for (let row = 0; row < height; row += 2) {
      const hasBelow = row + 1 < height;
      for (let column = 0; column < width; column += 2) {
        const hasRight = column + 1 < width;
        const at = row * columns + column;
        const below = at + columns;
        const h0 = a[at]!;
        const hx = hasBelow ? rounded(a[below]!, double, false) : 0;
        const hy = hasRight ? rounded(a[at + 1]!, double, false) : 0;
        if (hasBelow && hasRight) {
          const hc = rounded(a[below + 1]!, unit, level === 0);
          const low = bitOf(hc, unit);
          const x = hx >= 0 ? hx - low : hx + low;
          const y = hy >= 0 ? hy - low : hy + low;
          const odd = bitOf(hc, double) + bitOf(x, double) + bitOf(y, double);
          const carry = (odd / double) & 1 ? double : 0;
          const sum = h0 >= 0 ? h0 + low - carry : h0 + (low === 0 ? carry : low - carry);
          a[below + 1] = Math.floor((sum + x + y + hc) / divisor);
          a[below] = Math.floor((sum + x - y - hc) / divisor);
          a[at + 1] = Math.floor((sum - x + y - hc) / divisor);
          a[at] = Math.floor((sum - x - y + hc) / divisor);
        } else {
          // At an odd edge only one difference is there, in an odd corner none.
          const difference = hx + hy;
          const carry = bitOf(difference, double);
          const sum = h0 >= 0 ? h0 - carry : h0 + carry;
          if (hasBelow) a[below] = Math.floor((sum + difference) / divisor);
          if (hasRight) a[at + 1] = Math.floor((sum + difference) / divisor);
          a[at] = Math.floor((sum - difference) / divisor);
        }
      }
    }
  }
}

/**
 * Expands an HCOMPRESS_1 tile (White, Postman & Lattanzi 1992; FITS 4.0, 10.4.4). The optional smoothing of lossy tiles
 * is for the eye, and is left out.
 * @throws AstroJobsError `corrupt_image`, also when the tile's size is not the one that the header gives.
 */
export function hcompressDecode(bytes: Uint8Array, pixels: number): Float64Array {
  if (bytes.length < HEADER_BYTES) throw corrupt();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [rows, columns, scale] = [view.getInt32(2), view.getInt32(6), view.getInt32(10)];
  const planes = [view.getUint8(22), view.getUint8(23), view.getUint8(24)] as const;
  const sizeFits = rows >= 1 && columns >= 1 && rows * columns === pixels;
  if (view.getUint16(0) !== MAGIC || !sizeFits || Math.max(...planes) > MAX_BIT_PLANES) throw corrupt();
  const a = new Float64Array(pixels);
  const bits = new Bits(bytes, HEADER_BYTES);
  const [upper, left] = [halved(rows, 1), halved(columns, 1)];
  const [lower, right] = [rows - upper, columns - left];
  const stride = columns;
  readQuadrant(bits, a, { start: 0, stride, rows: upper, columns: left }, planes[0]);
  readQuadrant(bits, a, { start: left, stride, rows: upper, columns: right }, planes[1]);
  readQuadrant(bits, a, { start: upper * columns, stride, rows: lower, columns: left }, planes[1]);
  readQuadrant(bits, a, { start: upper * columns + left, stride, rows: lower, columns: right }, planes[2]);
  if (bits.read(4) !== 0) throw corrupt();
  bits.skipToByte();
  for (let i = 0; i < pixels; i++) if (a[i] !== 0 && bits.read(1)) a[i] = -a[i]!;
  a[0] = Number(view.getBigInt64(14));
  if (scale > 1) for (let i = 0; i < pixels; i++) a[i]! *= scale;
  inverseTransform(a, rows, columns);
  return a;
}
