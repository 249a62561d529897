import type { Point } from '../wcs/display.js';
import type { Box } from '../wcs/view.js';
import type { Caption } from './captions.js';
import type { Drawing } from './draw-lines.js';
import { drawBar, drawCompass, scaleBar } from './scale-and-compass.js';
import { type DotSizes, drawLegend, legendWidth } from './star-dots.js';

export interface Furniture {
  caption: Caption;
  /** Of a chart: which dot is of which magnitude. */
  dots?: DotSizes;
}

/** From one line of the caption to the next, and of a line below the title, in type sizes. */
const [LEADING, LINE] = [1.5, 0.92];
/** Space for so many lines below the title, that the compass has it. */
const LINES = 2;
/** Type of the scale bar, of that of the title. */
const BAR = 0.8;

/** What the parts of the furniture take, pixels. */
interface Layout {
  pad: number;
  /** Height of a row: of the caption, and of the tools. */
  row: number;
  /** Half the height of the compass. */
  radius: number;
  /** Space of the legend, the bar and the compass at the right. */
  tools: number;
  /** Caption and tools are in rows of their own, since the title has no space beside the tools. */
  stacked: boolean;
}

function layoutOf({ caption, dots }: Furniture, { view, size, large, lettering }: Drawing): Layout {
  const pad = size * 1.3;
  const row =
    2 * pad + lettering.capHeight(large, 'bold') + LEADING * size * Math.max(LINES, caption.lines.length);
  const radius = row / 2 - size * 0.7;
  const legend = dots ? legendWidth(dots, size) + 1.4 * pad : 0;
  const tools = legend + scaleBar(view).length + 1.4 * pad + 2 * radius + pad;
  const beside = view.width - tools - 2.5 * pad;
  return { pad, row, radius, tools, stacked: lettering.width(caption.title, large, 'bold') > beside };
}

/** Height of the band that `drawFurniture` fills, pixels. */
export function bandHeight(furniture: Furniture, drawing: Drawing): number {
  const { row, pad, stacked } = layoutOf(furniture, drawing);
  return Math.round(stacked ? 2 * row - pad : row);
}

/** Caption at the left or above, magnitudes, scale bar and compass at the right of a band, as SVG groups. */
export function drawFurniture(drawing: Drawing, band: Box, furniture: Furniture): string {
  const { view, size, large } = drawing;
  const { caption, dots } = furniture;
  const { pad, row, radius, tools, stacked } = layoutOf(furniture, drawing);
  const left = band.x + pad;
  const right = band.x + band.width - pad;
  const captionMiddle = band.y + row / 2;
  const middle = band.y + band.height - row / 2;
  const bar = scaleBar(view);
  const center: Point = [right - radius, middle];
  const barLeft = center[0] - radius - pad * 1.4 - bar.length;
  const legendLeft = right + pad - tools;
  const available = right - left - (stacked ? 0 : tools + pad * 0.5);
  return [
    `<g id="caption">${drawCaption(caption, left, captionMiddle, available, drawing)}</g>`,
    // Of a very narrow picture there is only space for the bar and the compass.
    ...(dots && legendLeft >= left
      ? [`<g id="magnitudes">${drawLegend(dots, [legendLeft, middle], drawing)}</g>`]
      : []),
    `<g id="scale">${drawBar(bar, [barLeft, middle + large * 0.36], { ...drawing, size: large * BAR })}</g>`,
    `<g id="compass">${drawCompass(center, radius, { ...drawing, size: size * 1.25 })}</g>`,
  ].join('\n');
}

function drawCaption(
  { title, lines }: Caption,
  x: number,
  middle: number,
  available: number,
  { size, large, palette: { ink, quietInk }, lettering }: Drawing,
): string {
  const fitted = (content: string, wanted: number, weight: 'regular' | 'bold') =>
    Math.min(wanted, (wanted * available) / Math.max(1, lettering.width(content, wanted, weight)));
  const capHeight = lettering.capHeight(large, 'bold');
  const leading = size * LEADING;
  const top = middle - (capHeight + leading * lines.length) / 2 + capHeight;
  return (
    lettering.write(title, x, top, { size: fitted(title, large, 'bold'), color: ink, weight: 'bold' }) +
    lines
      .map((line, i) =>
        lettering.write(line, x, top + leading * (i + 1), {
          size: fitted(line, size * LINE, 'regular'),
          color: quietInk,
        }),
      )
      .join('')
  );
}
