import { describe, expect, it } from 'vitest';
import type { GreyImage } from '../../src/image/image.js';
import { cleanStars } from '../../src/stars/clean.js';
import { findStars } from '../../src/stars/find.js';
import { listsOf } from '../../src/stars/list.js';
import type { Star } from '../../src/stars/star.js';
import { starlikeAmong } from '../../src/stars/starlike.js';
import { addStar, type Canvas, type Psf } from '../sky/canvas.js';
import { type Random, seededRandom } from '../sky/random.js';

const PSF: Psf = [{ fwhm_px: 3, share: 1 }];

interface Drawn {
  x: number;
  y: number;
}

function starAt(x: number, y: number, more: Partial<Star> = {}): Star {
  return {
    x,
    y,
    peak: 50,
    background: 10,
    area: 9,
    elongation: 1,
    trail: 1,
    length_px: 3,
    angle_rad: 0,
    sharpness: 1.5,
    ...more,
  };
}

/** Stars on a grid, each off its node by up to 1.5 pixels, so that no two touch and every phase of a pixel is met. */
function starGrid(width: number, height: number, step: number, random: Random): Drawn[] {
  const stars: Drawn[] = [];
  for (let y = step; y < height - step / 2; y += step) {
    for (let x = step; x < width - step / 2; x += step) {
      stars.push({ x: x + 3 * random.uniform() - 1.5, y: y + 3 * random.uniform() - 1.5 });
    }
  }
  return stars;
}

function draw(width: number, height: number, stars: readonly Drawn[], psf = PSF, flux = 6): Canvas {
  const canvas: Canvas = { data: new Float32Array(width * height), width, height, channels: 1 };
  for (const star of stars) addStar(canvas, [star.x, star.y], flux, psf, 1e-5, [1, 1, 1]);
  return canvas;
}

/** Eight bits, with noise of one level on a sky of twenty. */
function expose(canvas: Canvas, random: Random, sky: (x: number, y: number) => number = () => 20): GreyImage {
  const { width, height } = canvas;
  const noise = new Float32Array(width * height);
  random.addNoise(noise, 1);
  const data = Uint8Array.from(canvas.data, (value, i) =>
    Math.min(255, value * 255 + sky(i % width, Math.floor(i / width)) + noise[i]! + 0.5),
  );
  return { data, width, height, scale: [1, 1] };
}

/** The mean of every block of n×n pixels, as decoders shrink. */
function shrunk(image: GreyImage, n: number): GreyImage {
  const width = Math.floor(image.width / n);
  const height = Math.floor(image.height / n);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height * n; y++) {
    for (let x = 0; x < width * n; x++) {
      data[Math.floor(y / n) * width + Math.floor(x / n)]! += image.data[y * image.width + x]! / n ** 2;
    }
  }
  return { data, width, height, scale: [n, n] };
}

/** For every drawn star the distance to the nearest found one, pixels. */
function errors(drawn: readonly Drawn[], found: readonly Star[]): number[] {
  return drawn.map((star) =>
    Math.min(...found.map((other) => Math.hypot(other.x - star.x, other.y - star.y))),
  );
}

