// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { GreyImage } from '../image/image.js';
import { breather } from '../stars/breather.js';
import { Neighbours } from '../stars/neighbours.js';
import type { Star } from '../stars/star.js';
import { CurveOfGrowth, lightWithin } from './growth.js';
import { FLAGS, type MeasuredStars, type Measurement } from './measurement.js';
import { median } from './median.js';
import { momentsOf } from './moments.js';
import { saturationOf } from './saturation.js';
import { FWHM_PER_SIGMA, widthsOf } from './shape.js';
import { emptySkyMap, measureSkyRow } from './sky-map.js';
import { SkyRing } from './sky-ring.js';

/** The brightest so many are measured: more tell nothing new of the image. */
const MOST_STARS = 300;
/** Radius of the circle in which light is summed, over the full width at half maximum: 0.998 of a Gaussian is in it. */
const APERTURE = 1.5;
const LEAST_APERTURE_PX = 2.5;
const MOST_APERTURE_PX = 40;
/** Of the circle of a star, a neighbour of this share of its brightness is too close. */
const NEIGHBOUR = 0.02;
/** Light over its error from which a star tells how much light is beyond its circle; and how many such stars it takes. */
const BRIGHT_SNR = 150;
const FEWEST_BRIGHT = 5;

/** Where a star was found, how high, and how wide it seemed to be: pixels of the original image. */
export type FoundStar = Pick<Star, 'x' | 'y' | 'peak'> & { width_px: number };

/**
 * Measures stars where they were found, and the sky between them.
 * @param grey the image, not shrunk; of a colour mosaic means of 2 × 2 pixels
 * @param found the brightest first
 * @param original size of the image, pixels
 * @throws `signal.reason`
 */
export async function measureStars(
  grey: GreyImage,
  found: readonly FoundStar[],
  original: { width: number; height: number },
  signal?: AbortSignal,
): Promise<Measurement> {
  const pause = breather(signal);
  const sky = emptySkyMap(grey);
  for (let row = 0; row < sky.rows; row++) {
    measureSkyRow(grey, sky, row);
    await pause();
  }
  const saturation = saturationOf(grey);
  await pause();
  const [binning] = grey.scale;
  const pixelNoise = median(sky.noise);

  const chosen = found.slice(0, MOST_STARS);
  const starts = chosen.map(({ x, y, width_px }) => ({
    x: (x - 0.5) / binning - 0.5,
    y: (y - 0.5) / binning - 0.5,
    variance: (width_px / binning / FWHM_PER_SIGMA) ** 2,
  }));
  const stars = columnsFor(chosen.length);
  const ring = new SkyRing(grey, median(chosen.map(({ width_px }) => width_px / binning)));
  // First where the stars stand, what sky is about them, and their shape; its middle says how large the circles have to be.
  for (const [i, start] of starts.entries()) {
    const around = ring.about(start.x, start.y);
    if (!around) continue;
    stars.sky[i] = around.mean;
    stars.flux_error[i] = around.deviation || pixelNoise;
    if (isSaturated(grey, start, saturation.level)) stars.flags[i]! |= FLAGS.saturated;
    const moments = momentsOf(grey, start, around.mean);
    const { x, y } = moments ?? start;
    [stars.x[i], stars.y[i]] = [x, y];
    if (moments) [stars.xx[i], stars.xy[i], stars.yy[i]] = [moments.xx, moments.xy, moments.yy];
    if (i % 32 === 0) await pause();
  }
  const radius = apertureFor(stars);
  const circles = new CurveOfGrowth(grey, radius);
  const twice: number[] = [];
  markCrowded(stars, found, binning, radius);
  for (let i = 0; i < starts.length; i++) {
    if (i % 32 === 0) await pause();
    if (Number.isNaN(stars.x[i]!)) continue;
    const [x, y, level] = [stars.x[i]!, stars.y[i]!, stars.sky[i]!];
    const growth = circles.at(x, y, level);
    if (!growth) continue;
    const error = stars.flux_error[i]! * Math.sqrt(growth.area + growth.area ** 2 / ring.area);
    [stars.flux[i], stars.flux_error[i]] = [growth.flux, error];
    [stars.peak[i], stars.hfr[i]] = [growth.peak, growth.halfFlux];
    if (stars.flags[i] !== 0 || !(growth.flux > BRIGHT_SNR * error)) continue;
    const farther = lightWithin(grey, x, y, level, 2 * radius);
    if (farther > 0) twice.push(2.5 * Math.log10(farther / growth.flux));
  }
  const { data } = grey;
  return {
    ...{ width: original.width, height: original.height, binning },
    pixels: data instanceof Uint8Array ? 'uint8' : data instanceof Uint16Array ? 'uint16' : 'float',
    ...{ sky, saturation, found: found.length },
    stars: inOriginalPixels(stars, binning),
    aperture_px: radius * binning,
    ...(twice.length >= FEWEST_BRIGHT && { aperture_correction: median(twice) }),
  };
}

function columnsFor(count: number): MeasuredStars {
  const column = () => new Float64Array(count).fill(Number.NaN);
  return {
    ...{ x: column(), y: column(), flux: column(), flux_error: column(), peak: column(), sky: column() },
    ...{ xx: column(), xy: column(), yy: column(), hfr: column() },
    flags: new Uint8Array(count),
  };
}

/** In quarters of a pixel. */
function apertureFor(stars: MeasuredStars): number {
  const width = median(widthsOf(stars).filter((_, i) => (stars.flags[i]! & FLAGS.saturated) === 0));
  const wanted = Number.isNaN(width) ? LEAST_APERTURE_PX : APERTURE * width;
  return Math.round(4 * Math.min(MOST_APERTURE_PX, Math.max(LEAST_APERTURE_PX, wanted))) / 4;
}

function isSaturated(
  { data, width, height }: GreyImage,
  { x, y }: { x: number; y: number },
  level: number,
): boolean {
  if (!Number.isFinite(level)) return false;
  const [column, row] = [Math.round(x), Math.round(y)];
  for (let j = Math.max(0, row - 2); j <= Math.min(height - 1, row + 2); j++)
    for (let i = Math.max(0, column - 2); i <= Math.min(width - 1, column + 2); i++)
      if (data[j * width + i]! >= level) return true;
  return false;
}

/** Every star that was found counts, also those that are not measured. */
function markCrowded(
  stars: MeasuredStars,
  found: readonly FoundStar[],
  binning: number,
  radius: number,
): void {
  const reach = 2 * radius;
  const x = found.map((star) => (star.x - 0.5) / binning - 0.5);
  const y = found.map((star) => (star.y - 0.5) / binning - 0.5);
  const near = new Neighbours(x, y, Math.max(8, reach));
  for (let i = 0; i < stars.x.length; i++) {
    const others = near.within(x[i]!, y[i]!, reach);
    if (others.some((j) => j !== i && found[j]!.peak > NEIGHBOUR * found[i]!.peak))
      stars.flags[i]! |= FLAGS.crowded;
  }
}

function inOriginalPixels(stars: MeasuredStars, binning: number): MeasuredStars {
  const position = (values: Float64Array) => values.map((value) => (value + 0.5) * binning + 0.5);
  const times = (values: Float64Array, factor: number) =>
    factor === 1 ? values : values.map((value) => value * factor);
  const area = binning * binning;
  return {
    ...stars,
    ...{ x: position(stars.x), y: position(stars.y), hfr: times(stars.hfr, binning) },
    ...{ flux: times(stars.flux, area), flux_error: times(stars.flux_error, area) },
    ...{ xx: times(stars.xx, area), xy: times(stars.xy, area), yy: times(stars.yy, area) },
  };
}
