// biome-ignore-all lint/style/noNonNullAssertion: bytes outside the stream are asked for with a zero in their place.
import { DamagedStream } from '../errors.js';

/** Numbers of up to 24 bits, the least significant bit of the first byte first (RFC 8878, 4.1). */
export class ForwardBits {
  readonly #bytes: Uint8Array;
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @throws DamagedStream behind the end */
  read(count: number): number {
    const at = this.#bit >>> 3;
    const bytes = this.#bytes;
    const word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    this.#bit += count;
    if (this.#bit > 8 * bytes.length) throw new DamagedStream('zstd: a table is cut off');
    return (word >>> ((this.#bit - count) & 7)) & ((1 << count) - 1);
  }

  /** Takes bits back that were read. */
  rewind(count: number): void {
    this.#bit -= count;
  }

  get bytesRead(): number {
    return Math.ceil(this.#bit / 8);
  }
}

/**
 * Numbers of up to 24 bits from the end of a stream to its start; its last byte has a mark above its first bit. Before the start
 * there are zeros, and `left` is negative.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  /** Bits that have not been read. */
  left: number;

  /** @throws DamagedStream for a stream without its mark */
  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw new DamagedStream('zstd: a stream of bits has no end');
    this.#bytes = bytes;
    this.left = 8 * bytes.length - (Math.clz32(last) - 24) - 1;
  }

  /** The next bits without taking them. */
  peek(count: number): number {
    const start = this.left - count;
    if (start < 0) return start <= -24 ? 0 : (this.#word(0) & ((1 << Math.max(0, this.left)) - 1)) << -start;
    return (this.#word(start >>> 3) >>> (start & 7)) & ((1 << count) - 1);
  }

  read(count: number): number {
    const value = count === 0 ? 0 : this.peek(count);
    this.left -= count;
    return value;
  }

  /** Up to 32 bits, as an unsigned number. */
  readLong(count: number): number {
    if (count <= 24) return this.read(count);
    const high = this.read(count - 16);
    return high * 65_536 + this.read(16);
  }

  #word(at: number): number {
    const bytes = this.#bytes;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }
}
