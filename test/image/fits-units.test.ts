import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { readFitsImage } from '../../src/image/fits-pixels.js';
import { openImage } from '../../src/image/open.js';
import { seededRandom } from '../sky/random.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const BLOCK = 2880;

interface Unit {
  axes: number[];
  name?: string;
  /** 16-bit values, first axis fastest. */
  values?: (index: number) => number;
}

function padded(bytes: Buffer, fill: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK, fill)]);
}

/** A FITS file of 16-bit units; the first is the primary one. */
function fitsOf(units: readonly Unit[]): Buffer {
  return Buffer.concat(
    units.flatMap(({ axes, name, values = () => 0 }, i) => {
      const cards = [
        i === 0 ? 'SIMPLE  =                    T' : "XTENSION= 'IMAGE   '",
        'BITPIX  =                   16',
        `NAXIS   = ${axes.length}`,
        ...axes.map((length, axis) => `NAXIS${axis + 1}  = ${length}`),
        ...(i === 0 ? [] : ['PCOUNT  = 0', 'GCOUNT  = 1']),
        ...(name === undefined ? [] : [`EXTNAME = '${name}'`]),
        'END',
      ];
      const count = axes.length === 0 ? 0 : axes.reduce((product, length) => product * length, 1);
      const data = Buffer.alloc(2 * count);
      for (let at = 0; at < count; at++) data.writeInt16BE(values(at), 2 * at);
      return [padded(Buffer.from(cards.map((card) => card.padEnd(80)).join('')), 32), padded(data, 0)];
    }),
  );
}

const { uniform } = seededRandom(7);
const sky = () => Math.floor(uniform() * 1000);
const mask = () => (uniform() < 0.01 ? 1 : 0);
const empty: Unit = { axes: [] };

describe('several pictures in one FITS file', () => {
  it.each<[string, Unit[], string | undefined, [number, number]]>([
    ['one in the primary unit', [{ axes: [60, 40], values: sky }], undefined, [60, 40]],
    [
      'one in an extension',
      [empty, { axes: [60, 40], name: 'SCI', values: sky }],
      'extension 1 (SCI)',
      [60, 40],
    ],
    [
      'data quality first, all zero',
      [empty, { axes: [60, 40], name: 'DQ' }, { axes: [60, 40], name: 'SCI', values: sky }],
      'extension 2 (SCI)',
      [60, 40],
    ],
    [
      'data quality first, with bad pixels, and without names',
      [empty, { axes: [60, 40], values: mask }, { axes: [60, 40], values: sky }],
      'extension 2',
      [60, 40],
    ],
    [
      'a thumbnail in the primary unit',
      [
        { axes: [15, 10], values: sky },
        { axes: [60, 40], values: sky },
      ],
      'extension 1',
      [60, 40],
    ],
    [
      'an error map first',
      [empty, { axes: [60, 40], name: 'ERR', values: sky }, { axes: [60, 40], name: 'SCI', values: sky }],
      'extension 2 (SCI)',
      [60, 40],
    ],
    [
      'weights behind the picture, and larger',
      [
        { axes: [60, 40], values: sky },
        { axes: [90, 60], name: 'WHT', values: sky },
      ],
      'the primary unit',
      [60, 40],
    ],
    ['only empty ones', [{ axes: [60, 40] }, { axes: [50, 40] }], 'the primary unit', [60, 40]],
    [
      'two of the sky',
      [empty, { axes: [60, 40], values: sky }, { axes: [60, 40], values: sky }],
      'extension 1',
      [60, 40],
    ],
  ])('%s', async (_, units, part, [width, height]) => {
    const image = await openImage(folder.put('several.fits', fitsOf(units)));
    expect(image).toMatchObject({ width, height });
    const { sources } = await readCapture(image);
    expect(sources?.image).toBe(part);
    expect((await image.grey(1)).data.length).toBe(width * height);
  });

  it('the caller may know better', async () => {
    const file = fitsOf([
      empty,
      { axes: [60, 40], name: 'SCI', values: sky },
      { axes: [30, 20], name: 'RED', values: sky },
    ]);
    const path = folder.put('chosen.fits', file);
    expect(await openImage(path, { extension: 2 })).toMatchObject({ width: 30, part: 'extension 2 (RED)' });
    for (const extension of ['red', ' 2', '2'])
      expect(await openImage(path, { extension })).toMatchObject({ width: 30, unit: 2 });
    await expect(openImage(path, { extension: 'blue' })).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.stringContaining('extension 1 (SCI), extension 2 (RED)'),
    });
  });

  it('what is damaged behind the picture costs nothing', async () => {
    const file = fitsOf([
      { axes: [60, 40], values: sky },
      { axes: [60, 40], values: sky },
    ]);
    const cut = file.subarray(0, file.length - 2 * BLOCK);
    expect(await openImage(folder.put('cut.fits', cut))).toMatchObject({ width: 60, height: 40 });
  });
});

describe('colours side by side', () => {
  it.each([
    [30, 20],
    [20, 30],
    [5, 4],
    [64, 64],
    [100, 7],
  ])('%d × %d pixels', async (width, height) => {
    const file = fitsOf([
      { axes: [3, width, height], values: (i) => 30 * (Math.floor(i / 3) % 1000) + (i % 3) },
    ]);
    const image = await readFitsImage(file);
    expect([image.width, image.height]).toEqual([width, height]);
    expect(Array.from(image.data.slice(0, 3))).toEqual([1, 31, 61]);
  });

  it('a table of three columns and a cube of three planes are none', async () => {
    expect(await readFitsImage(fitsOf([{ axes: [3, 20], values: sky }]))).toMatchObject({
      width: 3,
      height: 20,
    });
    expect(await readFitsImage(fitsOf([{ axes: [30, 20, 3], values: sky }]))).toMatchObject({
      width: 30,
      height: 20,
    });
  });
});
