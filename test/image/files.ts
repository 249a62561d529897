import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is gone when the test file has run, and a way to put files into it. */
export function temporaryFolder(): { path: string; put(name: string, bytes: Uint8Array | string): string } {
  const path = mkdtempSync(join(tmpdir(), 'astro-jobs-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    put(name, bytes) {
      const file = join(path, name);
      writeFileSync(file, bytes);
      return file;
    },
  };
}

export interface Grid {
  width: number;
  height: number;
  /** Red, green, blue, row by row from the top. */
  rgb: Uint8Array;
}

/** A small picture in which no two rows, columns or colours are alike. */
export function testCard(width: number, height: number): Grid {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      rgb[at] = (x * 37 + y * 11) % 256;
      rgb[at + 1] = (x * 5 + y * 53 + 17) % 256;
      rgb[at + 2] = (x * 91 + y * 3 + 101) % 256;
    }
  }
  return { width, height, rgb };
}

// Below, `rgb` has three values for each of width × height pixels, and `indices` one.

/** Rec. 601 luma of every pixel, rounded. */
export function lumaOf({ rgb }: Grid): number[] {
  return Array.from({ length: rgb.length / 3 }, (_, i) =>
    Math.round(0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!),
  );
}

/** An uncompressed Windows bitmap of 24 or 32 bits per pixel. */
export function bmpOf({ width, height, rgb }: Grid, bits: 24 | 32, topDown: boolean): Buffer {
  const bytes = bits / 8;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(54 + rowBytes * height);
  bmpHeader(file, width, topDown ? -height : height, bits, 54);
  for (let y = 0; y < height; y++) {
    const row = topDown ? y : height - 1 - y;
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        file[54 + row * rowBytes + x * bytes + 2 - c] = rgb[(y * width + x) * 3 + c]!;
      }
    }
  }
  return file;
}

/** A bitmap of palette indices; the palette is grey, from white to black. */
export function paletteBmpOf(
  indices: readonly number[],
  width: number,
  height: number,
  bits: 1 | 4 | 8,
): Buffer {
  const colours = 1 << bits;
  const start = 54 + 4 * colours;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const file = Buffer.alloc(start + rowBytes * height);
  bmpHeader(file, width, height, bits, start);
  for (let i = 0; i < colours; i++)
    file.fill(Math.round(255 - (255 * i) / (colours - 1)), 54 + 4 * i, 57 + 4 * i);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const at = start + (height - 1 - y) * rowBytes + (bit >> 3);
      file[at]! |= indices[y * width + x]! << (8 - bits - (bit & 7));
    }
  }
  return file;
}

export function bmpHeader(file: Buffer, width: number, height: number, bits: number, pixelsAt: number): void {
  file.write('BM', 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(pixelsAt, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
}

export interface TiffTag {
  tag: number;
  /** 2 text, 3 short, 4 long, 5 rational (pairs), 7 bytes. */
  type: number;
  values: readonly number[] | string | Buffer;
}

const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/** Bytes of a tag's value. */
function valueBytes({ type, values }: TiffTag, bigEndian: boolean): Buffer {
  if (typeof values === 'string') return Buffer.from(`${values}\0`, 'utf8');
  if (Buffer.isBuffer(values)) return values;
  const size = type === 5 || type === 10 ? 4 : (TYPE_BYTES[type] ?? 1);
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, i) => {
    const unsigned = value < 0 ? value + 2 ** (8 * size) : value;
    if (bigEndian) bytes.writeUIntBE(unsigned, i * size, size);
    else bytes.writeUIntLE(unsigned, i * size, size);
  });
  return bytes;
}

/**
 * A TIFF structure of one directory chain; `children` are directories that a tag of the first one points to.
 * What it is given is written as it is: it makes broken ones as well.
 */
