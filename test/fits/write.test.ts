import { describe, expect, test } from 'vitest';
import { imageFits } from '../../src/fits/write.js';
import { inspectFitsImage, readFitsImage } from '../../src/image/fits-pixels.js';

const [width, height] = [700, 500];
const ramp = Array.from({ length: width * height }, (_, i) => (i * 37) % 65536);

describe('a picture that is written', () => {
  test.each([
    ['8-bit', Uint8Array.from(ramp)],
    ['unsigned 16-bit', Uint16Array.from(ramp)],
    ['float', Float32Array.from(ramp, (value) => value / 7 - 100)],
  ])('%s is read as it was', async (_, data) => {
    const bytes = Buffer.concat([...imageFits({ width, height, planes: [data] })]);
    expect(bytes.length % 2880).toBe(0);
    const image = await readFitsImage(bytes);
    expect([image.width, image.height, image.data.constructor]).toEqual([width, height, data.constructor]);
    // As bytes: comparing element by element takes seconds.
    expect(Buffer.from(image.data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
  });

  test('in colour', async () => {
    const planes = [1, 2, 3].map((factor) => Uint16Array.from(ramp, (value) => value % (factor * 1000)));
    const bytes = Buffer.concat([...imageFits({ width, height, planes })]);
    const image = await readFitsImage(bytes);
    image.data.forEach((value, i) => {
      const mean = planes.reduce((sum, plane) => sum + (plane[i] ?? Number.NaN), 0) / 3;
      if (!(Math.abs(value - mean) <= 1)) throw new Error(`pixel ${i}: ${value} for ${mean}`);
    });
    expect((await inspectFitsImage(bytes)).planes).toBe(3);
  });

  test('carries the cards that it is given, except those of structure', async () => {
    const cards = [
      { keyword: 'OBJECT', value: "Barnard's Star", comment: 'c' },
      { keyword: 'NAXIS1', value: 5, comment: '' },
      { keyword: 'BZERO', value: 5, comment: '' },
      { keyword: 'HISTORY', value: 'solved', comment: '' },
    ];
    const { header } = await inspectFitsImage(
      Buffer.concat([...imageFits({ width: 2, height: 2, planes: [new Uint8Array(4)] }, cards)]),
    );
    expect([header.string('OBJECT'), header.number('NAXIS1'), header.has('BZERO')]).toEqual([
      "Barnard's Star",
      2,
      false,
    ]);
    expect(header.history).toEqual(['solved']);
  });

  test('of planes that do not fit is refused', () => {
    const write = (...planes: (Uint8Array | Uint16Array)[]) => [
      ...imageFits({ width: 2, height: 2, planes }),
    ];
    expect(() => write()).toThrow();
    expect(() => write(new Uint8Array(3))).toThrow();
    expect(() => write(new Uint8Array(4), new Uint16Array(4))).toThrow();
  });
});
