// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { Photometry } from '../job/measured.js';
import type { Identified } from './identify.js';
import { FLAGS, type Measurement } from './measurement.js';
import { median } from './median.js';
import { PIXEL_MOMENT } from './moments.js';
import { wellMeasured } from './shape.js';
import { pixelNoise } from './sky-figures.js';

/** Light over its error of a star that tells of the zero point, and how many of them it takes. */
const LEAST_SNR = 10;
const FEWEST = 5;
const CLIP = 3;
/** Magnitudes by which catalogue and flat field are off: no star counts for more. Faint stars count less, for others that are not seen lie in their circles. */
const FLOOR = 0.03;
/** The slope needs so many stars over so many magnitudes; data are linear where it is so close to 1. */
const FEWEST_FOR_SLOPE = 15;
const LEAST_SPAN = 2;
const SLOPE_TOLERANCE = 0.12;
const MOST_FOR_SLOPE = 150;
const LIMIT_SIGMAS = 5;

/** What a file says of the numbers in it. */
export interface PixelFacts {
  /** `light`: its format holds measurements. `picture`: what a screen is to show, of 8 bits. `unknown`: either, of 16 bits. */
  meaning: 'light' | 'picture' | 'unknown';
  /** Value of a pixel without light, where the file says that it was corrected. */
  offset?: number | undefined;
}

interface ZeroPoint {
  zero_point: number;
  scatter: number;
  error: number;
  stars: number;
}

/** How bright the stars and the sky of an image are, by stars of a catalogue; a text says why where that cannot be known. */
export function photometryOf(
  measurement: Measurement,
  { vt, v }: Pick<Identified, 'vt' | 'v'>,
  facts: PixelFacts,
  pixscale_arcsec: number,
): Photometry | string {
  const usable = usableStars(measurement);
  const against = (magnitudes: Float64Array) => zeroPointOf(measurement, usable, magnitudes);
  const main = against(vt);
  if (!main) return `Fewer than ${FEWEST} stars of the catalogue could be measured: there is no zero point`;
  const inV = against(v);
  const slope = slopeOf(measurement, usable, vt);
  const linear = linearityOf(facts, slope);
  const { aperture_px, aperture_correction } = measurement;
  const notes: string[] = [];
  const total = main.zero_point + (aperture_correction ?? 0);
  const limit = limitOf(measurement, total);
  if (limit === undefined)
    notes.push('The sky has no noise to speak of, or stars no shape: there is no limiting magnitude');
  if (aperture_correction === undefined)
    notes.push('No star is bright enough to tell how much light is beyond its circle');
  const sky = linear.linear ? skyOf(measurement, facts, total, pixscale_arcsec) : undefined;
  if (!linear.linear)
    notes.push('The brightness of the sky is not stated: pixels are not proportional to light');
  else if (!sky) notes.push('The brightness of the sky is not stated: it is not above the zero of the data');
  return {
    ...main,
    band: 'VT',
    ...(inV && { v: inV }),
    ...(slope !== undefined && { slope }),
    ...linear,
    aperture_px,
    ...(aperture_correction !== undefined && { aperture_correction }),
    ...(limit !== undefined && { limiting_magnitude: limit }),
    ...(sky && { sky }),
    ...(notes.length > 0 && { notes }),
  };
}

/** Standard deviation of a magnitude over that of the light as a share of it. */
export const MAGNITUDES = 2.5 / Math.LN10;

/** Instrumental magnitude: of light in units of the image. */
export const instrumental = (flux: number) => -2.5 * Math.log10(flux);

/** Bright enough, alone and not saturated. */
function usableStars({ stars }: Measurement): number[] {
  const { flux, flux_error, flags } = stars;
  return Array.from(flux.keys()).filter(
    (i) => (flags[i]! & (FLAGS.saturated | FLAGS.crowded)) === 0 && flux[i]! >= LEAST_SNR * flux_error[i]!,
  );
}

