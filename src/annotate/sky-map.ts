import { builtinCatalog } from '../catalog/builtin.js';
import { constellationFigures } from '../catalog/figures.js';
import { type AllSkyView, allSkyView } from '../wcs/all-sky.js';
import { formatDec, formatRa } from '../wcs/angles.js';
import type { Point } from '../wcs/display.js';
import { tracePieces } from '../wcs/grid.js';
import { destination, positionAngle, separation } from '../wcs/sphere.js';
import type { Box } from '../wcs/view.js';
import { constellationSize, drawConstellations, drawGreatCircle } from './draw-lines.js';
import { placeLabels } from './labels.js';
import { OUTLINES } from './outlines.js';
import { PALETTES, type PaletteName } from './palette.js';
import { constellationsIn } from './sky-lines.js';
import { escapeXml, n, polyline } from './svg.js';

/** A picture of the sky, as the map marks it. Degrees, J2000. */
export interface MarkedField {
  /** Its name in the drawing: `data-job`. */
  job_id: string;
  /** What a pointer over it tells. */
  title: string;
  ra_center: number;
  dec_center: number;
  /** RA and Dec, in their order around it. */
  corners?: readonly (readonly [number, number])[];
}

export interface SkyMapOptions {
  /** Pixels. @default 1600 */
  width?: number;
  /** @default 'standard' */
  palette?: PaletteName;
}

/** Degrees between the lines of the grid. */
const GRID_DEG = 30;
/** The faintest star that is drawn, and the radius of its dot and of one of magnitude 0, of the type size. */
const FAINTEST = 4.6;
const DOTS = { least: 0.045, most: 0.26 };
/** A field of fewer pixels than this is a dot, of the type size. */
const SMALL = 0.55;
/** Degrees after which an edge of a field bends on the map. */
const EDGE_STEP = 2;

/**
 * The whole sky with its constellations, and where pictures look: an SVG of paths, without fonts. Each picture is a link (`class="field"`,
 * `data-job`) to its place in the page, relative to the address of the map.
 */
export function skyMapSvg(fields: readonly MarkedField[], options: SkyMapOptions = {}): string {
  const width = Math.round(options.width ?? 1600);
  const size = Math.max(8, width * 0.0105);
  const view = allSkyView(width, size * 2.6);
  const palette = PALETTES[options.palette ?? 'standard'];
  const { cx, cy, rx, ry } = view.ellipse;
  const ellipse = `cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}"`;
  const figures = constellationsIn(view, constellationFigures(), { subject: undefined, wide: true });
  const drawing = { view, size, palette, lettering: OUTLINES, layers: new Set<never>() };
  const names = placeLabels(
    figures.map(({ name, middle }) => ({
      at: middle,
      radius: 0,
      width: OUTLINES.width(name, constellationSize(size * 0.8)),
      height: constellationSize(size * 0.8),
      gap: 0,
    })),
    { bounds: { x: cx - rx, y: cy - ry, width: 2 * rx, height: 2 * ry }, taken: [], avoid: [] },
  ).map((box) => (box && cornersOf(box).every((corner) => view.contains(corner)) ? box : undefined));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${n(view.height)}" viewBox="0 0 ${width} ${n(view.height)}">`,
    `<ellipse ${ellipse} fill="${palette.strip}"/>`,
    drawGraticule(view, size, palette.grid),
    drawGreatCircle('galactic', drawing, []),
    drawStars(view, size, palette.ink),
    drawConstellations(figures, names, { ...drawing, size: size * 0.8 }),
    `<ellipse ${ellipse} fill="none" stroke="${palette.grid}" stroke-opacity="0.6" stroke-width="${n(size * 0.08)}"/>`,
    `<g id="fields" fill="${palette.kinds.cluster}" stroke="${palette.kinds.cluster}">`,
    ...fields
      .map((field) => drawField(field, view, size))
      .toSorted((a, b) => b.reach - a.reach)
      .map(({ svg }) => svg),
    '</g></svg>',
  ].join('\n');
}

const cornersOf = ({ x, y, width, height }: Box): Point[] => [
  [x, y],
  [x + width, y],
  [x, y + height],
  [x + width, y + height],
];

