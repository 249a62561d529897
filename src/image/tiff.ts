import type { ByteReader } from './file.js';

/** More than any honest directory has; what lies beyond is not read. */
const MAX_ENTRIES = 1024;
/** Bytes per value of TIFF types 1 to 18, and of the UTF-8 text of EXIF 3.0, type 129. */
const TYPE_BYTES: Readonly<Record<number, number>> = Object.fromEntries([
  ...[0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8].entries(),
  [129, 1],
]);

/** One tag of a directory, with the place of its value in the file. */
export interface TiffEntry {
  tag: number;
  type: number;
  count: number;
  /** Where the value stands, and how many bytes it takes; checked against the size of the file. */
  offset: number;
  bytes: number;
}

export interface TiffDirectory {
  entries: Map<number, TiffEntry>;
  /** Offset of the next directory; 0 at the end. */
  next: number;
  /** Tags were cut off, or point outside the file. */
  damaged: boolean;
}

/** 42, and what Olympus (`RO`, `RS`) and Panasonic write in its place. */
const MAGICS = new Set([42, 0x4f52, 0x5352, 0x55]);

/** The structure that TIFF files, EXIF blocks and most camera raw files share (TIFF 6.0, section 2; and BigTIFF). */
export class Tiff {
  readonly #reader: ByteReader;
  readonly bigEndian: boolean;
  readonly #wide: boolean;
  readonly first: number;

  private constructor(reader: ByteReader, bigEndian: boolean, wide: boolean, first: number) {
    this.#reader = reader;
    this.bigEndian = bigEndian;
    this.#wide = wide;
    this.first = first;
  }

  /** `undefined` when the bytes do not begin as a TIFF structure does. */
  static async open(reader: ByteReader): Promise<Tiff | undefined> {
    const head = await reader.read(0, 16);
    if (head.length < 8) return undefined;
    const order = head.toString('latin1', 0, 2);
    if (order !== 'II' && order !== 'MM') return undefined;
    const bigEndian = order === 'MM';
    const magic = bigEndian ? head.readUInt16BE(2) : head.readUInt16LE(2);
    if (MAGICS.has(magic)) {
      return new Tiff(reader, bigEndian, false, bigEndian ? head.readUInt32BE(4) : head.readUInt32LE(4));
    }
    if (magic !== 43 || head.length < 16) return undefined;
    const first = bigEndian ? head.readBigUInt64BE(8) : head.readBigUInt64LE(8);
    return new Tiff(reader, bigEndian, true, Number(first));
  }

  /** A structure without a header of its own, such as a maker note, whose offsets count from the start of `reader`. */
  static within(reader: ByteReader, bigEndian: boolean, first: number): Tiff {
    return new Tiff(reader, bigEndian, false, first);
  }

  #uint(bytes: Buffer, at: number, size: number): number {
    if (size === 8) return Number(this.bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at));
    return this.bigEndian ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size);
  }

  /** `undefined` when no directory can be read there. */
  async directory(offset: number): Promise<TiffDirectory | undefined> {
    const [countBytes, wordBytes] = this.#wide ? ([8, 8] as const) : ([2, 4] as const);
    const entryBytes = 4 + 2 * wordBytes;
    if (!(offset >= 8 && offset + countBytes <= this.#reader.size)) return undefined;
    const claimed = this.#uint(await this.#reader.read(offset, countBytes), 0, countBytes);
    const count = Math.min(claimed, MAX_ENTRIES);
    const start = offset + countBytes;
    const table = await this.#reader.read(start, count * entryBytes + wordBytes);
    const entries = new Map<number, TiffEntry>();
    let damaged = claimed > count;
    for (let index = 0; index < count; index++) {
      const at = index * entryBytes;
      if (at + entryBytes > table.length) {
        damaged = true;
        break;
      }
      const tag = this.#uint(table, at, 2);
      const type = this.#uint(table, at + 2, 2);
      const values = this.#uint(table, at + 4, wordBytes);
      const bytes = values * (TYPE_BYTES[type] ?? 0);
      const inline = bytes <= wordBytes;
      const valueOffset = inline
        ? start + at + 4 + wordBytes
        : this.#uint(table, at + 4 + wordBytes, wordBytes);
      const inside = bytes > 0 && valueOffset + bytes <= this.#reader.size;
      if (inside) entries.set(tag, { tag, type, count: values, offset: valueOffset, bytes });
      else if (values > 0) damaged = true;
    }
    const end = count * entryBytes;
    const next = claimed === count && table.length >= end + wordBytes ? this.#uint(table, end, wordBytes) : 0;
    return { entries, next, damaged };
  }

  /** The first whole numbers of an entry; none when it holds something else. */
  async uints(entry: TiffEntry | undefined, atMost = 16): Promise<number[]> {
    const size = entry && [1, 3, 4, 13, 16, 18].includes(entry.type) ? TYPE_BYTES[entry.type] : undefined;
    if (!entry || !size) return [];
    const bytes = await this.#reader.read(entry.offset, Math.min(entry.count, atMost) * size);
    const values: number[] = [];
    for (let at = 0; at + size <= bytes.length; at += size) values.push(this.#uint(bytes, at, size));
    return values;
  }

  /** The bytes of an entry's value. */
  async bytes(entry: TiffEntry, atMost: number): Promise<Buffer> {
    return this.#reader.read(entry.offset, Math.min(entry.bytes, atMost));
  }
}
