import type { TextStyle } from '../annotate/lettering.js';
import { outlines } from '../annotate/outlines.js';
import { n } from '../annotate/svg.js';
import type { StarResidual } from '../engine/calibration/calibrated-lens.js';
import { LENS_NAMES } from '../wcs/zenithal.js';
import type { LensCalibration } from './calibrate-images.js';
import { radiusOf } from './report.js';

const [INK, QUIET, LINE, ARROW, DOT] = ['#1c2733', '#5b6a7a', '#d5dde5', '#b3261e', '#4a7fb5'] as const;
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

const plain = outlines();
const words = (content: string, x: number, y: number, style: Partial<TextStyle> = {}) =>
  plain.write(content, x, y, { size: 12, color: QUIET, ...style });
const line = (x1: number, y1: number, x2: number, y2: number, more = `stroke="${LINE}"`) =>
  `<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}" ${more}/>`;

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
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${n(bottom + BOTTOM)}" viewBox="0 0 ${WIDTH} ${n(bottom + BOTTOM)}">
<rect width="100%" height="100%" fill="#fff"/>
${words(title, FIELD.left, 28, { size: 16, color: INK, weight: 'bold' })}
${words(detail, FIELD.left, 48)}
${field(residuals, calibration, scale, most)}
${radial(residuals, calibration, most, bottom)}
</svg>
`;
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
    line(FIELD.left, end + 22, FIELD.left + ARROW_LENGTH, end + 22, `stroke="${ARROW}" stroke-width="1.6"`),
    words(
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
  const stars = residuals.map((star) => ({
    radius: radiusOf(star, calibration),
    off: Math.hypot(star.dx, star.dy),
  }));
  const top = 2 * most;
  const x = (radius: number) => RADIAL.left + radius * (RADIAL.right - RADIAL.left);
  const y = (off: number) => bottom - (Math.min(off, top) / top) * (bottom - TOP);
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const inside = stars.filter(({ radius }) => Math.min(BINS - 1, Math.floor(radius * BINS)) === bin);
    const mean = inside.reduce((sum, { off }) => sum + off * off, 0) / inside.length;
    return inside.length < 3 ? [] : [[(bin + 0.5) / BINS, Math.sqrt(mean)] as const];
  }).flat();
  const rms = bins.map(([radius, off], i) => `${i === 0 ? 'M' : 'L'}${n(x(radius))} ${n(y(off))}`).join('');
  return [
    ...[0, 0.25, 0.5, 0.75, 1].map((share) =>
      line(RADIAL.left, y(share * top), RADIAL.right, y(share * top)),
    ),
    ...[0, 0.5, 1].map((share) =>
      words(String(Number((share * top).toPrecision(2))), RADIAL.left - 8, y(share * top) + 4, {
        anchor: 'end',
      }),
    ),
    ...[0, 1 / 3, 2 / 3, 1].map((radius) => line(x(radius), TOP, x(radius), bottom)),
    `<g fill="${DOT}" fill-opacity="0.45">${stars
      .map(({ radius, off }) => `<circle cx="${n(x(radius))}" cy="${n(y(off))}" r="2"/>`)
      .join('')}</g>`,
    `<path d="${rms}" fill="none" stroke="${ARROW}" stroke-width="2"/>`,
    words('pixels off', RADIAL.left, TOP - 8),
    words('line: rms', RADIAL.right, TOP - 8, { color: ARROW, anchor: 'end' }),
    words('middle', x(0), bottom + 18, { anchor: 'start' }),
    words(calibration.projection === 'TAN' ? 'corner' : 'edge of the sky', x(1), bottom + 18, {
      anchor: 'end',
    }),
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
