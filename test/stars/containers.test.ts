import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { uprightPicture } from '../../src/image/picture.js';
import { ourStars } from '../../src/solver/search/star-list.js';
import { zstdFrame } from '../image/compressed.js';
import { fitsOf, imageCards, temporaryFolder } from '../image/files.js';
import { TIFF_RAWS } from '../image/raw-files.js';
import { serOf } from '../image/ser-files.js';
import { xisfOf } from '../image/xisf-files.js';
import { addStar, type Canvas } from '../sky/canvas.js';
import { seededRandom } from '../sky/random.js';

const folder = temporaryFolder();
const [width, height] = [320, 240];

/** Stars on a grid, each off its node, and the picture of them in 16 bits. */
function sky(): { stars: [number, number][]; values: Uint16Array } {
  const random = seededRandom(9);
  const canvas: Canvas = { data: new Float32Array(width * height), width, height, channels: 1 };
  const stars: [number, number][] = [];
  for (let y = 40; y < height - 20; y += 40) {
    for (let x = 40; x < width - 20; x += 40) {
      const star: [number, number] = [x + 3 * random.uniform(), y + 3 * random.uniform()];
      stars.push(star);
      addStar(canvas, star, 6, [{ fwhm_px: 3, share: 1 }], 1e-5, [1, 1, 1]);
    }
  }
  const noise = new Float32Array(width * height);
  random.addNoise(noise, 1);
  const values = Uint16Array.from(canvas.data, (value, i) =>
    Math.max(0, Math.min(32_000, 5000 + 30_000 * value + 250 * noise[i]!)),
  );
  return { stars, values };
}

const { stars, values } = sky();
const list = [...values];
const deep = () =>
  sharp(values, { raw: { width, height, channels: 1, depth: 'ushort' } as never }).toColourspace('grey16');
const eight = Uint8Array.from(values, (value) => value / 126);
const flat = () => sharp(eight, { raw: { width, height, channels: 1 } });

function fits(): Buffer {
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => {
    data.writeInt16BE(value, 2 * i);
  });
  return fitsOf(imageCards(width, height), data);
}

describe('the stars of one picture, whatever it is kept in', () => {
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['FITS', fits],
    ['FITS in gzip', () => gzipSync(fits())],
    ['FITS in Zstandard', () => zstdFrame(fits())],
    [
      'XISF of 16 bits, LZ4, shuffled',
      () => xisfOf([{ width, height, values: list, codec: 'lz4', shuffled: true }]),
    ],
    [
      'XISF of floats, zlib, shuffled',
      () => xisfOf([{ width, height, format: 'Float32', values: list, codec: 'zlib', shuffled: true }]),
    ],
    [
      'XISF of colours side by side, Zstandard',
      () =>
        xisfOf([
          { width, height, channels: 3, values: [...list, ...list, ...list], normal: true, codec: 'zstd' },
        ]),
    ],
    ['SER', () => serOf({ width, height, frames: [list, list] })],
    ['PNG of 16 bits', () => deep().png().toBuffer()],
    ['AVIF', () => flat().avif({ quality: 95, effort: 0 }).toBuffer()],
    ['a NEF with a JPEG preview', async () => TIFF_RAWS.nef!(await flat().jpeg({ quality: 100 }).toBuffer())],
    [
      'an RW2 with a JPEG preview',
      async () => TIFF_RAWS.rw2!(await flat().jpeg({ quality: 100 }).toBuffer()),
    ],
  ])('%s', async (_, write) => {
    const image = await openImage(folder.put('sky', await write()));
    const found = await ourStars(image, { shrink: 1, sigmas: 6, boxes: 0 }, new AbortController().signal);
    expect(found.detected).toBe(stars.length);
    for (const [x, y] of stars) {
      const distances = found.x.map((other, i) => Math.hypot(other - x, found.y[i]! - y));
      expect(Math.min(...distances)).toBeLessThan(0.25);
    }
    const shown = await (await uprightPicture(image, { width: 160, height: 120 })).png().toBuffer();
    expect((await sharp(shown).metadata()).channels).toBe(3);
  });
});
