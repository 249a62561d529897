import { AstroJobsError } from '../job/errors.js';

/** Bits of the split position, and the split position that stands for "not coded", by bytes per pixel. */
const CODES: Readonly<Record<number, { fsBits: number; fsMax: number }>> = {
  1: { fsBits: 3, fsMax: 6 },
  2: { fsBits: 4, fsMax: 14 },
  4: { fsBits: 5, fsMax: 25 },
};

/** Bits, highest first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #bits = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new AstroJobsError('corrupt_image', 'FITS: a RICE_1 tile is cut off');
    return byte;
  }

  /** Up to 32 bits, as an unsigned number. */
  read(count: number): number {
    let value = 0;
    let wanted = count;
    while (wanted > 0) {
      if (this.#bits === 0) {
        this.#held = this.#byte();
        this.#bits = 8;
      }
      const taken = Math.min(wanted, this.#bits);
      this.#bits -= taken;
      value = (value << taken) | (this.#held >>> this.#bits);
      this.#held &= (1 << this.#bits) - 1;
      wanted -= taken;
    }
    return value >>> 0;
  }

  /** The number of zeros before the next one, which is taken as well. */
  zeros(): number {
    let count = 0;
    while (this.#held === 0) {
      count += this.#bits;
      this.#held = this.#byte();
      this.#bits = 8;
    }
    const leading = this.#bits - (32 - Math.clz32(this.#held));
    this.#bits -= leading + 1;
    this.#held &= (1 << this.#bits) - 1;
    return count + leading;
  }
}

/**
 * Expands a RICE_1 tile (FITS 4.0, 10.4.1): differences of neighbours, in blocks that each choose how many low bits stand
 * uncoded.
 * @throws AstroJobsError `corrupt_image`
 */
export function riceDecode(
  bytes: Uint8Array,
  pixels: number,
  bytesPerPixel: number,
  blockSize: number,
): Int32Array {
  const code = CODES[bytesPerPixel];
  if (!code || !(blockSize >= 1)) {
    throw new AstroJobsError(
      'corrupt_image',
      `FITS: RICE_1 with BYTEPIX ${bytesPerPixel}, BLOCKSIZE ${blockSize}`,
    );
  }
  const wrap = (value: number) =>
    bytesPerPixel === 4 ? value | 0 : bytesPerPixel === 2 ? (value << 16) >> 16 : value & 0xff;
  const reader = new BitReader(bytes, 0);
  const values = new Int32Array(pixels);
  let last = wrap(reader.read(8 * bytesPerPixel));
  for (let start = 0; start < pixels; start += blockSize) {
    const end = Math.min(start + blockSize, pixels);
    const split = reader.read(code.fsBits) - 1;
    if (split < 0) {
      values.fill(last, start, end);
      continue;
    }
    for (let i = start; i < end; i++) {
      const folded =
        split === code.fsMax
          ? reader.read(8 * bytesPerPixel)
          : (reader.zeros() << split) | reader.read(split);
      // Odd numbers stand for negative differences.
      last = wrap(last + (folded & 1 ? ~(folded >>> 1) : folded >>> 1));
      values[i] = last;
    }
  }
  return values;
}
