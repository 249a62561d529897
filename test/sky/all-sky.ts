import { DEG, RAD } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { addHotPixels, addStar, type Canvas, peakShare } from './canvas.js';
import { type Random, seededRandom } from './random.js';
import { randomRotation } from './rotation.js';

/** Fisheye lenses by name: the distance from the middle, in focal lengths, for an angle from the axis, radians. */
export const FISHEYES = {
  equidistant: (angle: number) => angle,
  equisolid: (angle: number) => 2 * Math.sin(angle / 2),
  stereographic: (angle: number) => 2 * Math.tan(angle / 2),
  orthographic: (angle: number) => Math.sin(Math.min(angle, Math.PI / 2)),
} as const;
export type Fisheye = keyof typeof FISHEYES;

/** Stars by falling brightness: unit vectors, three numbers each. */
export interface SkyStars {
  count: number;
  vectors: ArrayLike<number>;
  magnitudes: ArrayLike<number>;
}

export interface AllSkyOptions {
  stars: SkyStars;
  seed: number;
  projection: Fisheye;
  width: number;
  height: number;
  /** Of the circle that sees 180°, as a share of the shorter side. @default 0.95 */
  diameter?: number;
  /** The optical axis, pixels. @default about the middle of the picture */
  middle?: readonly [x: number, y: number];
  /** What the lens adds to the radius: this times θ³, in focal lengths. @default 0 */
  bend?: number;
  /** Between the optical axis and the zenith, degrees. @default 0 */
  tilt_deg?: number;
  parity?: 1 | -1;
  /** Share of the sky that is behind clouds. @default 0 */
  clouds?: number;
  hasMoon?: boolean;
  /** Magnitude of a star whose peak is five times the noise. @default 5.2 */
  limit_mag?: number;
}

/** A picture of the whole sky, and the truth about it. */
export interface AllSky extends Canvas {
  /** Where a pixel looks, J2000 unit vector; undefined where it sees no sky: outside the lens's circle or below the horizon. */
  look(x: number, y: number): readonly [number, number, number] | undefined;
  parity: 1 | -1;
  /** Middle of the circle, and its radius at 90° from the axis, pixels. */
  circle: { x: number; y: number; radius: number };
}

const NOISE = 0.012;
const SKY = 0.07;
const FWHM_PX = 2.4;
const MOON_PEAK = 1.2;

/**
 * Draws what an all-sky camera sees: stars through a fisheye lens with its axis off the middle of the picture, a ragged horizon, town lights above
 * it, clouds, the Moon, a bright rim of the lens and hot pixels.
 */
export function renderAllSky(options: AllSkyOptions): AllSky {
  const { stars, seed, width, height, bend = 0, tilt_deg = 0, parity = 1, clouds = 0 } = options;
  const random = seededRandom(seed);
  const law = FISHEYES[options.projection];
  const radiusOf = (angle: number) => law(angle) + bend * angle ** 3;
  const edge = (Math.min(width, height) / 2) * (options.diameter ?? 0.95);
  const focal = edge / radiusOf(Math.PI / 2);
  const aside = () => (random.uniform() - 0.5) * 0.05 * Math.min(width, height);
  const about = [(width + 1) / 2 + aside(), (height + 1) / 2 + aside()] as const;
  const [cx, cy] = options.middle ?? about;
  const r = randomRotation(random);
  const tiltAlong = 2 * Math.PI * random.uniform();
  const zenith = [
    Math.sin(tilt_deg * RAD) * Math.cos(tiltAlong),
    Math.sin(tilt_deg * RAD) * Math.sin(tiltAlong),
    Math.cos(tilt_deg * RAD),
  ] as const;
  const altitudeOf = (u: number, v: number, w: number) =>
    Math.asin(u * zenith[0] + v * zenith[1] + w * zenith[2]) * DEG;
  const skyline = wave(random, 3, 9, 12);
  const angleOf = inverse(radiusOf);
  const own = (x: number, y: number): readonly [number, number, number] | undefined => {
    const [dx, dy] = [(x - cx) / focal, (parity * (y - cy)) / focal];
    const distance = Math.hypot(dx, dy);
    const angle = angleOf(distance);
    if (angle === undefined) return undefined;
    const sin = Math.sin(angle) / Math.max(distance, 1e-12);
    return [sin * dx, sin * dy, Math.cos(angle)];
  };
  const isSky = (own: readonly [number, number, number]) =>
    altitudeOf(...own) > skyline(Math.atan2(own[1], own[0]));

  const canvas: Canvas = { data: new Float32Array(width * height), width, height, channels: 1 };
  const cloudAt = cloudField(random, clouds);
  const psf = [{ fwhm_px: FWHM_PX, share: 1 }];
  const limitFlux = (5 * NOISE) / peakShare(psf);
  const limit_mag = options.limit_mag ?? 5.2;
  for (let star = 0; star < stars.count && stars.magnitudes[star]! < limit_mag + 1.5; star++) {
    const [x, y, z] = [0, 1, 2].map((axis) => stars.vectors[3 * star + axis]!) as [number, number, number];
    const [u, v, w] = [0, 3, 6].map((row) => r[row]! * x + r[row + 1]! * y + r[row + 2]! * z) as [
      number,
      number,
      number,
    ];
    const angle = Math.acos(Math.max(-1, Math.min(1, w)));
    if (angle > Math.PI / 2 || !isSky([u, v, w])) continue;
    const scale = (focal * radiusOf(angle)) / Math.max(1e-12, Math.hypot(u, v));
    // Air and clouds take their part.
    const airmass = 1 / Math.max(0.05, Math.sin(altitudeOf(u, v, w) * RAD));
    const dimmed = stars.magnitudes[star]! + 0.15 * (airmass - 1) + 8 * cloudAt(u, v, w);
    const flux = limitFlux * 10 ** (0.4 * (limit_mag - dimmed));
    addStar(canvas, [cx + scale * u, cy + parity * scale * v], flux, psf, NOISE / 10);
  }
  const moon = options.hasMoon ? onSky(random) : undefined;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const direction = own(column + 1, row + 1);
      const distance = Math.hypot(column + 1 - cx, row + 1 - cy) / edge;
      if (!direction || distance > 1) {
        // The rim of the lens catches light.
        canvas.data[at] = 0.01 + (Math.abs(distance - 1.012) < 0.008 ? 0.25 : 0);
        continue;
      }
      if (!isSky(direction)) {
        canvas.data[at] = 0.02 + (random.uniform() < 0.0015 ? 0.6 : 0);
        continue;
      }
      const altitude = altitudeOf(...direction);
      let light = SKY + 0.1 * Math.exp(-altitude / 12) + 0.08 * cloudAt(...direction);
      if (moon) {
        const away =
          Math.acos(Math.min(1, direction[0] * moon[0] + direction[1] * moon[1] + direction[2] * moon[2])) *
          DEG;
        light += MOON_PEAK * Math.exp(-(away ** 2) / 8) + 0.15 * Math.exp(-away / 14);
      }
      canvas.data[at]! += light;
    }
  }
  random.addNoise(canvas.data, NOISE);
  addHotPixels(canvas, 80, random);
  for (let i = 0; i < canvas.data.length; i++) canvas.data[i] = Math.max(0, Math.min(1, canvas.data[i]!));
  return {
    ...canvas,
    look(x, y) {
      const direction = own(x, y);
      if (!direction || direction[2] < 0 || !isSky(direction)) return undefined;
      const [u, v, w] = direction;
      return [0, 1, 2].map(
        (axis) => r[axis]! * u + r[3 + axis]! * v + r[6 + axis]! * w,
      ) as unknown as readonly [number, number, number];
    },
    parity,
    circle: { x: cx, y: cy, radius: edge },
  };
}

