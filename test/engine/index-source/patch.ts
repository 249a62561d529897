import { DEG, RAD, separation } from '../../../src/wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../../../src/wcs/tan-sip.js';
import type { Wcs } from '../../../src/wcs/wcs.js';
import { seededRandom } from '../../sky/random.js';
import type { Star } from '../../sky/stars.js';

/** The star list of an image of known place, with some stars missing and some false ones. */
export interface Patch {
  stars: { x: number[]; y: number[]; flux: number[] };
  width: number;
  height: number;
  wcs: Wcs;
  /** Arcseconds a pixel. */
  scale: number;
}

export interface PatchOptions {
  ra_deg: number;
  dec_deg: number;
  width_deg: number;
  parity: 1 | -1;
  seed: number;
}

const WIDTH = 1200;
const HEIGHT = 800;
const SCATTER_PX = 0.3;
const SCATTER_MAGNITUDES = 0.3;
const MISSING = 0.1;
const FALSE_STARS = 5;
const SHOWN = 80;

export function renderPatch(
  sky: readonly Star[],
  { ra_deg, dec_deg, width_deg, parity, seed }: PatchOptions,
): Patch {
  const random = seededRandom(seed);
  const step = (2 * Math.tan((width_deg * RAD) / 2) * DEG) / WIDTH;
  const turn = 2 * Math.PI * random.uniform();
  const [c, s] = [step * Math.cos(turn), step * Math.sin(turn)];
  const wcs: Wcs = {
    crval: [ra_deg, dec_deg],
    crpix: [(WIDTH + 1) / 2, (HEIGHT + 1) / 2],
    cd: [
      [parity * c, -s],
      [parity * s, c],
    ],
    width: WIDTH,
    height: HEIGHT,
  };
  const seen = sky.flatMap((star) => {
    const at = skyToPixel(wcs, star.ra_deg, star.dec_deg);
    if (!at || at[0] < 1 || at[1] < 1 || at[0] > WIDTH || at[1] > HEIGHT || random.uniform() < MISSING)
      return [];
    const magnitude = star.mag + SCATTER_MAGNITUDES * random.normal();
    return [{ x: at[0] + SCATTER_PX * random.normal(), y: at[1] + SCATTER_PX * random.normal(), magnitude }];
  });
  const shown = seen.sort((a, b) => a.magnitude - b.magnitude).slice(0, SHOWN);
  for (let i = 0; i < FALSE_STARS; i++) {
    const { magnitude } = shown[Math.floor(random.uniform() * shown.length)]!;
    shown.push({ x: 1 + random.uniform() * (WIDTH - 1), y: 1 + random.uniform() * (HEIGHT - 1), magnitude });
  }
  shown.sort((a, b) => a.magnitude - b.magnitude);
  return {
    stars: {
      x: shown.map(({ x }) => x),
      y: shown.map(({ y }) => y),
      flux: shown.map(({ magnitude }) => 10 ** (-0.4 * magnitude)),
    },
    width: WIDTH,
    height: HEIGHT,
    wcs,
    scale: 3600 * step,
  };
}

/** How far a solution is off at worst, pixels, at the middle and half way to the corners. */
export function errorOf(solution: Wcs, { wcs, width, height, scale }: Patch): number {
  const places = [0.25, 0.5, 0.75].flatMap((u) =>
    [0.25, 0.5, 0.75].map((v) => [u * width, v * height] as const),
  );
  const apart = places.map(([x, y]) => separation(...pixelToSky(solution, x, y), ...pixelToSky(wcs, x, y)));
  return (3600 * Math.max(...apart)) / scale;
}
