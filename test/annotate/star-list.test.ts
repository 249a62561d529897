import { expect, test } from 'vitest';
import { starField } from '../../src/annotate/star-field.js';

const stored = { width: 400, height: 300 };
const stars = { x: [100.5, 300.5], y: [50.5, 200.5], flux: [1000, 10], background: [0, 0] };

async function brightness(exifOrientation: number, size: { width: number; height: number }) {
  const picture = starField({ rowOrder: 'top-down', exifOrientation }, stars, stored, size);
  const { data, info } = await picture.greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([size.width, size.height]);
  const around = (x: number, y: number) => {
    let sum = 0;
    for (let row = y - 15; row < y + 15; row++)
      for (let column = x - 15; column < x + 15; column++)
        sum += data[(row * info.width + column) * info.channels] ?? 0;
    return sum;
  };
  return { around, whole: data.reduce((sum, value) => sum + value, 0) / info.channels };
}

test('a list of stars is drawn as dots where they are, the larger the brighter, and black elsewhere', async () => {
  const { around, whole } = await brightness(1, { width: 800, height: 600 });
  const [bright, faint] = [around(200, 100), around(600, 400)];
  expect(faint).toBeGreaterThan(0);
  expect(bright).toBeGreaterThan(2 * faint);
  expect(bright + faint).toBe(whole);
});

test('and stands upright', async () => {
  // Orientation 6: the first row is at the right, the first column at the top.
  const { around, whole } = await brightness(6, { width: 600, height: 800 });
  expect(around(500, 200) + around(200, 600)).toBe(whole);
});
