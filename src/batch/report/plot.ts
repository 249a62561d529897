import { escapeXml, n } from '../../annotate/svg.js';
import { tickLabel, ticks, timeTicks } from './ticks.js';

/** A point of a plot, with what is said of it where a reader points at it. */
export interface PlotPoint {
  /** Milliseconds. */
  at: number;
  value: number;
  about: string;
  /** Points are joined within one part. */
  part: number;
}

/** Values of one kind; the page has a colour for each of the first three. */
export interface PlotSeries {
  name: string;
  points: readonly PlotPoint[];
}

export interface Plot {
  title: string;
  unit: string;
  /** What a reader should know of the figure. */
  note?: string;
  series: readonly PlotSeries[];
  /** The least span of the axis, so that noise is not drawn as if it were a change. */
  leastSpan: number;
}

const [WIDTH, HEIGHT] = [920, 190];
const [LEFT, RIGHT, TOP, BOTTOM] = [58, 12, 10, 24];
/** More points than this are dots of one path, without words. */
const MOST_NAMED = 600;
/** Outliers beyond these shares stay outside the axis. */
const [LOWEST, HIGHEST] = [0.005, 0.995];
const [X_TICKS, Y_TICKS] = [8, 4];

/** A plot over time as SVG; its colours are those of the page. @param span first and last instant, the same for all plots of a page */
export function plotSvg({ title, series, leastSpan }: Plot, [from, to]: readonly [number, number]): string {
  const [low, high] = rangeOf(
    series.flatMap(({ points }) => points.map(({ value }) => value)),
    leastSpan,
  );
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const across = ticks(low, high, Y_TICKS);
  const step = (across[1] ?? high) - (across[0] ?? low);
  const grid = across.map((value) => {
    const label = `<text x="${LEFT - 8}" y="${n(y(value) + 4)}" text-anchor="end">${tickLabel(value, step)}</text>`;
    return `<path class="grid" d="M${LEFT} ${n(y(value))}H${WIDTH - RIGHT}"/>${label}`;
  });
  const times = timeTicks(from, to, X_TICKS).map(({ at, label }) => {
    const words = `<text class="time" x="${n(x(at))}" y="${HEIGHT - 6}" text-anchor="middle">${label}</text>`;
    return `<path class="grid" d="M${n(x(at))} ${TOP}V${HEIGHT - BOTTOM}"/>${words}`;
  });
  const drawn = series.map(({ points }, index) => {
    const visible = points.filter(({ value }) => value >= low && value <= high);
    return `<g class="s${index}">${lineOf(visible, x, y)}${dotsOf(visible, x, y)}</g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title)} over time">${[...grid, ...times, ...drawn].join('')}</svg>`;
}

function rangeOf(values: number[], leastSpan: number): [low: number, high: number] {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [first, last] = [at(LOWEST), at(HIGHEST)];
  const span = Math.max(leastSpan, (last - first) * 1.12);
  const middle = (first + last) / 2;
  // What cannot be negative is not drawn as if it could.
  const low = (sorted[0] ?? 0) < 0 ? middle - span / 2 : Math.max(0, middle - span / 2);
  return [low, low + span];
}

type Place = (value: number) => number;

function lineOf(points: readonly PlotPoint[], x: Place, y: Place): string {
  let part: number | undefined;
  const steps = points.map((point) => {
    const verb = point.part === part ? 'L' : 'M';
    part = point.part;
    return `${verb}${n(x(point.at))} ${n(y(point.value))}`;
  });
  return `<path class="line" d="${steps.join('')}"/>`;
}

function dotsOf(points: readonly PlotPoint[], x: Place, y: Place): string {
  if (points.length > MOST_NAMED) {
    const dots = points.map(({ at, value }) => `M${n(x(at))} ${n(y(value))}h0`);
    return `<path class="dots" d="${dots.join('')}"/>`;
  }
  return points
    .map(({ at, value, about }) => {
      return `<circle cx="${n(x(at))}" cy="${n(y(value))}" r="2.6"><title>${escapeXml(about)}</title></circle>`;
    })
    .join('');
}