function drawGraticule(view: AllSkyView, size: number, color: string): string {
  const [ra0] = view.center;
  const lines: Point[][] = [];
  const labels: string[] = [];
  const style = { size: size * 0.8, color, opacity: 0.9 };
  for (let dec = GRID_DEG - 90; dec < 90; dec += GRID_DEG) {
    lines.push(...tracePieces(view, (t) => [ra0 + 180 - 360 * t * (1 - 1e-9), dec]));
    const [x, y] = view.fromSky(ra0 + 180, dec) ?? [0, 0];
    labels.push(
      OUTLINES.write(formatDec(dec, 1), x - size * 0.4, y + size * 0.3, { ...style, anchor: 'end' }),
    );
  }
  for (let ra = 0; ra < 360; ra += GRID_DEG) {
    lines.push(...tracePieces(view, (t) => [ra, -90 + 180 * t]));
    const at = view.fromSky(ra, 0);
    if (at && ra !== ra0 + 180)
      labels.push(OUTLINES.write(formatRa(ra, 15), at[0] + size * 0.25, at[1] - size * 0.25, style));
  }
  const d = lines.map((line) => polyline(line)).join('');
  return `<g id="grid"><path d="${d}" fill="none" stroke="${color}" stroke-width="${n(size * 0.05)}" stroke-opacity="0.3"/>${labels.join('')}</g>`;
}

/** Dots by magnitude, of the stars that the eye sees in a town. */
function drawStars(view: AllSkyView, size: number, color: string): string {
  const dots: string[] = [];
  for (const table of builtinCatalog())
    for (let i = 0; i < table.length; i++) {
      const magnitude = table.magnitude[i] ?? Number.NaN;
      if (table.kind[i] !== 0 || !(magnitude <= FAINTEST)) continue;
      const { ra_deg, dec_deg } = table.row(i);
      const [x, y] = view.fromSky(ra_deg, dec_deg) ?? [0, 0];
      const share = Math.min(1, (FAINTEST - magnitude) / FAINTEST);
      dots.push(
        `<circle cx="${n(x)}" cy="${n(y)}" r="${n(size * (DOTS.least + (DOTS.most - DOTS.least) * share ** 1.5))}"/>`,
      );
    }
  return `<g id="stars" fill="${color}" fill-opacity="0.85">${dots.join('')}</g>`;
}

/** Large ones are to be laid down first: what lies upon them can still be reached. */
function drawField(field: MarkedField, view: AllSkyView, size: number): { svg: string; reach: number } {
  const { job_id, title, ra_center, dec_center, corners = [] } = field;
  const [x, y] = view.fromSky(ra_center, dec_center) ?? [0, 0];
  const outline = corners.length >= 3 ? outlineOf(corners, view) : [];
  const reach = Math.max(0, ...outline.flat().map(([a, b]) => Math.hypot(a - x, b - y)));
  const dot = `<circle cx="${n(x)}" cy="${n(y)}" r="${n(size * 0.3)}" stroke="none"/>`;
  // What the edge of the sky cuts is an open line.
  const closed = outline.length === 1;
  const shape =
    reach < size * SMALL
      ? dot
      : `<path d="${outline.map((piece) => polyline(piece, closed)).join('')}" fill-opacity="${closed ? 0.1 : 0}" stroke-width="${n(size * 0.12)}"/>`;
  const svg = `<a class="field" data-job="${job_id}" href="../../#${job_id}"><title>${escapeXml(title)}</title>${shape}</a>`;
  return { svg, reach };
}

/** The great circles between the corners, cut where the edge of the sky cuts them. */
function outlineOf(corners: readonly (readonly [number, number])[], view: AllSkyView): Point[][] {
  const points = corners.flatMap((from, i) => {
    const to = corners[(i + 1) % corners.length] ?? from;
    const [angle, length] = [positionAngle(...from, ...to), separation(...from, ...to)];
    const steps = Math.max(1, Math.ceil(length / EDGE_STEP));
    return Array.from({ length: steps }, (_, step) => destination(...from, angle, (length * step) / steps));
  });
  const ring = [...points, ...points.slice(0, 1)];
  return tracePieces(view, (t) => ring[Math.round(t * (ring.length - 1))] ?? [0, 0], ring.length - 1);
}
