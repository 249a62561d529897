import { equatorialGrid } from '../wcs/grid.js';
import type { Box, SkyView } from '../wcs/view.js';
import type { Layer } from './drawing-options.js';
import { gridLabelBox, type PlacedLabel } from './labels.js';
import { baselineOf, type Lettering, LINE_HEIGHT } from './lettering.js';
import type { Palette } from './palette.js';
import { type DrawnConstellation, type GREAT_CIRCLES, greatCircle } from './sky-lines.js';
import { n, polyline } from './svg.js';

/** What all parts of a drawing need. */
export interface Drawing {
  view: SkyView;
  /** Type size of lesser names and of lines, pixels. */
  size: number;
  /** Type size of what is read in a small copy too: the subject, what stands out most, and the title. */
  large: number;
  palette: Palette;
  lettering: Lettering;
  layers: ReadonlySet<Layer>;
  /** Of a chart, on which stars are dots and have no other sign: the radius of one of a magnitude, pixels. */
  dotRadius?: (magnitude: number) => number;
}

/** The lines, and their labels at the edge where there is space; the labels' boxes are added to `taken`. */
export function drawGrid(drawing: Drawing, taken: Box[]): string {
  const { view, size, palette } = drawing;
  const lines = equatorialGrid(view);
  const d = lines.flatMap(({ pieces }) => pieces.map((piece) => polyline(piece))).join('');
  const labels = lines.map((line) => edgeLabel(line, line.label, palette.grid, drawing, taken));
  return `<g id="grid"><path d="${d}" fill="none" stroke="${palette.grid}" stroke-width="${n(size * 0.055)}" stroke-opacity="0.38"/>${labels.join('')}</g>`;
}

/** The name of a line where it meets an edge; its box is added to `taken`. */
function edgeLabel(
  line: Parameters<typeof gridLabelBox>[1],
  label: string,
  color: string,
  { view, size, lettering }: Drawing,
  taken: Box[],
): string {
  const style = { size: size * 0.74, color, opacity: 0.9 };
  const extent = { width: lettering.width(label, style.size), height: style.size * 1.1 };
  const box = gridLabelBox(view, line, extent, style.size * 0.5, taken);
  if (!box) return '';
  taken.push(box);
  return lettering.write(label, box.x, box.y + (box.height + lettering.capHeight(style.size)) / 2, style);
}

export function drawGreatCircle(layer: keyof typeof GREAT_CIRCLES, drawing: Drawing, taken: Box[]): string {
  const { view, size, palette } = drawing;
  const { name, pieces } = greatCircle(view, layer);
  if (pieces.length === 0) return '';
  const d = pieces.map((piece) => polyline(piece)).join('');
  const label = edgeLabel({ kind: 'dec', pieces }, name, palette.constellations, drawing, taken);
  return `<g id="${layer}"><path d="${d}" fill="none" stroke="${palette.constellations}" stroke-width="${n(size * 0.08)}" stroke-opacity="0.7" stroke-dasharray="${n(size * 0.8)} ${n(size * 0.4)}"/>${label}</g>`;
}

/** The figures of constellations, and their names as high as their boxes. */
export function drawConstellations(
  figures: readonly DrawnConstellation[],
  names: readonly (PlacedLabel | undefined)[],
  { size, palette, lettering }: Drawing,
): string {
  if (figures.length === 0) return '';
  const d = figures.flatMap(({ pieces }) => pieces.map((piece) => polyline(piece))).join('');
  const written = figures.map(({ name }, i) => {
    const box = names[i];
    if (!box) return '';
    const type = box.height / LINE_HEIGHT;
    const style = { size: type, color: palette.constellations, opacity: 0.95 };
    return lettering.write(name, box.x, box.y + baselineOf(lettering, type), style);
  });
  return `<g id="constellations"><path d="${d}" fill="none" stroke="${palette.constellations}" stroke-width="${n(size * 0.08)}" stroke-opacity="0.6"/>${written.join('')}</g>`;
}
