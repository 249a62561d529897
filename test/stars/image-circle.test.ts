import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { PackagedStars } from '../../src/engine/packaged-stars.js';
import type { GreyImage } from '../../src/image/image.js';
import { circleShrink, findImageCircle } from '../../src/stars/image-circle.js';
import { type AllSkyOptions, renderAllSky } from '../sky/all-sky.js';
import type { Canvas } from '../sky/canvas.js';
import { renderSky } from '../sky/render.js';
import { STARLESS, starless } from '../sky/starless.js';

let stars: PackagedStars;
beforeAll(async () => {
  stars = new PackagedStars(await readFile(new URL('../../data/stars.bin', import.meta.url)));
});

/** As it would be decoded: the mean of squares of pixels, and of the colours. */
function shrunk({ data, width, height, channels }: Canvas): GreyImage {
  const side = circleShrink({ width, height });
  const [columns, rows] = [Math.floor(width / side), Math.floor(height / side)];
  const grey = Uint8Array.from({ length: columns * rows }, (_, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    let sum = 0;
    for (let y = row * side; y < (row + 1) * side; y++)
      for (let x = channels * column * side; x < channels * (column + 1) * side; x++)
        sum += data[channels * y * width + x] as number;
    return Math.min(255, (255 * sum) / (channels * side * side));
  });
  return { data: grey, width: columns, height: rows, scale: [side, side] };
}

const skyOf = (more: Partial<AllSkyOptions>) =>
  renderAllSky({
    stars: stars.catalog.data,
    seed: 3,
    projection: 'equisolid',
    width: 1000,
    height: 900,
    tilt_deg: 8,
    ...more,
  });

describe('the circle of a fisheye image', () => {
  it.each([
    ['clear', { seed: 1 }],
    ['with the Moon, tilted', { seed: 6, hasMoon: true, tilt_deg: 14 }],
    ['half in clouds', { seed: 8, clouds: 0.5 }],
    ['cut off above and below', { seed: 9, diameter: 1.15 }],
  ])('is found in its pixels: %s', (_, more) => {
    const sky = skyOf(more);
    const { x, y, radius } = findImageCircle(shrunk(sky)) ?? { x: 0, y: 0, radius: 0 };
    expect(Math.hypot(x - sky.circle.x, y - sky.circle.y)).toBeLessThan(0.005 * sky.circle.radius);
    expect(Math.abs(radius / sky.circle.radius - 1)).toBeLessThan(0.01);
  });

  it('is not seen where the sky goes on to the corners', () => {
    const whole = skyOf({ diameter: 1.6 });
    expect(findImageCircle(shrunk(whole))).toBeUndefined();
    const ordinary = renderSky({
      ra_deg: 80,
      dec_deg: 10,
      width: 900,
      height: 600,
      pixscale_arcsec: 110,
      limit_mag: 6,
      background: { level: 0.3, gradient: [0.1, 0.1], vignette: 0.6 },
    });
    expect(findImageCircle(shrunk(ordinary))).toBeUndefined();
  });

  it('is not seen in pictures of noise, text, leaves, lights and drops', () => {
    // A dial is a disk.
    for (const kind of STARLESS.filter((name) => name !== 'dials'))
      for (const seed of [1, 2, 3])
        expect(findImageCircle(shrunk(starless(kind, seed))), kind).toBeUndefined();
  });
});
