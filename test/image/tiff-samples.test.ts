import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { openImage } from '../../src/image/open.js';
import { greyTiffTags, type TiffTag, temporaryFolder, tiffOf } from './files.js';

const folder = temporaryFolder();
const [width, height] = [12, 8];
const COUNT = width * height;

/** 1 + i/1024 is exact in a half float. */
const values = Array.from({ length: COUNT }, (_, i) => 1 + i / 1024);

function samples(
  size: number,
  write: (data: DataView, at: number, index: number, little: boolean) => void,
  little: boolean,
) {
  const data = Buffer.alloc(COUNT * size);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < COUNT; i++) write(view, i * size, i, little);
  return data;
}
const half = (little: boolean) => samples(2, (view, at, i) => view.setUint16(at, 0x3c00 + i, little), little);
const double = (little: boolean) =>
  samples(8, (view, at, i) => view.setFloat64(at, values[i]!, little), little);
const signed = (little: boolean) => samples(2, (view, at, i) => view.setInt16(at, i - 40, little), little);

const tags = (
  bits: number,
  sampleFormat: number,
  change: Partial<Record<number, number[]>> = {},
): TiffTag[] =>
  greyTiffTags(width, height, bits, 1)
    .map((tag) => (tag.tag === 339 ? { ...tag, values: [sampleFormat] } : tag))
    .map((tag) => (change[tag.tag] ? { ...tag, values: change[tag.tag]! } : tag));
const open = (bytes: Buffer) => openImage(folder.put('picture.tif', bytes));

