import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFile } from '../../src/export/export.js';
import type { ExportSource } from '../../src/export/export-source.js';
import type { ExportKind } from '../../src/export/formats.js';
import { geometryOf } from '../../src/export/geometry.js';
import { localSource } from '../../src/export/local-source.js';
import { encodeSourceList } from '../../src/export/write-table.js';
import { readTable } from '../../src/fits/table.js';
import { formatCards } from '../../src/fits/write-card.js';
import { sourceListFits } from '../../src/fits/write-table.js';
import { inspectFitsImage, readFitsImage } from '../../src/image/fits-pixels.js';
import { openImage } from '../../src/image/open.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { type FitsValue, fitsFile, wcsCards } from '../sky/fits.js';
import { storedFile } from './support.js';

const [WIDTH, HEIGHT] = [7, 5];
const WCS: Wcs = {
  crval: [83.8, -5.4],
  crpix: [4, 3],
  cd: [
    [-0.01, 0.001],
    [0.001, 0.01],
  ],
  width: WIDTH,
  height: HEIGHT,
  sip: { a: [[0, 0, 1e-6], [0, 2e-6], [3e-6]], b: [[0, 0, -1e-6], [0, 1e-6], [2e-6]] },
};
const STARS = { x: [1.5, 4, 6.25], y: [2, 3, 4.5] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function solution(): Buffer {
  const values: Record<string, FitsValue> = { SIMPLE: true, ...wcsCards(WCS), IMAGEW: WIDTH, IMAGEH: HEIGHT };
  const text = formatCards(
    Object.entries(values).map(([keyword, value]) => ({ keyword, value, comment: '' })),
  );
  return Buffer.from(`${text}${'END'.padEnd(80)}`.padEnd(5760), 'latin1');
}

/** A job that has left what a solver leaves. */
async function jobWith(image: Uint8Array, filename = 'm 42.jpeg', extension?: string): Promise<ExportSource> {
  const { path } = await storedFile(folder, 'image', image);
  const left = {
    'solution.wcs': await storedFile(folder, 'solution.wcs', solution()),
    'solution.axy': await storedFile(folder, 'solution.axy', sourceListFits(STARS)),
  };
  const file = async (name: string) => left[name as keyof typeof left];
  return localSource({ imagePath: path, filename, extension, file });
}

async function exported(kind: ExportKind, source: ExportSource, width?: number) {
  const file = await exportFile(kind, source, { width });
  const bytes = Buffer.concat(await Readable.from(file.read()).toArray());
  expect(bytes.length).toBe(file.size);
  return { name: file.name, bytes };
}

const canvas = (channels: 1 | 3) => ({
  data: Float32Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => ((i * 37) % 101) / 100),
  width: WIDTH,
  height: HEIGHT,
  channels,
});

const raw = (channels: 1 | 3) => {
  const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 37) % 251);
  return { pixels, image: sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels } }) };
};

async function headerOf(bytes: Buffer) {
  const { header, width, height, planes } = await inspectFitsImage(bytes);
  expect([width, height]).toEqual([WIDTH, HEIGHT]);
  return { header, planes };
}

