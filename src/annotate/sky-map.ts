import { builtinCatalog } from '../catalog/builtin.js';
import { constellationFigures } from '../catalog/figures.js';
import { kindIndex } from '../catalog/table.js';
import { type AllSkyView, allSkyView } from '../wcs/all-sky.js';
import { formatDec, formatRa } from '../wcs/angles.js';
import type { Point } from '../wcs/display.js';
import { tracePieces } from '../wcs/grid.js';
import { drawChart, type MarkedField } from './chart.js';
import type { Drawing } from './draw-lines.js';
import { outlines } from './outlines.js';
import { type PaletteName, paletteOf } from './palette.js';
import { constellationsIn } from './sky-lines.js';
import type { ChartStar } from './star-dots.js';
import { n, polyline } from './svg.js';

export interface SkyMapOptions {
  /** Pixels. @default 1600 */
  width?: number;
  /** @default 'standard' */
  palette?: PaletteName;
}

/** Degrees between the lines of the grid. */
const GRID_DEG = 30;
/** The stars that the eye sees in a town; the radius of a dot of magnitude 0, of the type size. */
const FAINTEST = 4.6;
const LARGEST_DOT = 0.26;

/** The whole sky with its constellations, and where pictures look: an SVG of paths, without fonts. */
export function skyMapSvg(fields: readonly MarkedField[], options: SkyMapOptions = {}): string {
  const width = Math.round(options.width ?? 1600);
  const size = Math.max(8, width * 0.0105);
  const view = allSkyView(width, size * 2.6);
  const palette = paletteOf(options.palette);
  const { cx, cy, rx, ry } = view.ellipse;
  const ellipse = `cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}"`;
  const drawing: Drawing = {
    view,
    size,
    large: size,
    palette,
    lettering: outlines(palette.halo),
    layers: new Set(['galactic']),
  };
  const groups = drawChart(
    {
      objects: [],
      subject: undefined,
      figures: constellationsIn(view, constellationFigures(), { subject: undefined, wide: true }),
      covered: [],
      stars: brightStars(),
      dots: { faintest: FAINTEST, span: FAINTEST, largest: size * LARGEST_DOT },
      fields,
    },
    drawing,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${n(view.height)}" viewBox="0 0 ${width} ${n(view.height)}">`,
    `<ellipse ${ellipse} fill="${palette.strip}"/>`,
    drawGraticule(view, drawing),
    ...groups,
    `<ellipse ${ellipse} fill="none" stroke="${palette.grid}" stroke-opacity="0.6" stroke-width="${n(size * 0.08)}"/>`,
    '</svg>',
  ].join('\n');
}

function drawGraticule(view: AllSkyView, { size, lettering, palette: { grid: color } }: Drawing): string {
  const [ra0] = view.center;
  const lines: Point[][] = [];
  const labels: string[] = [];
  const style = { size: size * 0.8, color, opacity: 0.9 };
  for (let dec = GRID_DEG - 90; dec < 90; dec += GRID_DEG) {
    lines.push(...tracePieces(view, (t) => [ra0 + 180 - 360 * t * (1 - 1e-9), dec]));
    const [x, y] = view.fromSky(ra0 + 180, dec) ?? [0, 0];
    labels.push(
      lettering.write(formatDec(dec, 1), x - size * 0.4, y + size * 0.3, { ...style, anchor: 'end' }),
    );
  }
  for (let ra = 0; ra < 360; ra += GRID_DEG) {
    lines.push(...tracePieces(view, (t) => [ra, -90 + 180 * t]));
    const at = view.fromSky(ra, 0);
    if (at && ra !== ra0 + 180)
      labels.push(lettering.write(formatRa(ra, 15), at[0] + size * 0.25, at[1] - size * 0.25, style));
  }
  const d = lines.map((line) => polyline(line)).join('');
  return `<g id="grid"><path d="${d}" fill="none" stroke="${color}" stroke-width="${n(size * 0.05)}" stroke-opacity="0.3"/>${labels.join('')}</g>`;
}

function brightStars(): ChartStar[] {
  const star = kindIndex('star');
  return builtinCatalog().flatMap((table) => {
    const found: ChartStar[] = [];
    for (let i = 0; i < table.length; i++) {
      const magnitude = table.magnitude[i] ?? Number.NaN;
      if (table.kind[i] === star && magnitude <= FAINTEST) found.push({ ...table.row(i), magnitude });
    }
    return found;
  });
}
