import type { Point } from '../wcs/display.js';
import type { SkyView } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import { n } from './svg.js';

/** A star as a chart shows it: a dot of its brightness. */
export interface ChartStar {
  /** Degrees, J2000. */
  ra_deg: number;
  dec_deg: number;
  magnitude: number;
}

/** How large the dots of a chart are. */
export interface DotSizes {
  /** Magnitude of the smallest dots. */
  faintest: number;
  /** Magnitudes from there to the largest. */
  span: number;
  /** Radius of those, pixels. */
  largest: number;
}

/** Of the smallest dots: their radius in parts of the largest. */
const LEAST = 0.16;

/** Radius of a star's dot, pixels. */
export function dotRadius(magnitude: number, { faintest, span, largest }: DotSizes): number {
  const share = Math.max(0, Math.min(1, (faintest - magnitude) / span));
  return largest * (LEAST + (1 - LEAST) * share ** 1.5);
}

type Colours = Pick<Drawing, 'palette'>;

/** The brightest first, each with a rim of the ground, so that one beside another is seen. */
export function drawStars(
  view: SkyView,
  stars: readonly ChartStar[],
  sizes: DotSizes,
  { palette: { ink, strip } }: Colours,
): string {
  const dots = stars.flatMap(({ ra_deg, dec_deg, magnitude }) => {
    const point = view.fromSky(ra_deg, dec_deg);
    if (!point || !view.contains(point)) return [];
    return `<circle cx="${n(point[0])}" cy="${n(point[1])}" r="${n(dotRadius(magnitude, sizes))}"/>`;
  });
  return `<g id="stars" fill="${ink}" stroke="${strip}" stroke-width="${n(sizes.largest * 0.12)}" paint-order="stroke">${dots.join('')}</g>`;
}

/** Most dots of a legend. */
const LEGEND_DOTS = 8;

/** Whole magnitudes from the smallest dots up, the brightest first. */
export function legendMagnitudes({ faintest, span }: DotSizes): number[] {
  const step = Math.ceil((span + 1) / LEGEND_DOTS);
  const last = Math.floor(faintest);
  return Array.from({ length: LEGEND_DOTS }, (_, i) => last - step * i)
    .filter((magnitude) => magnitude >= faintest - span - 1)
    .toReversed();
}

/** Width of the legend, for a type size. */
export const legendWidth = (sizes: DotSizes, size: number) => legendMagnitudes(sizes).length * size * 1.7;

/** Which dot is of which magnitude; `at` is the middle of its left end. */
export function drawLegend(
  sizes: DotSizes,
  [left, middle]: Point,
  { size, palette: { ink, quietInk }, lettering }: Omit<Drawing, 'layers' | 'view'>,
): string {
  const magnitudes = legendMagnitudes(sizes);
  const place = (i: number) => left + (i + 0.5) * size * 1.7;
  const dots = magnitudes.map(
    (magnitude, i) =>
      `<circle cx="${n(place(i))}" cy="${n(middle - size * 0.2)}" r="${n(dotRadius(magnitude, sizes))}" fill="${ink}"/>` +
      lettering.write(String(magnitude).replace('-', '−'), place(i), middle + size * 1.3, {
        size: size * 0.92,
        color: ink,
        anchor: 'middle',
      }),
  );
  const title = lettering.write('magnitude', left + legendWidth(sizes, size) / 2, middle - size * 1.2, {
    size: size * 0.8,
    color: quietInk,
    anchor: 'middle',
  });
  return dots.join('') + title;
}
