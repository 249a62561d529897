import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspectFitsImage, readFitsImage } from '../../src/image/fits-pixels.js';

interface StoredImage {
  name: string;
  /** gzip, base64 */
  file: string;
  width: number;
  height: number;
  planes: 1 | 3;
  values: (number | null)[];
}

const images: StoredImage[] = readFileSync(new URL('astropy-images.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const unpacked = (image: StoredImage) => gunzipSync(Buffer.from(image.file, 'base64'));

/** The mean of each block, NaN pixels left out; NaN where a plane has none. */
function expected({ width, height, planes, values }: StoredImage, factor: number): number[] {
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  return Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    let mean = 0;
    for (let plane = 0; plane < planes; plane++) {
      const block: number[] = [];
      for (let y = row * factor; y < (row + 1) * factor; y++) {
        for (let x = column * factor; x < (column + 1) * factor; x++) {
          const value = values[(plane * height + y) * width + x];
          if (value !== null && value !== undefined) block.push(value);
        }
      }
      mean += block.reduce((sum, value) => sum + value, 0) / block.length / planes;
    }
    return mean;
  });
}

function expectClose(found: ArrayLike<number>, wanted: number[]): void {
  expect(found.length).toBe(wanted.length);
  // The precision of the Float32 that carries it.
  const peak = Math.max(...wanted.filter((value) => !Number.isNaN(value)).map(Math.abs));
  wanted.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i], `pixel ${i}`).toBeNaN();
    else
      expect(
        Math.abs((found[i] ?? Number.NaN) - value),
        `pixel ${i}: ${found[i]} for ${value}`,
      ).toBeLessThanOrEqual(peak * 3e-7);
  });
}

describe('the pixels that astropy reads', () => {
  test.each(images.map((image) => [image.name, image] as const))('%s', async (_, image) => {
    const bytes = unpacked(image);
    const info = await inspectFitsImage(bytes);
    expect([info.width, info.height, info.planes]).toEqual([image.width, image.height, image.planes]);
    for (const factor of [1, 2, 3, 7]) {
      const grey = await readFitsImage(bytes, factor);
      expect(grey.scale).toEqual([factor, factor]);
      expect([grey.width, grey.height]).toEqual([
        Math.floor(image.width / factor),
        Math.floor(image.height / factor),
      ]);
      expectClose(grey.data, expected(image, factor));
    }
  });
});