const GRID = 40;

/** How far a solution is off over the visible sky, degrees. */
export function skyError(wcs: Wcs, sky: AllSky): { rms: number; most: number } {
  let [sum, count, most] = [0, 0, 0];
  for (let i = 0; i < GRID; i++) {
    for (let j = 0; j < GRID; j++) {
      const [x, y] = [((i + 0.5) / GRID) * sky.width, ((j + 0.5) / GRID) * sky.height];
      const truth = sky.look(x, y);
      if (!truth) continue;
      const [ra, dec] = pixelToSky(wcs, x, y).map((angle) => angle * RAD) as [number, number];
      const found = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)] as const;
      const chord = Math.hypot(found[0] - truth[0], found[1] - truth[1], found[2] - truth[2]);
      const off = Number.isNaN(chord) ? 180 : (2 * Math.asin(Math.min(1, chord / 2))) / RAD;
      sum += off * off;
      count++;
      most = Math.max(most, off);
    }
  }
  return { rms: Math.sqrt(sum / count), most };
}

/** The angle for a radius, of a table that is made once; undefined beyond what the lens sees. */
function inverse(radiusOf: (angle: number) => number): (radius: number) => number | undefined {
  const steps = 4000;
  const most = (Math.PI / 2) * 1.02;
  const radii = Float64Array.from({ length: steps + 1 }, (_, i) => radiusOf((most * i) / steps));
  return (radius) => {
    let [low, high] = [0, steps];
    if (radius > radii[steps]!) return undefined;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (radii[middle]! <= radius) low = middle;
      else high = middle;
    }
    const part = (radius - radii[low]!) / Math.max(1e-12, radii[high]! - radii[low]!);
    return (most * (low + part)) / steps;
  };
}

/** A smooth function of an angle between two values. */
function wave(random: Random, low: number, high: number, waves: number): (angle: number) => number {
  const parts = Array.from({ length: waves }, (_, i) => ({
    n: i + 1,
    phase: 2 * Math.PI * random.uniform(),
    size: random.uniform() / (i + 1),
  }));
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  return (angle) => {
    const value =
      parts.reduce((sum, { n, phase, size }) => sum + size * Math.sin(n * angle + phase), 0) / total;
    return low + ((value + 1) / 2) * (high - low);
  };
}

/** Opacity of clouds for a direction, 0 to 1, that covers about a share of the sky. */
function cloudField(random: Random, share: number): (u: number, v: number, w: number) => number {
  const waves = Array.from({ length: 14 }, () => ({
    k: [random.normal(), random.normal(), random.normal()].map((value) => 3.2 * value) as [
      number,
      number,
      number,
    ],
    phase: 2 * Math.PI * random.uniform(),
  }));
  const valueAt = (u: number, v: number, w: number) =>
    waves.reduce((sum, { k, phase }) => sum + Math.sin(k[0] * u + k[1] * v + k[2] * w + phase), 0);
  const samples = Array.from({ length: 500 }, () => valueAt(...onSky(random))).sort((a, b) => b - a);
  const limit = samples[Math.floor(share * samples.length)] ?? Number.POSITIVE_INFINITY;
  return (u, v, w) => (share === 0 ? 0 : Math.max(0, Math.min(1, (valueAt(u, v, w) - limit) / 0.8 + 0.5)));
}

/** A direction of the lens's frame within 75° of its axis. */
function onSky(random: Random): [number, number, number] {
  const w = 1 - random.uniform() * (1 - Math.cos(75 * RAD));
  const along = 2 * Math.PI * random.uniform();
  const h = Math.sqrt(1 - w * w);
  return [h * Math.cos(along), h * Math.sin(along), w];
}