export function tiffOf(
  tags: readonly TiffTag[],
  options: {
    bigEndian?: boolean;
    children?: ReadonlyMap<number, readonly TiffTag[]>;
    data?: Buffer;
    next?: number;
  } = {},
): Buffer {
  const { bigEndian = false, children = new Map(), data = Buffer.alloc(0), next = 0 } = options;
  const uint = (value: number, size: number) => {
    const bytes = Buffer.alloc(size);
    if (bigEndian) bytes.writeUIntBE(value, 0, size);
    else bytes.writeUIntLE(value, 0, size);
    return bytes;
  };
  const parts: Buffer[] = [
    Buffer.from(bigEndian ? 'MM\0*' : 'II*\0', 'latin1'),
    uint(8 + data.length, 4),
    data,
  ];
  let length = 8 + data.length;
  const sizeOf = (list: readonly TiffTag[]) =>
    list.reduce((sum, tag) => {
      const { length: bytes } = valueBytes(tag, bigEndian);
      return sum + 12 + (bytes > 4 ? bytes : 0);
    }, 6);
  const write = (list: readonly TiffTag[], following: number) => {
    let place = length + 6 + 12 * list.length;
    const values: Buffer[] = [];
    parts.push(uint(list.length, 2));
    for (const tag of list) {
      const value = valueBytes(tag, bigEndian);
      const count = value.length / (TYPE_BYTES[tag.type] ?? 1);
      parts.push(uint(tag.tag, 2), uint(tag.type, 2), uint(count, 4));
      if (value.length <= 4) {
        parts.push(Buffer.concat([value, Buffer.alloc(4 - value.length)]));
        continue;
      }
      parts.push(uint(place, 4));
      values.push(value);
      place += value.length;
    }
    parts.push(uint(following, 4), ...values);
    length = place;
  };
  const pointers = [...children.keys()].map((tag) => ({ tag, type: 4, values: [0] }));
  let childAt = length + sizeOf([...tags, ...pointers]);
  for (const pointer of pointers) {
    pointer.values = [childAt];
    childAt += sizeOf(children.get(pointer.tag) ?? []);
  }
  write(
    [...tags, ...pointers].sort((a, b) => a.tag - b.tag),
    next,
  );
  for (const list of children.values()) write(list, 0);
  return Buffer.concat(parts);
}

/** Tags of an uncompressed grey TIFF whose pixels stand at byte 8. */
export function greyTiffTags(width: number, height: number, bits: number, sampleFormat: 1 | 3): TiffTag[] {
  return [
    { tag: 256, type: 3, values: [width] },
    { tag: 257, type: 3, values: [height] },
    { tag: 258, type: 3, values: [bits] },
    { tag: 259, type: 3, values: [1] },
    { tag: 262, type: 3, values: [1] },
    { tag: 273, type: 4, values: [8] },
    { tag: 277, type: 3, values: [1] },
    { tag: 278, type: 3, values: [height] },
    { tag: 279, type: 4, values: [(width * height * bits) / 8] },
    { tag: 339, type: 3, values: [sampleFormat] },
  ];
}

/** A FITS file of one unit; cards are given as `KEYWORD = value` text. */
export function fitsOf(cards: readonly string[], data: Buffer = Buffer.alloc(0)): Buffer {
  const pad = (bytes: Buffer, fill: number) =>
    Buffer.concat([bytes, Buffer.alloc((2880 - (bytes.length % 2880)) % 2880, fill)]);
  const header = Buffer.from(
    [...cards, 'END'].map((card) => card.padEnd(80).slice(0, 80)).join(''),
    'latin1',
  );
  return Buffer.concat([pad(header, 32), pad(data, 0)]);
}

/** Cards of a primary image of 16-bit integers. */
export function imageCards(width: number, height: number, more: readonly string[] = []): string[] {
  return [
    'SIMPLE  =                    T',
    'BITPIX  =                   16',
    'NAXIS   =                    2',
    `NAXIS1  = ${String(width).padStart(20)}`,
    `NAXIS2  = ${String(height).padStart(20)}`,
    ...more,
  ];
}
