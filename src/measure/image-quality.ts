// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { ImageQuality, QualityCell } from '../job/measured.js';
import { displayAxes } from '../wcs/display.js';
import { stepPositionAngle } from '../wcs/geometry.js';
import { DEG } from '../wcs/sphere.js';
import type { Wcs } from '../wcs/wcs.js';
import type { MeasuredImage } from './measured-image.js';
import { FLAGS, type Measurement } from './measurement.js';
import { median } from './median.js';
import { commonEllipse, type Ellipse, ellipseOf, wellMeasured, widthsOf } from './shape.js';
import { skyFigures } from './sky-figures.js';
import { trailingOf } from './trailing.js';
import { unevennessOf } from './unevenness.js';

/** So few stars tell nothing of the image, and so few nothing of a ninth of it. */
const FEWEST = 5;
const FEWEST_IN_CELL = 3;
/** Rounder than this stars have no direction. */
const ROUND = 0.05;

/** How sharp the stars of a measured image are, and how even its sky. */
export function imageQuality(measurement: Measurement, image: MeasuredImage): ImageQuality {
  const { stars, binning, found, saturation, width, height } = measurement;
  const chosen = wellMeasured(measurement);
  const flagged = (flag: number) => stars.flags.filter((flags) => (flags & flag) !== 0).length;
  const counts = {
    found,
    measured: stars.flux.filter((flux) => !Number.isNaN(flux)).length,
    used: chosen.length,
    saturated: flagged(FLAGS.saturated),
    crowded: flagged(FLAGS.crowded),
  };
  const notes: string[] = [];
  const { background, notes: skyNotes } = skyFigures(measurement);
  notes.push(...skyNotes);
  const frame = {
    stars: counts,
    binning,
    ...(background && { background }),
    saturation: {
      ...(Number.isFinite(saturation.level) && { level: saturation.level }),
      share: saturation.share,
    },
  };
  if (chosen.length < FEWEST) {
    notes.push(
      `Only ${chosen.length} stars are bright enough, alone and not saturated: their shape says nothing of the image`,
    );
    return { ...frame, notes };
  }
  const ellipse = commonEllipse(stars, chosen);
  const hfr = median(chosen.map((i) => stars.hfr[i]!));
  const widths = widthsOf(stars);
  const cells = cellsOf(measurement, chosen, widths);
  const unevenness = unevennessOf(
    chosen.map((i) => ({ x: stars.x[i]!, y: stars.y[i]!, width: widths[i]! })),
    { width, height, fwhm: ellipse.fwhm, axes: displayAxes(image.display) },
  );
  const trailing = trailingOf(ellipse, cells, image);
  if (ellipse.fwhm < 1.5 * binning)
    notes.push('Stars are narrower than one and a half pixels: how much narrower cannot be told well');
  return {
    ...frame,
    fwhm_px: ellipse.fwhm,
    fwhm_arcsec: ellipse.fwhm * image.pixscale_arcsec,
    hfr_px: hfr,
    hfr_arcsec: hfr * image.pixscale_arcsec,
    ellipticity: ellipse.ellipticity,
    ...directionOf(ellipse, image.wcs),
    grid: cells,
    ...unevenness,
    ...(trailing && { trailing }),
    ...(notes.length > 0 && { notes }),
  };
}

function directionOf({ ellipticity, angle_rad }: Ellipse, wcs: Wcs) {
  if (ellipticity < ROUND) return {};
  const angle = stepPositionAngle(
    wcs,
    (wcs.width + 1) / 2,
    (wcs.height + 1) / 2,
    Math.cos(angle_rad),
    Math.sin(angle_rad),
  );
  return { angle_deg: angle_rad * DEG, position_angle_deg: (angle + 360) % 180 };
}

function cellsOf(measurement: Measurement, chosen: readonly number[], widths: Float64Array): QualityCell[] {
  const { stars, width, height } = measurement;
  const part = (position: number, size: number) =>
    Math.min(2, Math.max(0, Math.floor((3 * (position - 0.5)) / size)));
  return Array.from({ length: 9 }, (_, cell) => {
    const [column, row] = [cell % 3, Math.floor(cell / 3)];
    const inside = chosen.filter(
      (i) => part(stars.x[i]!, width) === column && part(stars.y[i]!, height) === row,
    );
    const middle = { x: ((column + 0.5) * width) / 3 + 0.5, y: ((row + 0.5) * height) / 3 + 0.5 };
    if (inside.length < FEWEST_IN_CELL) return { ...middle, stars: inside.length };
    const { ellipticity, angle_rad } = commonEllipse(stars, inside);
    return {
      ...middle,
      stars: inside.length,
      fwhm_px: median(inside.map((i) => widths[i]!)),
      hfr_px: median(inside.map((i) => stars.hfr[i]!)),
      ellipticity,
      ...(ellipticity >= ROUND && { angle_deg: angle_rad * DEG }),
    };
  });
}

/** Ellipticity of one star, NaN where it has no shape. */
export function ellipticityOf({ stars }: Measurement, i: number): number {
  const { xx, xy, yy } = stars;
  return Number.isNaN(xx[i]!) ? Number.NaN : ellipseOf(xx[i]!, xy[i]!, yy[i]!).ellipticity;
}
