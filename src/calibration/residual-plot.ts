import { n } from '../annotate/svg.js';
import type { StarResidual } from '../engine/calibration/calibrated-lens.js';
import { LENS_NAMES } from '../wcs/zenithal.js';
import type { LensCalibration } from './calibrate-images.js';
import { PLOT_COLOURS, plotLine, plotSheet, plotWords, RadiusPlot } from './radius-plot.js';
import { radiusOf } from './report.js';

const { line: LINE, first: ARROW, second: DOT } = PLOT_COLOURS;
const WIDTH = 960;
/** The picture, on the left, and the residuals by radius, on the right: from left to right. */
const FIELD = { left: 24, right: 560 } as const;
const RADIAL = { left: 624, right: 936 } as const;
const [TOP, BOTTOM] = [64, 56] as const;
/** More stars than this are shown by the mean of each cell. */
const MOST_ARROWS = 500;
const COLUMNS = 24;
/** An arrow of the 95th percentile is so long, and a step of the radius has so many bins. */
const ARROW_LENGTH = 26;
const BINS = 12;

type Arrow = Pick<StarResidual, 'x' | 'y' | 'dx' | 'dy'>;

/** The residuals of a calibration as SVG: where in the picture they point where, and how large they are by the distance from its middle. */
export function residualPlot({ residuals, calibration, ...report }: LensCalibration): string {
  const { width, height } = calibration;
  const scale = (FIELD.right - FIELD.left) / width;
  const bottom = TOP + Math.max(220, height * scale);
  const lengths = residuals.map(({ dx, dy }) => Math.hypot(dx, dy)).sort((a, b) => a - b);
  const most = roundUp(lengths[Math.floor(0.95 * (lengths.length - 1))] ?? 1);
  const frames = report.frames.filter(({ used }) => used).length;
  const title = `${report.stars} stars of ${frames} ${frames === 1 ? 'image' : 'images'}: ${report.rms_px.toFixed(2)} px rms`;
  const { projection } = calibration;
  const lens =
    projection === 'TAN'
      ? `moves the corners by ${(report.corner_distortion_px ?? 0).toFixed(1)} px`
      : LENS_NAMES[projection];
  const detail = `order ${report.order}, ${lens} · ${calibration.optics ?? `${width} × ${height} pixels`}`;
  return plotSheet([WIDTH, bottom + BOTTOM], title, FIELD.left, [
    plotWords(detail, FIELD.left, 48),
    field(residuals, calibration, scale, most),
    radial(residuals, calibration, most, bottom),
  ]);
}

/** Where the residuals point, in the picture. */
function field(
  residuals: readonly StarResidual[],
  { width, height }: LensCalibration['calibration'],
  scale: number,
  most: number,
): string {
  const factor = ARROW_LENGTH / most;
  const isMany = residuals.length > MOST_ARROWS;
  const arrows = (isMany ? cellMeans(residuals, width) : residuals).map(({ x, y, dx, dy }) => {
    const [px, py] = [FIELD.left + x * scale, TOP + y * scale];
    const [ex, ey] = [px - dx * factor, py - dy * factor];
    return `<path d="M${n(px)} ${n(py)}L${n(ex)} ${n(ey)}"/><circle cx="${n(px)}" cy="${n(py)}" r="1.6"/>`;
  });
  const end = TOP + height * scale;
  return [
    `<rect x="${FIELD.left}" y="${TOP}" width="${n(width * scale)}" height="${n(height * scale)}" fill="none" stroke="${LINE}"/>`,
    `<g stroke="${ARROW}" fill="${ARROW}" stroke-width="1.2">${arrows.join('')}</g>`,
    plotLine(
      FIELD.left,
      end + 22,
      FIELD.left + ARROW_LENGTH,
      end + 22,
      `stroke="${ARROW}" stroke-width="1.6"`,
    ),
    plotWords(
      `${most} px; ${isMany ? 'the mean of each cell' : 'from each star to where the sky has it'}`,
      FIELD.left + ARROW_LENGTH + 8,
      end + 26,
    ),
  ].join('\n');
}

/** Their length by the distance from the middle: each star, and the root mean square of each bin. */
function radial(
  residuals: readonly StarResidual[],
  calibration: LensCalibration['calibration'],
  most: number,
  bottom: number,
): string {
  const stars = residuals.map((star) => [radiusOf(star, calibration), Math.hypot(star.dx, star.dy)] as const);
  const top = 2 * most;
  const plot = new RadiusPlot({ ...RADIAL, top: TOP, bottom }, (off) => off / top);
  const rms = Array.from({ length: BINS }, (_, bin) => {
    const inside = stars.filter(([radius]) => Math.min(BINS - 1, Math.floor(radius * BINS)) === bin);
    const mean = inside.reduce((sum, [, off]) => sum + off * off, 0) / inside.length;
    return inside.length < 3 ? [] : [[(bin + 0.5) / BINS, Math.sqrt(mean)] as const];
  }).flat();
  const end = calibration.projection === 'TAN' ? 'corner' : 'edge of the sky';
  return [
    ...plot.axes([0, most, top], [most / 2, 1.5 * most], end),
    plot.dots(stars, DOT),
    plot.curve(rms, ARROW),
    plotWords('line: rms', RADIAL.right, TOP - 8, { color: ARROW, anchor: 'end' }),
  ].join('\n');
}

/** The mean residual of each cell that holds stars. */
function cellMeans(residuals: readonly StarResidual[], width: number): Arrow[] {
  const side = width / COLUMNS;
  const cells = new Map<string, StarResidual[]>();
  for (const star of residuals) {
    const key = `${Math.floor(star.x / side)} ${Math.floor(star.y / side)}`;
    const cell = cells.get(key);
    if (cell) cell.push(star);
    else cells.set(key, [star]);
  }
  return [...cells.values()].map((stars) => {
    const mean = (of: keyof Arrow) => stars.reduce((sum, star) => sum + star[of], 0) / stars.length;
    return { x: mean('x'), y: mean('y'), dx: mean('dx'), dy: mean('dy') };
  });
}

/** The next of 1, 1.5, 2, 3, 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.01)));
  const step = [1, 1.5, 2, 3, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return Number((step * power).toPrecision(2));
}
