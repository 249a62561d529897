import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { addStar, type Canvas, peakShare } from './canvas.js';
import { addDots, addLine, addWord } from './drawn.js';
import type { Projection } from './projection.js';
import { type Random, seededRandom } from './random.js';
import { type DrawnStar, renderSky, type Sky, type SkyOptions } from './render.js';
import type { Star } from './stars.js';
import { starsAbout } from './stars-about.js';

/** Pictures of the sky that are hard to solve. */
export const HARD_KINDS = [
  'plain',
  'negative',
  'satellite trails',
  'star trails',
  'rich cluster',
  'nebula',
  'five stars, hinted',
  'four stars, hinted',
  'lines and names',
  'dotted grid',
  'hot pixels',
  'twilight',
  'trees',
] as const;
export type HardKind = (typeof HARD_KINDS)[number];

/** What a caller may know beforehand. */
export interface Hint {
  ra_deg: number;
  dec_deg: number;
  radius_deg: number;
  /** Arcseconds a pixel. */
  scale: readonly [low: number, high: number];
}

export interface HardSky extends Sky {
  hint?: Hint;
}

const [WIDTH, HEIGHT] = [1200, 800];
const [NARROWEST_ARCSEC, WIDEST_ARCSEC] = [12, 180];
const PSF = [{ fwhm_px: 2.5, share: 1 }];
const NOISE = 0.01;

/** One picture of a kind; every seed gives another field, from 4° to 60° wide. */
export function hardSky(kind: HardKind, seed: number, catalog: StarCatalog): HardSky {
  const random = seededRandom(seed);
  const [ra_deg, dec_deg] = [
    random.uniform() * 360,
    (Math.asin(1.8 * random.uniform() - 0.9) * 180) / Math.PI,
  ];
  const pixscale_arcsec = NARROWEST_ARCSEC * (WIDEST_ARCSEC / NARROWEST_ARCSEC) ** random.uniform();
  const stars = starsAbout(catalog, ra_deg, dec_deg, (pixscale_arcsec * WIDTH) / 3600);
  const options: SkyOptions = {
    ra_deg,
    dec_deg,
    orientation_deg: random.uniform() * 360,
    parity: random.uniform() < 0.5 ? 1 : -1,
    width: WIDTH,
    height: HEIGHT,
    pixscale_arcsec,
    // Some hundred stars, as cameras show.
    limit_mag: 10.6 - 2 * Math.log2(pixscale_arcsec / NARROWEST_ARCSEC),
    noise: NOISE,
    stars,
    seed,
  };
  const sky = renderSky({ ...options, ...HARDSHIPS[kind]?.(options, random, stars) });
  if (kind === 'negative') sky.data.set(sky.data.map((value) => 1 - value));
  if (!kind.endsWith('hinted')) return sky;
  const off = (0.5 * pixscale_arcsec * HEIGHT) / 3600;
  return {
    ...sky,
    hint: {
      ra_deg: (ra_deg + (off * (random.uniform() - 0.5)) / Math.cos((dec_deg * Math.PI) / 180) + 360) % 360,
      dec_deg: dec_deg + off * (random.uniform() - 0.5),
      radius_deg: off,
      scale: [pixscale_arcsec * 0.97, pixscale_arcsec * 1.03],
    },
  };
}

/** What makes a picture hard: changes to the plain one. */
const HARDSHIPS: Partial<
  Record<HardKind, (plain: SkyOptions, random: Random, stars: readonly Star[]) => Partial<SkyOptions>>
> = {
  'satellite trails': (_, random) => ({
    paint: (canvas) => {
      for (let i = 0; i < 4; i++)
        addLine(canvas, edgePoint(random), edgePoint(random), 0.15 + 0.5 * random.uniform(), 2.5);
    },
  }),
  'star trails': (plain, random) => {
    const length_px = 8 + 14 * random.uniform();
    return { stars: [], paint: (canvas, sky) => addTrails(canvas, sky, plain, length_px) };
  },
  'rich cluster': (_, random) => ({
    paint: (canvas) => addCluster(canvas, random, { stars: 90, spread: 0.05, fwhm_px: 2.5 }),
  }),
  nebula: (_, random) => ({
    paint(canvas) {
      const [x, y] = [WIDTH * (0.3 + 0.4 * random.uniform()), HEIGHT * (0.3 + 0.4 * random.uniform())];
      addStar(
        canvas,
        [x, y],
        0.3 / peakShare([{ fwhm_px: 180, share: 1 }]),
        [{ fwhm_px: 180, share: 1 }],
        0.001,
      );
      addCluster(canvas, random, { stars: 60, spread: 0.08, fwhm_px: 9 });
    },
  }),
  'five stars, hinted': (plain, _, stars) => ({ stars: brightestShown(plain, stars, 5) }),
  'four stars, hinted': (plain, _, stars) => ({ stars: brightestShown(plain, stars, 4) }),
  'lines and names': (plain, random, stars) => ({
    paint: (canvas) => annotate(canvas, random, shown(plain, stars), false),
  }),
  'dotted grid': (plain, random, stars) => ({
    paint: (canvas) => annotate(canvas, random, shown(plain, stars), true),
  }),
  'hot pixels': () => ({ hotPixels: 3000 }),
  twilight: (_, random) => ({
    background: { level: 0.35, gradient: [0.2 * random.uniform(), 0.5], vignette: 0.3 },
  }),
  trees: () => ({ trees: 0.45 }),
};