describe('new FITS', () => {
  it('of a file of several pictures has the one that was solved', async () => {
    const [first, second] = [1, 2].map((seed) =>
      fitsFile({ ...canvas(1), data: canvas(1).data.map((value) => value / seed) }, 16),
    ) as [Buffer, Buffer];
    second.fill("XTENSION= 'IMAGE   '".padEnd(80), 0, 80);
    for (const [extension, original] of [
      [undefined, first],
      ['1', second],
    ] as const) {
      const { bytes } = await exported(
        'new-fits',
        await jobWith(Buffer.concat([first, second]), 'two.fits', extension),
      );
      expect(bytes.subarray(-2880).equals(original.subarray(-2880))).toBe(true);
    }
  });

  it('of a colour picture is a cube in the order of its rows, with the solution', async () => {
    const { pixels, image } = raw(3);
    const { name, bytes } = await exported('new-fits', await jobWith(await image.png().toBuffer()));
    expect(name).toBe('m 42-solved.fits');
    expect(bytes.length % 2880).toBe(0);
    const { header, planes } = await headerOf(bytes);
    expect(planes).toBe(3);
    const start = bytes.length - 2880;
    const cube = bytes.subarray(start, start + WIDTH * HEIGHT * 3);
    for (let plane = 0; plane < 3; plane++) {
      for (let i = 0; i < WIDTH * HEIGHT; i++)
        expect(cube[plane * WIDTH * HEIGHT + i]).toBe(pixels[i * 3 + plane]);
    }
    const wcs = parseWcs(header);
    for (const [x, y] of [
      [1, 1],
      [WIDTH, HEIGHT],
    ] as const) {
      expect(pixelToSky(wcs, x, y)).toEqual(pixelToSky(WCS, x, y).map((value) => expect.closeTo(value, 10)));
    }
  });

  it('of a 16-bit picture keeps 16 bits', async () => {
    const values = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => i * 1800);
    const png = await sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const { bytes } = await exported('new-fits', await jobWith(png));
    expect(Array.from((await readFitsImage(bytes)).data)).toEqual(Array.from(values));
  });

  it.each([
    ['JPEG', (image: Sharp) => image.jpeg()],
    ['TIFF', (image: Sharp) => image.tiff()],
    ['WebP', (image: Sharp) => image.webp({ lossless: true })],
    ['GIF', (image: Sharp) => image.gif()],
    ['AVIF', (image: Sharp) => image.avif()],
  ])('of a %s can be read', async (_, encode) => {
    const { bytes } = await exported('new-fits', await jobWith(await encode(raw(3).image).toBuffer()));
    expect(parseWcs((await headerOf(bytes)).header).crval).toEqual(WCS.crval);
  });

  it('of a PNM can be read', async () => {
    const { pixels } = raw(1);
    const pnm = Buffer.concat([Buffer.from(`P5\n${WIDTH} ${HEIGHT}\n255\n`), pixels]);
    const { bytes } = await exported('new-fits', await jobWith(pnm));
    expect(Array.from((await readFitsImage(bytes)).data)).toEqual(Array.from(pixels));
  });

  it.each([8, 16, 32, -32, -64] as const)(
    'of a FITS of %d bits keeps its pixels bit for bit, and its header but for the WCS',
    async (bitpix) => {
      const old = {
        OBJECT: 'M 42',
        EXPTIME: 30.5,
        CRVAL1: 1,
        CD1_1: 5,
        CROTA2: 3,
        CTYPE1: 'OLD',
        A_ORDER: 4,
        CHECKSUM: 'x',
      };
      const original = fitsFile(canvas(1), bitpix, old);
      const { bytes } = await exported('new-fits', await jobWith(original));
      const { header } = await headerOf(bytes);
      expect(header.get('OBJECT')).toBe('M 42');
      expect(header.get('EXPTIME')).toBe(30.5);
      expect(header.has('CHECKSUM')).toBe(false);
      expect(header.has('CROTA2')).toBe(false);
      expect(header.all('CRVAL1').map(({ value }) => value)).toEqual([WCS.crval[0]]);
      expect(parseWcs(header).sip?.a[0]?.[2]).toBeCloseTo(1e-6, 12);
      const before = await readFitsImage(original);
      const after = await readFitsImage(bytes);
      expect(after).toEqual(before);
    },
  );

  it('of a list of stars, or without a solution, is refused', async () => {
    await expect(exportFile('new-fits', await jobWith(encodeSourceList(STARS)))).rejects.toMatchObject({
      code: 'not_found',
    });
    const job = await jobWith(await raw(1).image.png().toBuffer());
    const unsolved = localSource({ ...job, file: async () => undefined });
    await expect(exportFile('new-fits', unsolved)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('other exports', () => {
  it('give every found star its place on the sky', async () => {
    const source = await jobWith(await raw(1).image.png().toBuffer());
    const table = await readTable((await exported('image-rd', source)).bytes);
    STARS.x.forEach((x, i) => {
      const [ra, dec] = pixelToSky(WCS, x, STARS.y[i]!);
      expect(table.column('RA')[i]).toBeCloseTo(ra, 9);
      expect(table.column('DEC')[i]).toBeCloseTo(dec, 9);
    });
  });

  it('are pictures as a person sees them', async () => {
    const rows = new Float32Array(WIDTH * HEIGHT).map((_, i) => (i < WIDTH ? 1 : 0.1 + (i % 3) * 0.01));
    const fits = fitsFile({ ...canvas(1), data: rows }, 16);
    const { bytes } = await exported('preview', await jobWith(fits));
    const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([WIDTH, HEIGHT]);
    const brightness = (row: number) =>
      data.subarray(row * WIDTH, (row + 1) * WIDTH).reduce((sum, value) => sum + value, 0);
    // The first row of a FITS is the lowest.
    expect(brightness(HEIGHT - 1)).toBeGreaterThan(2 * brightness(0));
    const turned = await raw(3).image.withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const upright = await sharp((await exported('preview', await jobWith(turned))).bytes).metadata();
    expect([upright.width, upright.height]).toEqual([HEIGHT, WIDTH]);
    const job = await jobWith(turned);
    expect((await geometryOf(await openImage(job.imagePath), job)).image).toMatchObject({
      width: WIDTH,
      height: HEIGHT,
      exif_orientation: 6,
    });
    const chart = await sharp((await exported('extraction', await jobWith(turned))).bytes).metadata();
    expect(chart.width).toBe(HEIGHT);
  });

  it('mark the stars in colour in a grey picture, too', async () => {
    const [width, height] = [80, 60];
    const grey = fitsFile({ data: new Float32Array(width * height), width, height, channels: 1 }, 16);
    const { bytes } = await exported('extraction', await jobWith(grey));
    const [red, green] = (await sharp(bytes).stats()).channels.map(({ mean }) => mean);
    expect(red).toBeGreaterThan(2 * (green ?? Number.NaN));
  });
});