describe('samples that are read here', () => {
  it.each<[string, number, number, (little: boolean) => Buffer, number[]]>([
    ['half floats', 16, 3, half, values],
    ['64-bit floats', 64, 3, double, values],
    ['signed 16-bit integers', 16, 2, signed, values.map((_, i) => i - 40)],
  ])('%s, of both byte orders, stored and compressed', async (_, bits, format, make, expected) => {
    for (const bigEndian of [false, true]) {
      const data = make(!bigEndian);
      const stored = await (await open(tiffOf(tags(bits, format), { bigEndian, data }))).grey(1);
      expect(Array.from(stored.data)).toEqual(expected.map(Math.fround));
      const packed = deflateSync(data);
      const compressed = tags(bits, format, { 259: [8], 279: [packed.length] });
      const inflated = await (await open(tiffOf(compressed, { bigEndian, data: packed }))).grey(1);
      expect(inflated.data).toEqual(stored.data);
    }
  });

  it('infinite and missing values are none, and blocks are averaged without them', async () => {
    const data = half(true);
    data.writeUInt16LE(0x7c00, 0);
    data.writeUInt16LE(0x7e00, 2);
    const image = await open(tiffOf(tags(16, 3), { data }));
    expect((await image.grey(1)).data.slice(0, 3)).toEqual(
      Float32Array.of(Number.NaN, Number.NaN, values[2]!),
    );
    expect((await image.grey(2)).data[0]).toBeCloseTo((values[12]! + values[13]!) / 2, 6);
  });

  it('a file that is cut off is damaged', async () => {
    const image = await open(tiffOf(tags(16, 3, { 273: [100_000] }), { data: half(true) }));
    await expect(image.grey(1)).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});

describe('samples that are refused by their name', () => {
  it.each<[RegExp, TiffTag[]]>([
    [/64-bit complex numbers/, tags(64, 6)],
    [/32-bit complex integers/, tags(32, 5)],
    [/24-bit unsigned integers/, tags(24, 1)],
    [/12-bit unsigned integers/, tags(12, 1)],
    [/64-bit signed integers/, tags(64, 2)],
    [/compressed TIFF of half floats/, tags(16, 3, { 259: [5] })],
    [/colour filter array \(CFA\)/, tags(16, 1, { 262: [32_803] })],
    [/CIE L\*a\*b\*/, tags(8, 1, { 262: [8] })],
    [/transparency mask/, tags(8, 1, { 262: [4] })],
  ])('%s', async (message, directory) => {
    const data = Buffer.alloc(COUNT * 8);
    await expect(open(tiffOf(directory, { data }))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringMatching(message),
    });
  });

  it('CMYK is read as brightness', async () => {
    const four = { 258: [8, 8, 8, 8], 262: [5], 277: [4], 279: [4 * COUNT], 339: [1, 1, 1, 1] };
    const image = await open(tiffOf(tags(8, 1, four), { data: Buffer.alloc(4 * COUNT) }));
    expect((await image.grey(1)).data.every((value) => value === 255)).toBe(true);
  });
});

describe('several pages', () => {
  /** Pages of 8-bit grey, one directory after another. */
  function pages(...sizes: [width: number, height: number, subfileType: number][]): Buffer {
    const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
    const parts: Buffer[] = [head];
    let at = head.length;
    let link: [Buffer, number] = [head, 4];
    sizes.forEach(([columns, rows, subfileType], page) => {
      const data = Buffer.alloc(columns * rows + ((columns * rows) & 1), 10 * (page + 1));
      const fields = [
        [254, 4, subfileType],
        [256, 3, columns],
        [257, 3, rows],
        [258, 3, 8],
        [259, 3, 1],
        [262, 3, 1],
        [273, 4, at],
        [277, 3, 1],
        [278, 3, rows],
        [279, 4, columns * rows],
      ] as const;
      const directory = Buffer.alloc(2 + 12 * fields.length + 4);
      directory.writeUInt16LE(fields.length, 0);
      fields.forEach(([tag, type, value], i) => {
        directory.writeUInt16LE(tag, 2 + 12 * i);
        directory.writeUInt16LE(type, 4 + 12 * i);
        directory.writeUInt32LE(1, 6 + 12 * i);
        if (type === 3) directory.writeUInt16LE(value, 10 + 12 * i);
        else directory.writeUInt32LE(value, 10 + 12 * i);
      });
      link[0].writeUInt32LE(at + data.length, link[1]);
      link = [directory, directory.length - 4];
      parts.push(data, directory);
      at += data.length + directory.length;
    });
    return Buffer.concat(parts);
  }

  it.each<[string, [number, number, number][], string | undefined, number]>([
    ['one', [[20, 10, 0]], undefined, 10],
    [
      'a thumbnail first',
      [
        [8, 4, 1],
        [20, 10, 0],
      ],
      'page 2 of 2',
      20,
    ],
    [
      'a smaller one first',
      [
        [8, 4, 0],
        [20, 10, 0],
      ],
      'page 2 of 2',
      20,
    ],
    [
      'a mask first',
      [
        [20, 10, 4],
        [20, 10, 0],
      ],
      'page 2 of 2',
      20,
    ],
    [
      'two alike',
      [
        [20, 10, 2],
        [20, 10, 2],
      ],
      'page 1 of 2',
      10,
    ],
    [
      'the largest in the middle',
      [
        [8, 4, 0],
        [20, 10, 0],
        [16, 8, 0],
      ],
      'page 2 of 3',
      20,
    ],
  ])('%s', async (_, sizes, part, brightness) => {
    const image = await open(pages(...sizes));
    expect(image).toMatchObject({ width: 20, height: 10 });
    expect((await readCapture(image)).sources?.image).toBe(part);
    expect((await image.grey(1)).data[0]).toBe(brightness);
  });

  it('the caller may know better', async () => {
    const path = folder.put('chosen.tif', pages([40, 30, 0], [20, 10, 0]));
    expect(await openImage(path)).toMatchObject({ width: 40, part: 'page 1 of 2' });
    expect(await openImage(path, { extension: '2' })).toMatchObject({ width: 20, part: 'page 2 of 2' });
    await expect(openImage(path, { extension: '3' })).rejects.toMatchObject({
      code: 'unsupported_image',
      message: 'TIFF: there is no page 3; it has 2',
    });
  });
});