/** Weighted mean without outliers of catalogue minus instrumental magnitude. */
function zeroPointOf(
  { stars }: Measurement,
  usable: readonly number[],
  magnitudes: Float64Array,
): ZeroPoint | undefined {
  let kept = usable
    .filter((i) => !Number.isNaN(magnitudes[i]!))
    .map((i) => ({
      off: magnitudes[i]! - instrumental(stars.flux[i]!),
      weight: 1 / (FLOOR ** 2 + (MAGNITUDES * (stars.flux_error[i]! / stars.flux[i]!)) ** 2),
    }));
  let scatter = 0;
  for (let round = 0; round < 5; round++) {
    const middle = median(kept.map(({ off }) => off));
    scatter = 1.4826 * median(kept.map(({ off }) => Math.abs(off - middle)));
    const closer = kept.filter(({ off }) => Math.abs(off - middle) <= CLIP * Math.max(scatter, 0.02));
    if (closer.length === kept.length) break;
    kept = closer;
  }
  if (kept.length < FEWEST) return undefined;
  const weights = kept.reduce((sum, { weight }) => sum + weight, 0);
  return {
    zero_point: kept.reduce((sum, { off, weight }) => sum + weight * off, 0) / weights,
    scatter,
    error: scatter / Math.sqrt(kept.length),
    stars: kept.length,
  };
}

/** Instrumental against catalogue magnitudes: the median of the slopes between pairs of stars (Theil–Sen). */
function slopeOf(
  { stars }: Measurement,
  usable: readonly number[],
  magnitudes: Float64Array,
): number | undefined {
  const known = usable.filter((i) => !Number.isNaN(magnitudes[i]!)).slice(0, MOST_FOR_SLOPE);
  const span = Math.max(...known.map((i) => magnitudes[i]!)) - Math.min(...known.map((i) => magnitudes[i]!));
  if (known.length < FEWEST_FOR_SLOPE || !(span >= LEAST_SPAN)) return undefined;
  const slopes: number[] = [];
  for (const [at, i] of known.entries()) {
    for (const j of known.slice(at + 1)) {
      const apart = magnitudes[j]! - magnitudes[i]!;
      if (Math.abs(apart) >= LEAST_SPAN / 2)
        slopes.push((instrumental(stars.flux[j]!) - instrumental(stars.flux[i]!)) / apart);
    }
  }
  const slope = median(slopes);
  return Number.isNaN(slope) ? undefined : slope;
}

function linearityOf(
  { meaning }: PixelFacts,
  slope: number | undefined,
): Pick<Photometry, 'linear' | 'linear_why'> {
  if (meaning === 'picture')
    return { linear: false, linear_why: 'eight bits that a screen is to show, not light' };
  if (slope !== undefined && Math.abs(slope - 1) > SLOPE_TOLERANCE)
    return {
      linear: false,
      linear_why: `stars differ by ${slope.toFixed(2)} magnitudes for one of the catalogue: the image was stretched`,
    };
  if (slope !== undefined) return { linear: true, linear_why: 'stars differ as in the catalogue' };
  if (meaning === 'light')
    return { linear: true, linear_why: 'the format holds measurements; too few stars to check it' };
  return {
    linear: false,
    linear_why: 'a picture of 16 bits may have been stretched, and too few stars tell',
  };
}

/**
 * Magnitude of a star whose light is five times its error under a filter of its own shape: 5σ·√n for the noise-equivalent area
 * n = 4π·√det(M) of a Gaussian with second moments M (King 1983, PASP 95, 163).
 */
function limitOf(measurement: Measurement, zeroPoint: number): number | undefined {
  const noise = pixelNoise(measurement);
  const { stars, binning } = measurement;
  const area = binning * binning;
  const chosen = wellMeasured(measurement);
  const gathered = PIXEL_MOMENT * area;
  const spread = median(
    chosen.map((i) => Math.sqrt((stars.xx[i]! + gathered) * (stars.yy[i]! + gathered) - stars.xy[i]! ** 2)),
  );
  if (noise === undefined || Number.isNaN(spread)) return undefined;
  // Noise of a mean of binning² pixels is that of as many pixels at once.
  const error = noise * binning * Math.sqrt(4 * Math.PI * spread);
  return zeroPoint + instrumental(LIMIT_SIGMAS * error);
}

function skyOf(
  { sky }: Measurement,
  { offset }: PixelFacts,
  zeroPoint: number,
  pixscale_arcsec: number,
): Photometry['sky'] {
  const zero = offset ?? 0;
  const light = median(sky.level) - zero;
  if (!(light > 0)) return undefined;
  return {
    magnitude_arcsec2: zeroPoint + instrumental(light / pixscale_arcsec ** 2),
    is_limit: offset === undefined,
    offset: zero,
  };
}
