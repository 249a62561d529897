import { describe, expect, it } from 'vitest';
import type { GreyImage } from '../../src/image/image.js';
import { detectStars } from '../../src/stars/detect.js';
import { detectUndrawn } from '../../src/stars/detect-undrawn.js';
import type { Star } from '../../src/stars/star.js';
import { addStar, type Canvas, peakShare } from '../sky/canvas.js';
import { addDots, addLine, addWord } from '../sky/drawn.js';
import { type Random, seededRandom } from '../sky/random.js';

const SIZE = { width: 600, height: 400 };
const PSF = [{ fwhm_px: 2.5, share: 1 }];
const LINE_PX = 2;

interface Spot {
  x: number;
  y: number;
  /** Height above the sky. */
  peak: number;
}

function picture(
  stars: readonly Spot[],
  paint: (canvas: Canvas, random: Random) => void = () => undefined,
): GreyImage {
  const random = seededRandom(5);
  const canvas: Canvas = { data: new Float32Array(SIZE.width * SIZE.height), ...SIZE, channels: 1 };
  for (const { x, y, peak } of stars) addStar(canvas, [x, y], peak / peakShare(PSF), PSF, 1e-4);
  paint(canvas, random);
  random.addNoise(canvas.data, 0.01);
  const data = Uint8Array.from(canvas.data, (value) => 255 * Math.min(1, Math.max(0, value + 0.08)));
  return { data, ...SIZE, scale: [1, 1] };
}

const off = (spot: { x: number; y: number }, stars: readonly Star[]) =>
  Math.min(...stars.map(({ x, y }) => Math.hypot(x - spot.x, y - spot.y)));

/** Away from all lines, in no rows. */
const places = seededRandom(8);
const apart = Array.from({ length: 24 }, (_, i) => ({
  x: 30 + 70 * (i % 8) + 40 * places.uniform(),
  y: 262 + 45 * Math.floor(i / 8) + 30 * places.uniform(),
  peak: 0.2,
}));

describe('a picture that is drawn over', () => {
  it.each([0, 0.3, -0.9, 1.6, 40])('keeps the stars that a line of slope %f crosses', async (slope) => {
    const along = (px: number) => {
      const length = Math.hypot(1, slope);
      return { x: 300 + px / length, y: 130 + (px * slope) / length };
    };
    const crossed = [-70, -25, 15, 60].map((px, i) => ({ ...along(px), peak: 0.15 + 0.1 * i }));
    const line = (canvas: Canvas) => {
      const [a, b] = [along(-100), along(100)];
      addLine(canvas, [a.x, a.y], [b.x, b.y], 0.5, LINE_PX);
    };
    const image = picture([...apart, ...crossed], line);
    const seen = await detectStars(image, image);
    expect(crossed.filter((star) => off(star, seen) < 0.7).length).toBeLessThan(crossed.length);
    const found = await detectUndrawn(image, image);
    for (const star of crossed) expect(off(star, found)).toBeLessThan(0.7);
    for (const star of apart) expect(off(star, found)).toBeLessThan(0.3);
    // And the two ends of the line.
    expect(found.length).toBeLessThanOrEqual(apart.length + crossed.length + 2);
  });

  it('has stars where lines end, brighter and fainter ones than the line', async () => {
    const ends = [
      { x: 80.4, y: 60.7, peak: 0.3 },
      { x: 300.2, y: 180.3, peak: 0.1 },
      { x: 520.6, y: 40.2, peak: 0.8 },
    ] as const;
    const image = picture([...apart, ...ends], (canvas) => {
      const [a, b, c] = ends;
      addLine(canvas, [a.x, a.y], [b.x, b.y], 0.45, LINE_PX);
      addLine(canvas, [b.x, b.y], [c.x, c.y], 0.45, LINE_PX);
    });
    const found = await detectUndrawn(image, image);
    for (const star of ends) expect(off(star, found)).toBeLessThan(1.2);
    expect(found).toHaveLength(apart.length + ends.length);
  });

  it('has no stars in its grid and its names', async () => {
    const image = picture(apart, (canvas, random) => {
      for (const x of [110, 320, 470]) addLine(canvas, [x, 0], [x + 15, SIZE.height], 0.5, LINE_PX);
      for (const y of [90, 250]) addLine(canvas, [0, y], [SIZE.width, y - 12], 0.5, LINE_PX);
      for (const x of [150, 350]) addWord(canvas, [x, 60], 8, random);
    });
    const found = await detectUndrawn(image, image);
    const isStar = (star: Star) => off(star, apart as Star[]) < 0.5;
    expect(found.filter(isStar).length).toBeGreaterThan(0.8 * apart.length);
    const seen = await detectStars(image, image);
    const others = [seen, found].map((all) => all.filter((star) => !isStar(star)).length);
    expect(others[0]).toBeGreaterThan(15);
    expect(others[1]).toBeLessThan(10);
  });

  it('keeps the stars on dotted lines and at their ends', async () => {
    const [start, end] = [
      { x: 60.4, y: 50.2, peak: 0.2 },
      { x: 540.1, y: 150.6, peak: 0.2 },
    ] as const;
    const image = picture([...apart, start, end], (canvas) =>
      addDots(canvas, [start.x, start.y], [end.x, end.y], 0.5, LINE_PX),
    );
    const seen = await detectStars(image, image);
    expect(Math.min(off(start, seen), off(end, seen))).toBeGreaterThan(3);
    const found = await detectUndrawn(image, image);
    expect(Math.max(off(start, found), off(end, found))).toBeLessThan(0.5);
    expect(found).toHaveLength(apart.length + 2);
  });

  it('is not one of stars alone, nor of short trails', async () => {
    const plain = picture(apart);
    expect(await detectUndrawn(plain, plain)).toEqual([]);
    const trailed = picture([], (canvas) => {
      for (const { x, y } of apart) addLine(canvas, [x, y], [x + 18, y + 9], 0.4, LINE_PX);
    });
    expect(await detectUndrawn(trailed, trailed)).toEqual([]);
  });

  it('is not searched on when that is no longer wanted', async () => {
    const image = picture(apart);
    const signal = AbortSignal.abort(new Error('enough'));
    const large = { ...image, data: new Uint8Array(4_000_000), width: 2000, height: 2000 };
    await expect(detectUndrawn(large, large, { signal })).rejects.toThrow('enough');
  });
});
