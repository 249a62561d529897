import { DamagedStream } from '../errors.js';

/** Reads numbers of a few bits, the most significant one first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** Counted from the first byte. */
  #bit = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Up to 20 bits, without taking them; behind the end there are zeros. */
  peek(count: number): number {
    const at = this.#bit >>> 3;
    const bytes = this.#bytes;
    const word =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
    return (word << (this.#bit & 7)) >>> (32 - count);
  }

  /** @throws DamagedStream behind the end */
  skip(count: number): void {
    this.#bit += count;
    if (this.#bit > this.#bytes.length * 8) throw new DamagedStream('the compressed data are cut off');
  }

  /** Up to 32 bits, as an unsigned number. */
  read(count: number): number {
    if (count > 16) {
      const high = this.read(count - 16);
      return high * 65_536 + this.read(16);
    }
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** Bytes from which something was read, the last one perhaps in part. */
  get bytesRead(): number {
    return Math.ceil(this.#bit / 8);
  }
  /** Bits behind the last whole byte that was read. */
  get bitInByte(): number {
    return this.#bit & 7;
  }
}
