import type { SipDistortion, Wcs } from '../../src/wcs/wcs.js';
import {
  addBackground,
  addHotPixels,
  addStar,
  addTrees,
  type Background,
  type Canvas,
  type Psf,
  peakShare,
} from './canvas.js';
import { type Framing, framedWcs, type Projection, projection, separation_deg } from './projection.js';
import { seededRandom } from './random.js';
import { indexStars, type Star } from './stars.js';

/** A round glow on the sky. */
export interface Nebula {
  ra_deg: number;
  dec_deg: number;
  fwhm_arcmin: number;
  /** Brightness in its middle; 1 saturates. */
  peak: number;
}

export interface SkyOptions extends Omit<Framing, 'orientation_deg' | 'parity'> {
  /** Position angle of +y, degrees east of north. @default 180: north is towards the first row. */
  orientation_deg?: number;
  /** Sign of det CD. @default 1: an unmirrored picture whose first row is on top, as in a JPEG. */
  parity?: 1 | -1;
  sip?: SipDistortion;
  /** @default those of the installed index */
  stars?: readonly Star[];
  /** @default 1 */
  seed?: number;
  /** @default [{ fwhm_px: 2.5, share: 1 }] */
  psf?: Psf;
  /** Magnitude of a star whose peak is five times the noise (0.05 without noise). @default 9 */
  limit_mag?: number;
  /** Standard deviation of the pixel noise. @default 0.01 */
  noise?: number;
  background?: Background;
  /** @default 0 */
  hotPixels?: number;
  nebulae?: readonly Nebula[];
  /** Trees before the last rows: about this share of the height. @default 0 */
  trees?: number;
  /** Stars keep their brightness and lose their places: a picture that no plate solution fits. */
  shuffled?: boolean;
  /** 1 is grey, 3 is red, green and blue. @default 1 */
  channels?: 1 | 3;
  /** Adds light of one's own before the noise. */
  paint?: (canvas: Canvas, sky: Projection) => void;
}

/** A star with its FITS pixel. */
export interface DrawnStar extends Star {
  x: number;
  y: number;
}

/** A picture, and the truth about it. */
export interface Sky extends Canvas {
  truth: Wcs;
  /** Stars inside the frame, brightest first. */
  stars: DrawnStar[];
}

const COLOURS: readonly [bv: number, red: number, green: number, blue: number][] = [
  [-0.35, 0.6, 0.74, 1],
  [0, 0.78, 0.87, 1],
  [0.35, 0.97, 0.97, 1],
  [0.65, 1, 0.94, 0.86],
  [1, 1, 0.84, 0.64],
  [1.5, 1, 0.71, 0.44],
  [2.2, 1, 0.52, 0.22],
];

/** What a star of this B−V looks like on a daylight-balanced sensor. */
export function starColour(bv: number): [number, number, number] {
  const next = COLOURS.findIndex(([limit]) => limit > bv);
  if (next === 0) return [COLOURS[0]![1], COLOURS[0]![2], COLOURS[0]![3]];
  const [low, high] = next < 0 ? [COLOURS.at(-1)!, COLOURS.at(-1)!] : [COLOURS[next - 1]!, COLOURS[next]!];
  const t = low === high ? 0 : (bv - low[0]) / (high[0] - low[0]);
  const mix = (i: 1 | 2 | 3) => low[i] + t * (high[i] - low[i]);
  return [mix(1), mix(2), mix(3)];
}

/**
 * Draws the sky that a camera would see, so that a test knows the truth to a fraction of a pixel.
 * The same options give the same picture, bit for bit, with one set of index files.
 * @throws Error that says what to install when the stars are to come from an index that is not there.
 */
export function renderSky(options: SkyOptions): Sky {
  const { width, height, channels = 1, noise = 0.01, limit_mag = 9, seed = 1, nebulae = [] } = options;
  const { psf = [{ fwhm_px: 2.5, share: 1 }] } = options;
  const frame = framedWcs({
    ...options,
    orientation_deg: options.orientation_deg ?? 180,
    parity: options.parity ?? 1,
  });
  const truth: Wcs = options.sip ? { ...frame, sip: options.sip } : frame;
  const sky = projection(truth);
  const random = seededRandom(seed);
  const canvas: Canvas = { data: new Float32Array(width * height * channels), width, height, channels };

  const limitFlux = (noise > 0 ? 5 * noise : 0.05) / peakShare(psf);
  const threshold = noise > 0 ? noise / 10 : 0.0005;
  const stars = placedStars(options.stars ?? indexStars(...circleAround(truth, sky)), truth, sky);
  if (options.shuffled) {
    for (const star of stars) {
      star.x = 0.5 + random.uniform() * width;
      star.y = 0.5 + random.uniform() * height;
    }
  }
  for (const star of stars) {
    const flux = limitFlux * 10 ** (0.4 * (limit_mag - star.mag));
    addStar(canvas, [star.x, star.y], flux, psf, threshold, starColour(star.bv ?? 0.5));
  }
  for (const { ra_deg, dec_deg, fwhm_arcmin, peak } of nebulae) {
    const pixel = sky.toPixel(ra_deg, dec_deg);
    const fwhm_px = (fwhm_arcmin * 60) / options.pixscale_arcsec;
    const glow: Psf = [{ fwhm_px, share: 1 }];
    if (pixel) addStar(canvas, pixel, peak / peakShare(glow), glow, threshold);
  }
  options.paint?.(canvas, sky);
  addBackground(canvas, options.background ?? {});
  if (options.trees) addTrees(canvas, options.trees, random);
  random.addNoise(canvas.data, noise);
  addHotPixels(canvas, options.hotPixels ?? 0, random);
  for (let i = 0; i < canvas.data.length; i++) {
    const value = canvas.data[i]!;
    canvas.data[i] = value < 0 ? 0 : Math.min(value, 1);
  }
  return { ...canvas, truth, stars };
}

/** The circle of sky that holds the whole frame. */
function circleAround(truth: Wcs, sky: Projection): [ra_deg: number, dec_deg: number, radius_deg: number] {
  const { width, height } = truth;
  const xs = [0.5, (width + 1) / 2, width + 0.5];
  const ys = [0.5, (height + 1) / 2, height + 0.5];
  const centre = sky.toSky(xs[1]!, ys[1]!);
  const distances = xs.flatMap((x) => ys.map((y) => separation_deg(centre, sky.toSky(x, y))));
  return [...centre, Math.max(...distances) * 1.02];
}

function placedStars(stars: readonly Star[], { width, height }: Wcs, sky: Projection): DrawnStar[] {
  const placed = stars.flatMap((star) => {
    const pixel = sky.toPixel(star.ra_deg, star.dec_deg);
    const inside =
      pixel && pixel[0] > 0.5 && pixel[0] < width + 0.5 && pixel[1] > 0.5 && pixel[1] < height + 0.5;
    return inside ? [{ ...star, x: pixel[0], y: pixel[1] }] : [];
  });
  return placed.sort((a, b) => a.mag - b.mag);
}
