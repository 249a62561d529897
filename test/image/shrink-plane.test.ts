import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFits } from '../../src/fits/write.js';
import { openImage } from '../../src/image/open.js';
import { planeShrinker } from '../../src/image/shrink-plane.js';
import { seededRandom } from '../sky/random.js';

const [WIDTH, HEIGHT] = [101, 67];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shrink-plane-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function noise(count: number, most: number): number[] {
  const random = seededRandom(9);
  return Array.from({ length: count }, () => random.uniform() * most);
}

const raw = (channels: 1 | 3) => ({ raw: { width: WIDTH, height: HEIGHT, channels } });
const bytes = (channels: 1 | 3) => Uint8Array.from(noise(WIDTH * HEIGHT * channels, 256));

const FILES: Record<string, () => Promise<Buffer>> = {
  'grey.png': () => sharp(bytes(1), raw(1)).toColourspace('b-w').png().toBuffer(),
  'floats.fits': async () =>
    Buffer.concat([
      ...imageFits({
        width: WIDTH,
        height: HEIGHT,
        planes: [Float32Array.from(noise(WIDTH * HEIGHT, 1))],
      }),
    ]),
  'cube.fits': async () =>
    Buffer.concat([
      ...imageFits({
        width: WIDTH,
        height: HEIGHT,
        planes: [1, 2, 3].map((most) => Float32Array.from(noise(WIDTH * HEIGHT, most))),
      }),
    ]),
};

describe('a plane that is made of a larger one is the one that is decoded', () => {
  it.each(Object.keys(FILES))('%s', async (name) => {
    const path = join(folder, name);
    await writeFile(path, await FILES[name]!());
    const image = await openImage(path);
    for (const [from, to] of [
      [1, 1],
      [1, 2],
      [1, 4],
      ...(name.endsWith('.fits') ? ([[2, 4]] as const) : []),
    ] as const) {
      const shrinker = await planeShrinker(image, from, to);
      const made = (await shrinker!(await image.grey(from)))!;
      const { data, ...facts } = await image.grey(to);
      expect(made).toMatchObject(facts);
      expect(made.data.constructor).toBe(data.constructor);
      const off = Math.max(...Array.from(data, (value, i) => Math.abs(value - made.data[i]!)));
      // Means of floats are rounded at one place more or less.
      expect(off).toBeLessThan(data instanceof Float32Array ? 3e-6 : 1);
    }
  });

  it('is not made of a picture of 16 bits', async () => {
    const path = join(folder, 'deep.png');
    const words = Uint16Array.from(noise(WIDTH * HEIGHT, 65_536));
    await sharp(words, raw(1)).toColourspace('grey16').png().toFile(path);
    const image = await openImage(path);
    const shrinker = await planeShrinker(image, 1, 2);
    expect(await shrinker!(await image.grey(1))).toBeUndefined();
  });

  it('is not made of a JPEG, which is shrunk while it is decoded', async () => {
    const path = join(folder, 'picture.jpg');
    await sharp(bytes(1), raw(1)).toColourspace('b-w').jpeg().toFile(path);
    expect(await planeShrinker(await openImage(path), 1, 2)).toBeUndefined();
  });
});

describe('the green plane of a picture in colours', () => {
  const green = (samples: ArrayLike<number>) => Array.from(samples).filter((_, i) => i % 3 === 1);

  it.each(['png', 'webp'] as const)('%s: is what the file holds', async (format) => {
    const path = join(folder, `colour.${format}`);
    await sharp(bytes(3), raw(3)).toFormat(format, { lossless: true }).toFile(path);
    const image = await openImage(path);
    const plane = (await image.green?.())!;
    expect(plane).toMatchObject({ width: WIDTH, height: HEIGHT, scale: [1, 1] });
    expect(Array.from(plane.data)).toEqual(green(bytes(3)));
    expect(await planeShrinker(image, 1, 2)).toBeUndefined();
  });

  it('is of 16 bits where the file is', async () => {
    const path = join(folder, 'deep-colour.png');
    const words = Uint16Array.from(noise(WIDTH * HEIGHT * 3, 65_536));
    await sharp(words, raw(3)).toColourspace('rgb16').png().toFile(path);
    const plane = (await (await openImage(path)).green?.())!;
    expect(plane.data).toBeInstanceOf(Uint16Array);
    expect(Array.from(plane.data)).toEqual(green(words));
  });

  it('is not to be had of a picture in grey', async () => {
    const path = join(folder, 'plain.png');
    await sharp(bytes(1), raw(1)).toColourspace('b-w').png().toFile(path);
    expect((await openImage(path)).green).toBeUndefined();
  });
});
