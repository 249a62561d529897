import { addStar, type Canvas } from './canvas.js';
import { type Random, seededRandom } from './random.js';

export const STARLESS = ['noise', 'text', 'leaves', 'city lights', 'drops', 'dials'] as const;
export type Starless = (typeof STARLESS)[number];

const [WIDTH, HEIGHT] = [900, 600];

/** A picture without a sky, but with much that is as small and bright as stars; every seed gives another. */
export function starless(kind: Starless, seed: number): Canvas {
  const random = seededRandom(seed);
  const data = Float32Array.from({ length: WIDTH * HEIGHT }, () => 0.1 + 0.015 * random.normal());
  const canvas: Canvas = { data, width: WIDTH, height: HEIGHT, channels: 1 };
  PAINT[kind](canvas, random);
  return canvas;
}

const spot = (canvas: Canvas, x: number, y: number, flux: number, fwhm_px: number) =>
  addStar(canvas, [x, y], flux, [{ fwhm_px, share: 1 }], 0.001);

const PAINT: Record<Starless, (canvas: Canvas, random: Random) => void> = {
  noise(canvas, random) {
    const count = 30 + 300 * random.uniform();
    for (let i = 0; i < count; i++)
      spot(canvas, random.uniform() * WIDTH, random.uniform() * HEIGHT, 2 + 8 * random.uniform() ** 3, 1.5);
  },
  text(canvas, random) {
    // Strokes of letters in rows, as corners and dots of glyphs are.
    const [pitch, leading] = [9 + 12 * random.uniform(), 18 + 20 * random.uniform()];
    for (let y = 40; y < HEIGHT - 30; y += leading)
      for (let x = 40; x < WIDTH * (0.6 + 0.4 * random.uniform()); x += pitch) {
        if (random.uniform() < 0.15) continue;
        for (let stroke = 0; stroke < 3; stroke++)
          spot(canvas, x + pitch * 0.6 * random.uniform(), y + 8 * random.uniform(), 6, 2);
      }
  },
  leaves(canvas, random) {
    // Gaps between leaves: bright, of any size, in clumps.
    for (let clump = 0; clump < 25; clump++) {
      const [cx, cy] = [random.uniform() * WIDTH, random.uniform() * HEIGHT];
      for (let i = 0; i < 14; i++)
        spot(
          canvas,
          cx + 50 * random.normal(),
          cy + 50 * random.normal(),
          3 + 40 * random.uniform(),
          2 + 5 * random.uniform(),
        );
    }
  },
  'city lights'(canvas, random) {
    for (let street = 0; street < 9; street++) {
      const [x, y, angle] = [
        random.uniform() * WIDTH,
        HEIGHT * (0.4 + 0.6 * random.uniform()),
        0.6 * random.normal(),
      ];
      const step = 14 + 40 * random.uniform();
      for (let i = 0; i < 22; i++)
        spot(
          canvas,
          x + i * step * Math.cos(angle) + random.normal(),
          y + i * step * Math.sin(angle) + random.normal(),
          5 + 60 * random.uniform(),
          2 + 3 * random.uniform(),
        );
    }
  },
  drops(canvas, random) {
    const count = 40 + 120 * random.uniform();
    for (let i = 0; i < count; i++) {
      const [x, y, radius] = [random.uniform() * WIDTH, random.uniform() * HEIGHT, 3 + 10 * random.uniform()];
      // The highlight and the rim of each.
      spot(canvas, x - radius / 3, y - radius / 3, 20, 2.2);
      for (let k = 0; k < 8; k++)
        spot(
          canvas,
          x + radius * Math.cos((k * Math.PI) / 4),
          y + radius * Math.sin((k * Math.PI) / 4),
          2,
          2,
        );
    }
  },
  dials(canvas, random) {
    for (let dial = 0; dial < 4; dial++) {
      const [x, y, radius] = [
        random.uniform() * WIDTH,
        random.uniform() * HEIGHT,
        50 + 130 * random.uniform(),
      ];
      const ticks = [12, 24, 36, 60][Math.floor(random.uniform() * 4)] ?? 12;
      for (let i = 0; i < ticks; i++) {
        const angle = (2 * Math.PI * i) / ticks;
        spot(canvas, x + radius * Math.cos(angle), y + radius * Math.sin(angle), i % 5 === 0 ? 30 : 10, 2.4);
      }
    }
  },
};
