import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotate } from '../../src/annotate/annotate.js';
import { exportPicture } from '../../src/export/pictures.js';
import { encodeSourceList } from '../../src/export/write-table.js';
import { openImage } from '../../src/image/open.js';
import { encoded, pictureSize, uprightPicture } from '../../src/image/picture.js';
import { resultOf } from '../annotate/support.js';
import { frame } from '../catalog/support.js';
import { fitsFile } from '../sky/fits.js';

const [WIDTH, HEIGHT] = [240, 160];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picture-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Light in parts of full brightness: a sky with a gradient and a few stars. */
const skyOf = (level: number) =>
  Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    i % 977 === 0 ? 0.9 : level * (1 + ((i * 7919) % 101) * 1e-3 + (i / (WIDTH * HEIGHT)) * 0.1),
  );
const faint = skyOf(0.012);
const plain = skyOf(0.2);

const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
const deep = (light: Float32Array) =>
  sharp(
    Uint16Array.from(light, (value) => Math.round(value * 65535)),
    { raw },
  ).toColourspace('grey16');

function pgm(light: Float32Array, maximum: 255 | 65535): Buffer {
  const pixels = Buffer.alloc(light.length * (maximum > 255 ? 2 : 1));
  light.forEach((value, i) => {
    if (maximum > 255) pixels.writeUInt16BE(Math.round(value * maximum), 2 * i);
    else pixels[i] = Math.round(value * maximum);
  });
  return Buffer.concat([Buffer.from(`P5\n${WIDTH} ${HEIGHT}\n${maximum}\n`), pixels]);
}

/** Little-endian, one strip, 32-bit floating point (sample format 3). */
function floatTiff(light: Float32Array): Buffer {
  const tags = [
    [256, 4, WIDTH],
    [257, 4, HEIGHT],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [277, 3, 1],
    [278, 4, HEIGHT],
    [279, 4, light.byteLength],
    [339, 3, 3],
  ] as const;
  const directory = Buffer.alloc(2 + tags.length * 12 + 4);
  directory.writeUInt16LE(tags.length);
  tags.forEach(([tag, type, value], i) => {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(type, 4 + 12 * i);
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt32LE(value, 10 + 12 * i);
  });
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(8 + light.byteLength, 4);
  return Buffer.concat([head, Buffer.from(light.buffer), directory]);
}

