// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import { FLAGS, type MeasuredStars, type Measurement } from './measurement.js';
import { median } from './median.js';

/** Full width at half maximum of a Gaussian over its standard deviation. */
export const FWHM_PER_SIGMA = 2 * Math.sqrt(2 * Math.LN2);
/** Light over its error that a star needs to tell of the shape of all. */
const LEAST_SNR = 25;
/** What is narrower is a hot pixel, or cannot be told from one: pixels of the plane. */
const NARROWEST_PX = 0.7;

/** Of an ellipse: the geometric mean of the widths along its axes, 1 − b/a, and the direction of the long axis from +x towards +y, 0 to π. */
export interface Ellipse {
  fwhm: number;
  ellipticity: number;
  angle_rad: number;
}

/** The ellipse of second moments. */
export function ellipseOf(xx: number, xy: number, yy: number): Ellipse {
  const mean = (xx + yy) / 2;
  const half = Math.hypot((xx - yy) / 2, xy);
  const [long, short] = [mean + half, Math.max(0, mean - half)];
  return {
    fwhm: FWHM_PER_SIGMA * (long * short) ** 0.25,
    ellipticity: 1 - Math.sqrt(short / long),
    angle_rad: (Math.atan2(2 * xy, xx - yy) / 2 + Math.PI) % Math.PI,
  };
}

/** Full width at half maximum of each star, pixels; NaN where it has none. */
export function widthsOf({ xx, xy, yy }: Pick<MeasuredStars, 'xx' | 'xy' | 'yy'>): Float64Array {
  return Float64Array.from(xx, (value, i) => FWHM_PER_SIGMA * (value * yy[i]! - xy[i]! ** 2) ** 0.25);
}

/** The numbers of the stars that tell of the shape of all: bright, alone, not saturated, wider than a lone pixel, and no nebula. */
export function wellMeasured({ stars, binning }: Pick<Measurement, 'stars' | 'binning'>): number[] {
  const { flux, flux_error, flags } = stars;
  const widths = widthsOf(stars);
  const good = Array.from(flux.keys()).filter(
    (i) =>
      (flags[i]! & (FLAGS.saturated | FLAGS.crowded)) === 0 &&
      flux[i]! >= LEAST_SNR * flux_error[i]! &&
      widths[i]! >= NARROWEST_PX * binning,
  );
  const middle = median(good.map((i) => widths[i]!));
  return good.filter((i) => widths[i]! < 2.5 * middle && widths[i]! > middle / 2.5);
}

/** The ellipse that stars have in common: the middle of their shapes, so that what differs by chance is not taken for one. */
export function commonEllipse({ xx, xy, yy }: MeasuredStars, chosen: readonly number[]): Ellipse {
  const size = median(chosen.map((i) => Math.sqrt(xx[i]! * yy[i]! - xy[i]! ** 2)));
  const along = median(chosen.map((i) => (xx[i]! - yy[i]!) / (xx[i]! + yy[i]!)));
  const across = median(chosen.map((i) => (2 * xy[i]!) / (xx[i]! + yy[i]!)));
  const { ellipticity, angle_rad } = ellipseOf(1 + along, across, 1 - along);
  return { fwhm: FWHM_PER_SIGMA * Math.sqrt(size), ellipticity, angle_rad };
}
