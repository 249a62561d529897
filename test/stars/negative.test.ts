import { describe, expect, it } from 'vitest';
import { detectStars } from '../../src/stars/detect.js';
import { negativeOf } from '../../src/stars/negative.js';
import { renderSky } from '../sky/render.js';

const SIZE = { width: 600, height: 400 };
const sky = renderSky({ ...SIZE, ra_deg: 84, dec_deg: -3, pixscale_arcsec: 60, limit_mag: 8 });

function grey(data: Uint8Array | Uint16Array | Float32Array) {
  return { data, ...SIZE, scale: [1, 1] as [number, number] };
}

/** The picture in whole levels up to `top`. */
const levels = (top: number) => Array.from(sky.data, (value) => Math.round(value * top));

describe('a negative', () => {
  it.each([
    ['8 bits', Uint8Array.from(levels(255))],
    ['16 bits', Uint16Array.from(levels(65_535))],
    ['floats', Float32Array.from(sky.data)],
  ] as const)('has the same stars as its positive: %s', async (_, data) => {
    const positive = await detectStars(grey(data), SIZE);
    const negative = await detectStars(negativeOf(grey(data)), SIZE);
    expect(positive.length).toBeGreaterThan(50);
    expect(negative).toHaveLength(positive.length);
    for (const { x, y } of positive)
      expect(Math.min(...negative.map((star) => Math.hypot(star.x - x, star.y - y)))).toBeLessThan(0.01);
  });

  it('keeps pixels without a value', () => {
    const { data } = negativeOf(grey(Float32Array.of(1, Number.NaN, 3)));
    expect([...data]).toEqual([2, Number.NaN, 0]);
  });

  it('is not seen in a picture that has neither bright nor dark stars', async () => {
    const flat = new Uint8Array(SIZE.width * SIZE.height).fill(200);
    expect(await detectStars(grey(flat), SIZE)).toEqual([]);
  });
});
