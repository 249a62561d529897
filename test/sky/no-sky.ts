import { addStar, type Canvas } from './canvas.js';
import { type Random, seededRandom } from './random.js';
import { renderSky, type Sky } from './render.js';
import { brightStars } from './stars.js';

export const NO_SKY_KINDS = ['shuffled stars', 'noise', 'landscape'] as const;
export type NoSkyKind = (typeof NO_SKY_KINDS)[number];

/** A picture that no plate solution fits; every seed gives another. No installed index is needed. */
export function noSky(kind: NoSkyKind, seed: number): Sky {
  const random = seededRandom(seed);
  const field = {
    ra_deg: random.uniform() * 360,
    dec_deg: random.uniform() * 160 - 80,
    width: 900,
    height: 600,
    pixscale_arcsec: 40 + random.uniform() * 80,
    seed,
  };
  switch (kind) {
    case 'shuffled stars':
      return renderSky({ ...field, stars: brightStars(), limit_mag: 7.5, shuffled: true, hotPixels: 10 });
    case 'noise':
      return renderSky({
        ...field,
        stars: [],
        noise: 0.05 + 0.1 * random.uniform(),
        background: { level: 0.3 },
        hotPixels: 40,
      });
    case 'landscape':
      return renderSky({
        ...field,
        stars: [],
        background: { level: 0.3, gradient: [0.1, 0.4], vignette: 0.3 },
        trees: 0.5,
        paint: (canvas) => addLamps(canvas, random),
      });
  }
}

/** Street lamps and lit windows: bright, round or not, in rows as people put them. */
function addLamps(canvas: Canvas, random: Random): void {
  for (let row = 0; row < 6; row++) {
    const [x, y] = [random.uniform() * canvas.width, random.uniform() * canvas.height];
    const [dx, dy] = [12 + 60 * random.uniform(), 30 * (random.uniform() - 0.5)];
    const psf = [{ fwhm_px: 2 + 10 * random.uniform(), share: 1 }];
    const lamps = 3 + Math.floor(random.uniform() * 12);
    for (let i = 0; i < lamps; i++) {
      const jitter = () => 6 * (random.uniform() - 0.5);
      addStar(canvas, [x + i * dx + jitter(), y + i * dy + jitter()], 4 + 80 * random.uniform(), psf, 0.001);
    }
  }
}
