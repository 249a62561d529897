import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { GreyImage } from '../../src/image/image.js';
import { openImage } from '../../src/image/open.js';
import { fitsOf, imageCards, temporaryFolder } from './files.js';

const folder = temporaryFolder();
// Sizes that no shrink divides.
const [WIDTH, HEIGHT] = [1003, 805];
const BACKGROUND = 20;
const SIGMA = 7;

/** 0-based positions; spread to all four edges, at every fraction of a pixel. */
const STARS = Array.from({ length: 30 }, (_, i) => ({
  x: 40 + ((i * 173.37) % (WIDTH - 90)),
  y: 40 + ((i * 97.71) % (HEIGHT - 90)),
})).filter((star, i, all) =>
  all.slice(0, i).every((other) => Math.hypot(star.x - other.x, star.y - other.y) > 60),
);

function render(): Uint8Array {
  const sky = new Float64Array(WIDTH * HEIGHT).fill(BACKGROUND);
  for (const { x, y } of STARS) {
    for (let row = Math.floor(y) - 30; row <= y + 30; row++) {
      for (let column = Math.floor(x) - 30; column <= x + 30; column++) {
        // The stars stand 40 pixels and more from the edges.
        sky[row * WIDTH + column]! += 200 * Math.exp(-((column - x) ** 2 + (row - y) ** 2) / 2 / SIGMA ** 2);
      }
    }
  }
  return Uint8Array.from(sky, Math.round);
}

/** Centre of light around a place, in pixels of the shrunk image, 0-based. */
function centroid(
  { data, width, height }: GreyImage,
  x: number,
  y: number,
  radius: number,
): [number, number] {
  let [sum, sumX, sumY] = [0, 0, 0];
  for (let row = Math.max(0, Math.round(y - radius)); row <= Math.min(height - 1, y + radius); row++) {
    for (
      let column = Math.max(0, Math.round(x - radius));
      column <= Math.min(width - 1, x + radius);
      column++
    ) {
      const light = Math.max(0, (data[row * width + column] ?? 0) - BACKGROUND - 3);
      sum += light;
      sumX += light * column;
      sumY += light * row;
    }
  }
  return [sumX / sum, sumY / sum];
}

const grey = render();
const picture = () => sharp(grey, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });

function fits(): Buffer {
  const data = Buffer.alloc(grey.length * 2);
  grey.forEach((value, i) => {
    data.writeInt16BE(value, 2 * i);
  });
  return fitsOf(imageCards(WIDTH, HEIGHT), data);
}

describe.each([
  ['jpeg', () => picture().jpeg({ quality: 95 }).toBuffer()],
  [
    'jpeg in colour',
    () => picture().toColourspace('srgb').jpeg({ quality: 95, chromaSubsampling: '4:2:0' }).toBuffer(),
  ],
  ['png', () => picture().png().toBuffer()],
  ['webp', () => picture().webp({ lossless: true }).toBuffer()],
  ['pgm', async () => Buffer.concat([Buffer.from(`P5 ${WIDTH} ${HEIGHT} 255\n`), grey])],
  ['fits', async () => fits()],
])('a position in a shrunk %s', (name, make) => {
  it.each([1, 2, 3, 4, 8, 16])(
    'is (p + 0.5)·scale + 0.5 in the original, shrunk %d times',
    async (shrink) => {
      const image = await openImage(folder.put(name, await make()));
      const shrunk = await image.grey(shrink);
      const [scaleX, scaleY] = shrunk.scale;
      expect(shrunk.width).toBe(Math.floor(WIDTH / shrink));
      expect(shrunk.height).toBe(Math.floor(HEIGHT / shrink));
      const errors = STARS.map(({ x, y }) => {
        const [px, py] = centroid(
          shrunk,
          (x + 0.5) / scaleX - 0.5,
          (y + 0.5) / scaleY - 0.5,
          28 / shrink + 1,
        );
        // FITS pixels of the original: 1 more than 0-based ones.
        return [(px + 0.5) * scaleX + 0.5 - (x + 1), (py + 0.5) * scaleY + 0.5 - (y + 1)] as const;
      });
      const mean = (axis: 0 | 1) => errors.reduce((sum, error) => sum + error[axis], 0) / errors.length;
      expect(STARS.length).toBeGreaterThan(15);
      expect(Math.abs(mean(0))).toBeLessThan(0.05);
      expect(Math.abs(mean(1))).toBeLessThan(0.05);
      // Where the star lies in its block matters to a centroid of few pixels, at 16 more than a decoder can.
      const worst = Math.max(...errors.flat().map(Math.abs));
      expect(worst).toBeLessThan(shrink <= 8 ? 0.1 : 0.5);
    },
  );
});
