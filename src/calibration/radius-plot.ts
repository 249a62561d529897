import type { TextStyle } from '../annotate/lettering.js';
import { outlines } from '../annotate/outlines.js';
import { escapeXml, n } from '../annotate/svg.js';

export const PLOT_COLOURS = {
  ink: '#1c2733',
  quiet: '#5b6a7a',
  line: '#d5dde5',
  first: '#b3261e',
  second: '#4a7fb5',
} as const;

const plain = outlines();

/** Words in a plot, as outlines: they look the same everywhere. */
export function plotWords(content: string, x: number, y: number, style: Partial<TextStyle> = {}): string {
  return plain.write(content, x, y, { size: 12, color: PLOT_COLOURS.quiet, ...style });
}

export function plotLine(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  more = `stroke="${PLOT_COLOURS.line}"`,
): string {
  return `<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}" ${more}/>`;
}

/** A white sheet with a title. */
export function plotSheet(
  [width, height]: readonly [number, number],
  title: string,
  left: number,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" fill="#fff"/>
${plotWords(title, left, 28, { size: 16, color: PLOT_COLOURS.ink, weight: 'bold' })}
${parts.join('\n')}
</svg>
`;
}

/** Where in a sheet residuals are plotted by the distance from the middle, 0 to 1. */
export interface RadiusBox {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A curve by the distance from the middle: 0 to 1, and pixels. */
export type RadiusCurve = readonly (readonly [radius: number, off_px: number])[];

/** Residuals by the distance from the middle. */
export class RadiusPlot {
  readonly #box: RadiusBox;
  readonly #shareOf: (off_px: number) => number;

  /** @param shareOf where along the vertical axis so many pixels lie: 0 at its foot, 1 at its top */
  constructor(box: RadiusBox, shareOf: (off_px: number) => number) {
    this.#box = box;
    this.#shareOf = shareOf;
  }

  x(radius: number): number {
    return this.#box.left + radius * (this.#box.right - this.#box.left);
  }

  y(off_px: number): number {
    const { top, bottom } = this.#box;
    return bottom - Math.min(1, Math.max(0, this.#shareOf(off_px))) * (bottom - top);
  }

  /**
   * Grid and words of the axes.
   * @param labels pixels at which a number stands
   * @param lines pixels at which there is a line only
   * @param end what the radius of 1 is
   */
  axes(labels: readonly number[], lines: readonly number[], end: string): string[] {
    const { left, right, top, bottom } = this.#box;
    return [
      ...[...labels, ...lines].map((off) => plotLine(left, this.y(off), right, this.y(off))),
      ...labels.map((off) =>
        plotWords(String(Number(off.toPrecision(2))), left - 8, this.y(off) + 4, { anchor: 'end' }),
      ),
      ...[0, 1 / 3, 2 / 3, 1].map((radius) => plotLine(this.x(radius), top, this.x(radius), bottom)),
      plotWords('pixels off', left, top - 8),
      plotWords('middle', left, bottom + 18, { anchor: 'start' }),
      plotWords(end, right, bottom + 18, { anchor: 'end' }),
    ];
  }

  curve(points: RadiusCurve, colour: string): string {
    const path = points
      .map(([radius, off], i) => `${i === 0 ? 'M' : 'L'}${n(this.x(radius))} ${n(this.y(off))}`)
      .join('');
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  }

  dots(points: RadiusCurve, colour: string, radius = 2): string {
    const circles = points.map(
      ([r, off]) => `<circle cx="${n(this.x(r))}" cy="${n(this.y(off))}" r="${radius}"/>`,
    );
    return `<g fill="${colour}" fill-opacity="0.45">${circles.join('')}</g>`;
  }
}
