import { describe, expect, it } from 'vitest';
import { BlockMean, wholeShrink } from '../../src/image/shrink.js';

const rows = (width: number, height: number, value: (x: number, y: number) => number) =>
  Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));

describe('block means', () => {
  it('are the same however many rows come at a time', () => {
    const [width, height] = [7, 8];
    const values = rows(width, height, (x, y) => x * x + 3 * y);
    const whole = new BlockMean({ width, height, shrink: 3, type: Float32Array });
    whole.add(values);
    const single = new BlockMean({ width, height, shrink: 3, type: Float32Array });
    for (let at = 0; at < values.length; at += width) single.add(values.subarray(at, at + width));
    expect(single.image()).toEqual(whole.image());
    expect(whole.image()).toMatchObject({ width: 2, height: 2, scale: [3, 3] });
    // (0 + 1 + 4) / 3 of the columns, 3 · (0 + 1 + 2) / 3 of the rows.
    expect(whole.image().data[0]).toBeCloseTo(5 / 3 + 3, 5);
  });

  it('leave out pixels without a value; a block of nothing else has none', () => {
    const mean = new BlockMean({ width: 4, height: 2, shrink: 2, type: Float32Array });
    mean.add([1, Number.NaN, Number.NaN, Number.NaN, 3, 5, Number.NaN, Number.NaN]);
    expect([...mean.image().data]).toEqual([3, Number.NaN]);
  });

  it('of planes are averaged over the planes', () => {
    for (const shrink of [1, 2]) {
      const mean = new BlockMean({ width: 2, height: 2, shrink, planes: 3, type: Float32Array });
      for (const value of [3, 6, 12]) mean.add([value, value, value, value]);
      expect(new Set(mean.image().data)).toEqual(new Set([7]));
    }
  });

  it('in whole numbers are rounded', () => {
    const bytes = new BlockMean({ width: 2, height: 2, shrink: 2, type: Uint8Array });
    bytes.add([254, 255, 255, 255]);
    expect(bytes.image().data).toEqual(Uint8Array.of(255));
    const words = new BlockMean({ width: 2, height: 1, shrink: 1, type: Uint16Array });
    words.add([1.4, 65534.6]);
    expect(words.image().data).toEqual(Uint16Array.of(1, 65535));
  });

  it('are taken over a whole factor that leaves a pixel', () => {
    expect(
      [0, 2.4, 9, Number.NaN, Number.POSITIVE_INFINITY].map((shrink) => wholeShrink(shrink, 5, 7)),
    ).toEqual([1, 2, 5, 1, 1]);
  });
});
