import type { Point } from '../wcs/display.js';
import type { Box } from '../wcs/view.js';
import type { Caption } from './captions.js';
import type { Drawing } from './draw-lines.js';
import { drawBar, drawCompass, scaleBar } from './scale-and-compass.js';
import { type DotSizes, drawLegend, legendWidth } from './star-dots.js';

/** Height of the band that `drawFurniture` fills, for a type size. */
export const bandHeight = (size: number) => Math.round(size * 6.4);

export interface Furniture {
  caption: Caption;
  /** Of a chart: which dot is of which magnitude. */
  dots?: DotSizes;
}

/** Caption at the left, magnitudes, scale bar and compass at the right of a band, as SVG groups. */
export function drawFurniture(drawing: Drawing, band: Box, { caption, dots }: Furniture): string {
  const { view, size } = drawing;
  const pad = size * 1.3;
  const radius = (band.height - 2 * size * 0.7) / 2;
  const middle = band.y + band.height / 2;
  const center: Point = [band.x + band.width - pad - radius, middle];
  const bar = scaleBar(view);
  const barLeft = center[0] - radius - pad * 1.4 - bar.length;
  const left = band.x + pad;
  const legendLeft = barLeft - pad * 1.4 - (dots ? legendWidth(dots, size) : 0);
  const hasLegend = dots !== undefined && legendLeft > left;
  const available = (hasLegend ? legendLeft : barLeft) - pad * 1.5 - left;
  return [
    // Of a very narrow picture there is only space for the bar and the compass.
    ...(available > 0
      ? [`<g id="caption">${drawCaption(caption, left, middle, available, drawing)}</g>`]
      : []),
    ...(hasLegend ? [`<g id="magnitudes">${drawLegend(dots, [legendLeft, middle], drawing)}</g>`] : []),
    `<g id="scale">${drawBar(bar, [barLeft, middle + size * 0.5], drawing)}</g>`,
    `<g id="compass">${drawCompass(center, radius, drawing)}</g>`,
  ].join('\n');
}

function drawCaption(
  { title, lines }: Caption,
  x: number,
  middle: number,
  available: number,
  { size, palette: { ink, quietInk }, lettering }: Drawing,
): string {
  const fitted = (content: string, wanted: number, weight: 'regular' | 'bold') =>
    Math.min(wanted, (wanted * available) / Math.max(1, lettering.width(content, wanted, weight)));
  const leading = size * 1.5;
  const height = lettering.capHeight(size * 1.5, 'bold') + leading * lines.length;
  const top = middle - height / 2 + lettering.capHeight(size * 1.5, 'bold');
  return (
    lettering.write(title, x, top, { size: fitted(title, size * 1.5, 'bold'), color: ink, weight: 'bold' }) +
    lines
      .map((line, i) =>
        lettering.write(line, x, top + leading * (i + 1), {
          size: fitted(line, size * 0.92, 'regular'),
          color: quietInk,
        }),
      )
      .join('')
  );
}