async function fileOf(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function brightness(picture: Buffer): Promise<number> {
  const data = await sharp(picture).greyscale().raw().toBuffer();
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

/** Mean brightness, 0 to 255, in the preview and under an empty annotation. */
async function shown(path: string) {
  const file = await exportPicture(
    'preview',
    { imagePath: path, filename: 'x', file: async () => undefined },
    {},
  );
  const preview = Buffer.concat(await Readable.from(file.read()).toArray());
  const wcs = { ...frame(84, -3, 4), width: WIDTH, height: HEIGHT };
  const image = await openImage(path);
  const empty = { layers: [], format: 'png', width: WIDTH } as const;
  const annotated = await annotate({ result: resultOf(wcs, image), wcs, image, ...empty });
  return { preview: await brightness(preview), annotated: await brightness(annotated) };
}

describe('preview and annotation show the same picture', () => {
  test.each([
    ['a faint 16-bit PGM', 'faint.pgm', async () => pgm(faint, 65535)],
    ['a faint floating-point TIFF', 'float.tif', async () => floatTiff(faint)],
    [
      'a faint FITS of 16 bits',
      'integers.fits',
      async () => fitsFile({ data: faint, width: WIDTH, height: HEIGHT, channels: 1 }, 16),
    ],
  ] as const)('measurements are stretched: %s', async (_, name, bytes) => {
    const { preview, annotated } = await shown(await fileOf(name, await bytes()));
    expect(Math.abs(preview - annotated)).toBeLessThanOrEqual(0.01 * annotated);
    expect(annotated).toBeGreaterThan(30);
  });

  test.each([
    ['an 8-bit PGM', 'plain.pgm', async () => pgm(plain, 255)],
    ['a 16-bit PNG', 'deep.png', () => deep(plain).png().toBuffer()],
    ['a 16-bit TIFF', 'deep.tif', () => deep(plain).tiff().toBuffer()],
  ] as const)('pictures are shown as they are: %s', async (_, name, bytes) => {
    const { preview, annotated } = await shown(await fileOf(name, await bytes()));
    expect(Math.abs(preview - annotated)).toBeLessThanOrEqual(0.01 * annotated);
    const stored = (255 * plain.reduce((sum, value) => sum + value, 0)) / plain.length;
    expect(Math.abs(annotated - stored)).toBeLessThanOrEqual(0.01 * stored);
  });
});

describe('what is nearly black', () => {
  const black = Float32Array.from(faint, (value, i) => (i % 977 === 0 && i % 5 > 0 ? value / 10 : value));
  const grey = (light: Float32Array) => Buffer.from(light.map((value) => Math.round(value * 255)));
  const forms: [string, (light: Float32Array) => Buffer | Promise<Buffer>][] = [
    ['sky.jpg', (light) => sharp(grey(light), { raw }).jpeg({ quality: 95 }).toBuffer()],
    ['sky.png', (light) => sharp(grey(light), { raw }).toColourspace('srgb').png().toBuffer()],
    [
      'sky.webp',
      (light) => sharp(grey(light), { raw }).toColourspace('srgb').webp({ quality: 95 }).toBuffer(),
    ],
    ['sky.pgm', (light) => pgm(light, 255)],
  ];

  test.each(forms)(
    '%s has its sky and stars brought out, in picture and thumbnail; a well exposed one stays',
    async (name, bytes) => {
      const path = await fileOf(`dark-${name}`, await bytes(black));
      const source = { imagePath: path, filename: name, file: async () => undefined };
      for (const kind of ['preview', 'thumbnail'] as const) {
        const made = await exportPicture(kind, source, {});
        const { channels } = await sharp(Buffer.concat(await Readable.from(made.read()).toArray())).stats();
        // The background that the stretch gives.
        expect(channels[0]!.mean, kind).toBeGreaterThan(25);
        expect(channels[0]!.mean, kind).toBeLessThan(90);
      }
      const { preview } = await shown(await fileOf(`plain-${name}`, await bytes(plain)));
      const stored = (255 * plain.reduce((sum, value) => sum + value, 0)) / plain.length;
      expect(Math.abs(preview - stored)).toBeLessThanOrEqual(0.02 * stored);
    },
  );

  test('has a sky of grey, whatever light is over it', async () => {
    const dots = Array.from(
      { length: 30 },
      (_, i) => `<rect x="${(i * 53) % 230}" y="${(i * 37) % 150}" width="1" height="1" fill="#902820"/>`,
    );
    const svg = `<svg width="240" height="160"><rect width="240" height="160" fill="#040302"/>${dots.join('')}</svg>`;
    const image = await openImage(
      await fileOf('reddish.png', await sharp(Buffer.from(svg)).png().toBuffer()),
    );
    const { data, info } = await (await uprightPicture(image, { width: 240, height: 160 }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const [red = 0, green = 0, blue = 0] = data.subarray(info.channels * (100 * 240 + 120));
    expect(green).toBeGreaterThan(30);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(0.3 * green);
  });
});

describe('the upright picture', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is turned by our own decoders as by sharp: EXIF orientation %i',
    async (orientation) => {
      const data = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
      const small = { width: 4, height: 3, channels: 1 } as const;
      const png = await sharp(data, { raw: small }).withMetadata({ orientation }).png().toBuffer();
      const ours = { ...(await openImage(await fileOf('o.pgm', toPgm(data)))), exifOrientation: orientation };
      const theirs = await openImage(await fileOf('o.png', png));
      expect(theirs.exifOrientation).toBe(orientation);
      const pixels = async (image: typeof ours) => {
        const size = pictureSize(image);
        const picture = await uprightPicture(image, size);
        return { size, data: [...(await encoded(image, picture.raw().toBuffer()))] };
      };
      expect(await pixels(ours)).toEqual(await pixels(theirs));
    },
  );

  test('of a list of stars is refused', async () => {
    const image = await openImage(await fileOf('list.fits', encodeSourceList({ x: [1, 2], y: [3, 4] })));
    await expect(uprightPicture(image, { width: 10, height: 10 })).rejects.toMatchObject({
      code: 'unsupported_image',
    });
  });
});

const toPgm = (data: Uint8Array) => Buffer.concat([Buffer.from('P5\n4 3\n255\n'), data]);