/** The stars of the picture, the brightest first. */
function shown(plain: SkyOptions, stars: readonly Star[]) {
  return renderSky({ ...plain, stars, noise: 0, limit_mag: 0 }).stars.filter(
    ({ mag }) => mag < (plain.limit_mag ?? 9),
  );
}

/** Two that are closer than this look like one. */
const APART_PX = 12;

/** All but the brightest few are too faint for the picture. */
function brightestShown(plain: SkyOptions, stars: readonly Star[], count: number): Star[] {
  const chosen: DrawnStar[] = [];
  for (const star of shown(plain, stars)) {
    const isInside =
      star.x > APART_PX && star.y > APART_PX && star.x < WIDTH - APART_PX && star.y < HEIGHT - APART_PX;
    const isAlone = chosen.every(({ x, y }) => Math.hypot(x - star.x, y - star.y) > APART_PX);
    if (isInside && isAlone) chosen.push(star);
    if (chosen.length === count) break;
  }
  return chosen;
}

function edgePoint(random: Random): readonly [number, number] {
  const along = random.uniform();
  const side = Math.floor(4 * random.uniform());
  return side < 2 ? [along * WIDTH, side * HEIGHT] : [(side - 2) * WIDTH, along * HEIGHT];
}

/** Stars that the turning sky draws out, with the truth in the middle of the exposure. */
function addTrails(canvas: Canvas, sky: Projection, plain: SkyOptions, length_px: number): void {
  const steps = Math.ceil(length_px);
  const turn_deg = (length_px * plain.pixscale_arcsec) / 3600;
  const limitFlux = (5 * NOISE) / peakShare(PSF);
  for (const { ra_deg, dec_deg, mag } of plain.stars ?? []) {
    // Light that is spread along the trail: as bright as it takes to be seen.
    const flux = (limitFlux * 10 ** (0.4 * ((plain.limit_mag ?? 9) - mag)) * (length_px / 3)) / steps;
    for (let i = 0; i < steps; i++) {
      const at = sky.toPixel((ra_deg + turn_deg * ((i + 0.5) / steps - 0.5) + 360) % 360, dec_deg);
      if (at) addStar(canvas, at, flux, PSF, NOISE / 20);
    }
  }
}

/** Bright spots close together, of which no catalogue knows. */
function addCluster(
  canvas: Canvas,
  random: Random,
  { stars, spread, fwhm_px }: { stars: number; spread: number; fwhm_px: number },
): void {
  const psf = [{ fwhm_px, share: 1 }];
  const [cx, cy] = [WIDTH * (0.25 + 0.5 * random.uniform()), HEIGHT * (0.25 + 0.5 * random.uniform())];
  for (let i = 0; i < stars; i++) {
    const at = [cx + spread * WIDTH * random.normal(), cy + spread * WIDTH * random.normal()] as const;
    addStar(canvas, at, (0.2 + 0.8 * random.uniform()) / peakShare(psf), psf, 0.001);
  }
}

/** What planetarium programs and people draw: a grid, the figures of constellations, circles, names. */
function annotate(
  canvas: Canvas,
  random: Random,
  stars: readonly { x: number; y: number }[],
  isDotted: boolean,
): void {
  const draw = isDotted ? addDots : addLine;
  const [skewX, skewY] = [200 * (random.uniform() - 0.5), 200 * (random.uniform() - 0.5)];
  for (let i = 1; i < 8; i++) {
    draw(canvas, [(i * WIDTH) / 8, 0], [(i * WIDTH) / 8 + skewX, HEIGHT], 0.6, 1.6);
    draw(canvas, [0, (i * HEIGHT) / 8], [WIDTH, (i * HEIGHT) / 8 + skewY], 0.6, 1.6);
  }
  const named = stars.slice(0, 14);
  for (const [i, star] of named.entries()) {
    const next = named[(i + 1) % named.length] ?? star;
    if (i % 3 !== 2) draw(canvas, [star.x, star.y], [next.x, next.y], 0.5, 1.6);
    addWord(canvas, [star.x + 9, star.y - 6], 4 + Math.floor(5 * random.uniform()), random);
  }
  for (let i = 0; i < 12; i++)
    addWord(
      canvas,
      [random.uniform() * WIDTH, random.uniform() * HEIGHT],
      3 + Math.floor(8 * random.uniform()),
      random,
    );
}
