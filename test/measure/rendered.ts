import { readFileSync } from 'node:fs';
import { StarCatalog } from '../../src/engine/star-catalog.js';
import type { Canvas } from '../sky/canvas.js';
import { type DrawnStar, renderSky, type Sky } from '../sky/render.js';
import type { Star } from '../sky/stars.js';
import { starsAbout } from '../sky/stars-about.js';

/** How the light of stars spreads. */
export interface Shape {
  /** Geometric mean of the full widths at half maximum along both axes, pixels. */
  fwhm_px: number;
  /** 1 − b/a. */
  ellipticity: number;
  /** Direction of the long axis from +x towards +y, degrees. */
  angle_deg: number;
  /** Exponent of a Moffat profile. @default a Gaussian */
  beta?: number;
}

/** A sky of which all that is measured is known. */
export interface KnownSky extends Sky {
  shape: Shape;
  /** Magnitude of a star of one unit of `FULL_SCALE`. */
  zero_point: number;
  /** Σ P², P being the shares of a star's light on the pixels; by a star in the middle of one and a star on a corner. */
  concentration: number;
  /** Of the canvas. */
  level: number;
  noise: number;
}

/** What 1 of the canvas is in a file of 16 bits. */
export const FULL_SCALE = 65_535;
/** Pixels are divided into so many parts along each side, over which light is added up. */
const PARTS = 5;
const RADIUS_FWHM = 3;
const FAINTER = 3;

let catalog: StarCatalog | undefined;

/** The packaged stars about a place. */
export function packagedStars(ra_deg: number, dec_deg: number, radius_deg: number): Star[] {
  catalog ??= StarCatalog.decode(readFileSync(new URL('../../data/stars.bin', import.meta.url)));
  return starsAbout(catalog, ra_deg, dec_deg, radius_deg, 20_000);
}

export interface KnownSkyOptions {
  ra_deg: number;
  dec_deg: number;
  width: number;
  height: number;
  pixscale_arcsec: number;
  shape: Shape;
  /** Magnitude of a star whose brightest pixel is five times the noise, about. */
  limit_mag: number;
  level?: number;
  noise?: number;
  seed?: number;
  /** Stars besides those of the catalogue. */
  strangers?: readonly Star[];
  gradient?: readonly [number, number];
  /** Width of stars over `shape`'s at a place, −1 to 1 across the image in x and y. */
  widening?: (u: number, v: number) => number;
}

export function renderKnownSky(options: KnownSkyOptions): KnownSky {
  const { shape, level = 0.03, noise = 0.002, limit_mag, width, height, widening, strangers = [] } = options;
  const flux0 = 5 * noise * (1.133 * shape.fwhm_px ** 2 + 0.5);
  const radius = ((Math.hypot(width, height) / 2) * options.pixscale_arcsec) / 3600;
  const stars = [...packagedStars(options.ra_deg, options.dec_deg, radius), ...strangers];
  const fluxOf = (mag: number) => flux0 * 10 ** (0.4 * (limit_mag - mag));
  let drawn: DrawnStar[] = [];
  const sky = renderSky({
    ...{ ra_deg: options.ra_deg, dec_deg: options.dec_deg, width, height },
    ...{ pixscale_arcsec: options.pixscale_arcsec, noise, seed: options.seed ?? 1, stars: [] },
    background: { level, ...(options.gradient && { gradient: options.gradient }) },
    paint(canvas, projection) {
      drawn = stars.flatMap((star) => {
        const pixel = projection.toPixel(star.ra_deg, star.dec_deg);
        return pixel && star.mag < limit_mag + FAINTER ? [{ ...star, x: pixel[0], y: pixel[1] }] : [];
      });
      for (const { x, y, mag } of drawn) {
        const wide = widening?.((2 * x) / width - 1, (2 * y) / height - 1) ?? 1;
        paintStar(canvas, [x, y], fluxOf(mag), { ...shape, fwhm_px: shape.fwhm_px * wide });
      }
    },
  });
  return {
    ...sky,
    stars: drawn,
    ...{ shape, level, noise },
    zero_point: limit_mag + 2.5 * Math.log10(flux0 * FULL_SCALE),
    concentration: (concentrationOf(shape, 0) + concentrationOf(shape, 0.5)) / 2,
  };
}

/** Adds a star at a FITS pixel. */
export function paintStar(
  canvas: Canvas,
  [x, y]: readonly [number, number],
  flux: number,
  shape: Shape,
): void {
  const { data, width, height } = canvas;
  const { fwhm_px, ellipticity, angle_deg, beta = Number.POSITIVE_INFINITY } = shape;
  const ratio = Math.sqrt(1 - ellipticity);
  const [long, short] = [fwhm_px / ratio, fwhm_px * ratio];
  const [cos, sin] = [Math.cos((angle_deg * Math.PI) / 180), Math.sin((angle_deg * Math.PI) / 180)];
  const isGaussian = !Number.isFinite(beta);
  const reach = (isGaussian ? RADIUS_FWHM : 12) * long + 1;
  // At r = FWHM/2 along an axis, q = 1.
  const half = isGaussian ? Math.LN2 : 2 ** (1 / beta) - 1;
  const peak = (isGaussian ? half / Math.PI : ((beta - 1) * half) / Math.PI) / ((long / 2) * (short / 2));
  const profile = isGaussian ? (q: number) => Math.exp(-half * q) : (q: number) => (1 + half * q) ** -beta;
  for (let row = Math.max(0, Math.ceil(y - 1 - reach)); row <= Math.min(height - 1, y - 1 + reach); row++) {
    for (
      let column = Math.max(0, Math.ceil(x - 1 - reach));
      column <= Math.min(width - 1, x - 1 + reach);
      column++
    ) {
      let light = 0;
      for (let v = 0; v < PARTS; v++) {
        for (let u = 0; u < PARTS; u++) {
          const dx = column + (u + 0.5) / PARTS - 0.5 - (x - 1);
          const dy = row + (v + 0.5) / PARTS - 0.5 - (y - 1);
          const along = (dx * cos + dy * sin) / (long / 2);
          const across = (dy * cos - dx * sin) / (short / 2);
          light += profile(along * along + across * across);
        }
      }
      data[row * width + column]! += (flux * peak * light) / (PARTS * PARTS);
    }
  }
}

function concentrationOf(shape: Shape, offset: number): number {
  const size = 2 * Math.ceil(RADIUS_FWHM * 2 * shape.fwhm_px) + 1;
  const canvas: Canvas = { data: new Float32Array(size * size), width: size, height: size, channels: 1 };
  paintStar(canvas, [(size + 1) / 2 + offset, (size + 1) / 2 + offset], 1, shape);
  return canvas.data.reduce((sum, share) => sum + share * share, 0);
}