const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('finding stars', () => {
  it.each([
    { shrink: 1, fwhm: 3 },
    { shrink: 2, fwhm: 4 },
    { shrink: 4, fwhm: 7 },
  ])('puts them within 0.1 pixel of the original, shrunk by $shrink', async ({ shrink, fwhm }) => {
    const random = seededRandom(7);
    const drawn = starGrid(640, 480, 40, random);
    const flux = 0.6 * fwhm ** 2;
    const image = expose(draw(640, 480, drawn, [{ fwhm_px: fwhm, share: 1 }], flux), random);
    const found = await findStars(shrink === 1 ? image : shrunk(image, shrink));
    expect(found).toHaveLength(drawn.length);
    expect(rms(errors(drawn, found))).toBeLessThan(0.1);
  });

  it('finds the same in 16 bits and in floats, with pixels without a value', async () => {
    const random = seededRandom(3);
    const drawn = starGrid(400, 300, 50, random);
    const eight = expose(draw(400, 300, drawn), random);
    const sixteen: GreyImage = { ...eight, data: Uint16Array.from(eight.data, (value) => value * 200) };
    const float: GreyImage = { ...eight, data: Float32Array.from(eight.data, (value) => value / 1e6) };
    float.data.fill(Number.NaN, 0, 400 * 4);
    for (const image of [sixteen, float]) {
      const found = await findStars(image);
      // One peak of the noise may reach 5σ.
      expect(found.length - drawn.length).toBeLessThanOrEqual(1);
      expect(rms(errors(drawn, found))).toBeLessThan(0.1);
    }
  });

  it('finds nothing in noise', async () => {
    const random = seededRandom(11);
    const image = expose(draw(800, 600, []), random);
    expect((await findStars(image)).length).toBeLessThan(3);
  });

  it('finds nothing in a flat, an empty or a tiny picture', async () => {
    const flat = (width: number, height: number): GreyImage => ({
      data: new Uint8Array(width * height).fill(9),
      width,
      height,
      scale: [1, 1],
    });
    expect(await findStars(flat(300, 200))).toEqual([]);
    expect(await findStars(flat(3, 3))).toEqual([]);
  });

  it('sees through a steep gradient', async () => {
    const random = seededRandom(5);
    const drawn = starGrid(640, 480, 40, random);
    const image = expose(draw(640, 480, drawn), random, (x, y) => 10 + 0.12 * x + 0.1 * y);
    const found = await findStars(image);
    expect(found).toHaveLength(drawn.length);
    expect(rms(errors(drawn, found))).toBeLessThan(0.1);
  });

  it('takes a saturated star for one, and a moon for none', async () => {
    const random = seededRandom(2);
    const drawn = starGrid(640, 480, 80, random);
    const canvas = draw(640, 480, drawn);
    addStar(canvas, [203.4, 121.8], 3000, [{ fwhm_px: 7, share: 1 }], 1e-5, [1, 1, 1]);
    for (let y = 300; y < 420; y++) {
      for (let x = 420; x < 540; x++) if (Math.hypot(x - 480, y - 360) < 55) canvas.data[y * 640 + x] = 2;
    }
    const found = await findStars(expose(canvas, random));
    expect(errors([{ x: 203.4, y: 121.8 }], found)[0]).toBeLessThan(0.3);
    expect(found.filter((star) => Math.hypot(star.x - 481, star.y - 361) < 50)).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const image = expose(draw(2000, 2000, []), seededRandom(1));
    const stop = new AbortController();
    const finding = findStars(image, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(finding).rejects.toThrow('enough');
  });

  it('lets the event loop breathe', async () => {
    const image = expose(draw(2400, 1600, []), seededRandom(1));
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    await findStars(image);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('cleaning the list', () => {
  it('leaves out hot pixels', async () => {
    const random = seededRandom(4);
    const drawn = starGrid(640, 480, 40, random);
    const image = expose(draw(640, 480, drawn), random);
    const hot = [
      [33, 41],
      [250, 77],
      [401, 333],
    ] as const;
    for (const [x, y] of hot) image.data[y * 640 + x] = 250;
    const found = await findStars(image);
    expect(found).toHaveLength(drawn.length + hot.length);
    const cleaned = cleanStars(found, image);
    expect(cleaned).toHaveLength(drawn.length);
    expect(Math.max(...errors(drawn, cleaned))).toBeLessThan(0.5);
  });

  it('keeps stars that are all as sharp as a pixel', async () => {
    const random = seededRandom(4);
    const drawn = starGrid(640, 480, 40, random);
    const image = expose(draw(640, 480, drawn, [{ fwhm_px: 0.8, share: 1 }], 0.9), random);
    const found = await findStars(image);
    expect(cleanStars(found, image).length).toBeGreaterThan(0.8 * drawn.length);
  });

  it('leaves out a bad column of false stars, and a streak', () => {
    const random = seededRandom(9);
    const stars = Array.from({ length: 120 }, () =>
      starAt(1 + random.uniform() * 999, 1 + random.uniform() * 799),
    );
    const column = Array.from({ length: 40 }, (_, i) => starAt(512.3, 15 + 19 * i));
    const streak = starAt(300, 300, { elongation: 12 });
    const cleaned = cleanStars([...stars, ...column, streak], { width: 1000, height: 800 });
    expect(cleaned.filter((each) => column.includes(each))).toEqual([]);
    expect(cleaned).not.toContain(streak);
    expect(cleaned.length).toBeGreaterThan(110);
  });

  it('leaves out dotted lines in any direction, and no stars', () => {
    const random = seededRandom(11);
    const stars = Array.from({ length: 300 }, () =>
      starAt(1 + random.uniform() * 999, 1 + random.uniform() * 799),
    );
    const dots = [0.2, 0.9, 2.1].flatMap((angle) =>
      Array.from({ length: 30 }, (_, i) =>
        starAt(
          500 + 11 * (i - 15) * Math.cos(angle) + 0.2 * random.normal(),
          400 + 11 * (i - 15) * Math.sin(angle) + 0.2 * random.normal(),
        ),
      ),
    );
    const cleaned = new Set(cleanStars([...dots, ...stars], { width: 1000, height: 800 }));
    expect(dots.filter((dot) => cleaned.has(dot)).length).toBeLessThan(9);
    expect(stars.filter((star) => cleaned.has(star)).length).toBeGreaterThan(290);
  });
});

describe('stars among what does not look like them', () => {
  const random = seededRandom(3);
  const place = () => [random.uniform() * 1000, random.uniform() * 800] as const;
  const stars = Array.from({ length: 60 }, () => starAt(...place(), { peak: 20 + 20 * random.uniform() }));

  it.each([
    ['letters and lines', { area: 40, trail: 2.4 }],
    ['lone hot pixels', { area: 4, sharpness: 80 }],
    ['pairs of hot pixels', { area: 4, sharpness: 4 }],
  ])('have a list of their own: %s', (_, shape) => {
    const others = Array.from({ length: 50 }, () => starAt(...place(), { peak: 90, ...shape }));
    expect(starlikeAmong([...others, ...stars])).toEqual(stars);
    expect(listsOf([...others, ...stars], { width: 1000, height: 800 })).toHaveLength(3);
  });

  it('have none where they lead the list, or where they are too few', () => {
    const others = Array.from({ length: 50 }, () => starAt(...place(), { peak: 10, area: 40, trail: 2.4 }));
    expect(starlikeAmong([...stars, ...others])).toBeUndefined();
    expect(starlikeAmong([...others, ...stars.slice(0, 8)])).toBeUndefined();
  });
});
