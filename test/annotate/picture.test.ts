import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { annotate } from '../../src/annotate/annotate.js';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { openImage } from '../../src/image/open.js';
import { autoStretch } from '../../src/image/stretch.js';
import { skyToPixel } from '../../src/wcs/tan-sip.js';
import { createView } from '../../src/wcs/view.js';
import type { Canvas } from '../sky/canvas.js';
import { framedWcs } from '../sky/projection.js';
import { encodeSky, type SkyFormat } from '../sky/write.js';
import { resultOf } from './support.js';

const wcs = framedWcs({
  ra_deg: 84,
  dec_deg: -1.5,
  width: 900,
  height: 600,
  pixscale_arcsec: 24,
  orientation_deg: 25,
  parity: 1,
});
/** Two white stars on a dark ground, which no rotation and no mirror brings into each other. */
const STARS: [number, number][] = [
  [84.0534, -1.2019],
  [85.19, -1.9426],
];

function canvas(): Canvas {
  const data = new Float32Array(900 * 600).fill(0.05);
  for (const star of STARS) {
    const [x, y] = skyToPixel(wcs, ...star)!;
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) data[(Math.round(y) - 1 + dy) * 900 + Math.round(x) - 1 + dx] = 1;
  }
  return { data, width: 900, height: 600, channels: 1 };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annotate-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function picture(
  name: string,
  format: SkyFormat,
  options: Partial<Parameters<typeof annotate>[0]> = {},
) {
  const path = join(folder, name);
  await writeFile(path, await encodeSky(canvas(), format));
  const image = await openImage(path);
  const display = { rowOrder: image.rowOrder, exifOrientation: image.exifOrientation };
  const result = resultOf(wcs, display, { capture: { datetime: '2024-01-10T22:05:33' } });
  const bytes = await annotate({ result, wcs, image, format: 'png', ...options });
  return { bytes, display };
}

describe('stars are where the overlay says, whatever the file', () => {
  const formats: [string, SkyFormat][] = [
    ['plain.png', { format: 'png' }],
    ['deep.tif', { format: 'tiff', bits: 16 }],
    ['integers.fits', { format: 'fits', bitpix: 16 }],
    ['floats.fits', { format: 'fits', bitpix: -32 }],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation): [string, SkyFormat] => [
      `turned-${orientation}.jpg`,
      { format: 'jpeg', quality: 95, exif: { orientation } },
    ]),
  ];
  test.each(formats)('%s', async (name, format) => {
    const { bytes, display } = await picture(name, format, {
      width: 1200,
      layers: [],
    });
    const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
    const view = createView(wcs, display, 1200);
    expect([info.width, info.height]).toEqual([view.width, view.height]);
    const at = (ra: number, dec: number) => {
      const [x, y] = view.fromSky(ra, dec)!;
      return data[Math.floor(y) * info.width + Math.floor(x)];
    };
    for (const star of STARS) expect(at(...star)).toBeGreaterThan(200);
    expect(at(84.5, -2.4)).toBeLessThan(100);
  });
});

describe('the picture', () => {
  test('is as large as is good to look at, with the band below', async () => {
    const { bytes } = await picture('small.png', { format: 'png' });
    const { width, height, format } = await sharp(bytes).metadata();
    expect([width, format]).toEqual([1600, 'png']);
    expect(height).toBeGreaterThan(1067 + 40);
  });

  test('has the rings of clusters drawn on it, in colour and dashed', async () => {
    const { bytes, display } = await picture(
      'rings.png',
      { format: 'png' },
      { width: 1200, layers: ['deep-sky'] },
    );
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const view = createView(wcs, display, 1200);
    const belt = objectsInField(wcs).find(({ id }) => id === '70')!;
    const rim = view
      .circle(belt.ra_deg!, belt.dec_deg!, belt.size_arcmin! / 120, 360)!
      .filter((point) => view.contains(point, 2));
    const yellow = rim.filter(([x, y]) => {
      const [red = 0, , blue = 0] = data.subarray((Math.floor(y) * info.width + Math.floor(x)) * 3);
      return red - blue > 25;
    });
    expect(rim.length).toBeGreaterThan(100);
    expect(yellow.length / rim.length).toBeGreaterThan(0.45);
    expect(yellow.length / rim.length).toBeLessThan(0.75);
  });

  test('as JPEG, and as SVG with the photograph inside', async () => {
    const jpeg = await picture('a.png', { format: 'png' }, { format: 'jpeg', width: 700 });
    expect(await sharp(jpeg.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 700 });
    const svg = (await picture('b.png', { format: 'png' }, { format: 'svg', width: 700 })).bytes.toString();
    expect(svg).toMatch(/^<svg [^>]*width="700"/);
    const [, photo = ''] =
      /<image width="700" height="467" [^>]*href="data:image\/jpeg;base64,([^"]+)"/.exec(svg) ?? [];
    expect(await sharp(Buffer.from(photo, 'base64')).metadata()).toMatchObject({
      format: 'jpeg',
      width: 700,
      height: 467,
    });
    expect(svg).not.toContain('<text');
  });

  test('of a damaged image is refused with its code', async () => {
    const path = join(folder, 'damaged.jpg');
    const whole = await encodeSky(canvas(), { format: 'jpeg' });
    await writeFile(path, whole);
    const image = await openImage(path);
    await writeFile(path, whole.subarray(0, 300));
    const result = resultOf(wcs, { rowOrder: image.rowOrder });
    await expect(annotate({ result, wcs, image })).rejects.toMatchObject({ code: 'corrupt_image' });
  });
});

describe('the stretch of linear data', () => {
  const grey = (data: Float32Array | Uint16Array) => ({
    data,
    width: data.length,
    height: 1,
    scale: [1, 1] as [number, number],
  });
  const noisy = (level: number, sigma: number) =>
    Float32Array.from({ length: 9000 }, (_, i) => level + sigma * Math.sin(i * 12.9898) * 1.4);

  test('lifts a faint background to dark grey, keeps black black and white white', () => {
    const data = noisy(0.002, 0.0002);
    data[10] = 1;
    data[11] = 0;
    for (let i = 20; i < 60; i++) data[i] = 1;
    const out = autoStretch(grey(data));
    const median = [...out].sort((a, b) => a - b)[4500];
    expect(median).toBeGreaterThan(35);
    expect(median).toBeLessThan(80);
    expect([out[10], out[11]]).toEqual([255, 0]);
  });

  test('does not depend on the unit of the data', () => {
    const base = noisy(100, 5);
    base[0] = 4000;
    const scaled = Float32Array.from(base, (value) => value * 1000 + 7);
    const [one, two] = [autoStretch(grey(base)), autoStretch(grey(scaled))];
    expect(Math.max(...one.map((value, i) => Math.abs(value - (two[i] ?? Number.NaN))))).toBeLessThanOrEqual(
      1,
    );
  });

  test('lives with pixels without a value, and with data without any', () => {
    const holes = noisy(100, 5);
    holes[3] = Number.NaN;
    expect(autoStretch(grey(holes))[3]).toBe(0);
    expect(new Set(autoStretch(grey(new Float32Array(50).fill(Number.NaN))))).toEqual(new Set([0]));
    expect(new Set(autoStretch(grey(new Uint16Array(50).fill(9))))).toEqual(new Set([0]));
  });
});
