import type { Point } from '../wcs/display.js';
import { tracePieces } from '../wcs/grid.js';
import { destination, positionAngle, separation } from '../wcs/sphere.js';
import type { SkyView } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import { drawSky, type Scene } from './sky-drawing.js';
import { type ChartStar, type DotSizes, dotRadius, drawStars } from './star-dots.js';
import { escapeXml, n, polyline } from './svg.js';

/** A picture of the sky, as a chart marks it. Degrees, J2000. */
export interface MarkedField {
  ra_center: number;
  dec_center: number;
  /** RA and Dec, in their order around it; great circles run between them. */
  corners?: readonly (readonly [number, number])[];
  /** Of what has no corners: a circle around the centre. */
  radius_deg?: number;
  /** What a pointer over it tells. */
  title: string;
  /** Its job and where that is shown, on a map that leads there. */
  link?: { job_id: string; href: string };
}

/** What a chart shows. */
export interface ChartScene extends Scene {
  stars: readonly ChartStar[];
  dots: DotSizes;
  fields: readonly MarkedField[];
}

/** A field of fewer pixels than this is a dot, of the type size. */
const SMALL = 0.55;
/** Degrees after which an edge of a field bends. */
const EDGE_STEP = 2;
/** Points of the circle around a field without corners. */
const CIRCLE_STEPS = 72;

/**
 * Draws a chart of the sky, on its own ground: lines, stars as dots of their brightness, outlines of pictures, and
 * objects with their names. SVG groups, lowest first.
 */
export function drawChart(scene: ChartScene, drawing: Omit<Drawing, 'dotRadius'>): string[] {
  const { view, palette } = drawing;
  const sky = drawSky(scene, { ...drawing, dotRadius: (magnitude) => dotRadius(magnitude, scene.dots) });
  const fields = scene.fields
    .map((field) => drawField(field, drawing))
    // Large ones are laid down first: what lies upon them can still be reached.
    .toSorted((a, b) => b.reach - a.reach);
  return [
    ...sky.lines,
    drawStars(view, scene.stars, scene.dots, drawing),
    `<g id="fields" fill="${palette.frame}" stroke="${palette.frame}">${fields.map(({ svg }) => svg).join('')}</g>`,
    ...sky.marks,
  ];
}

function drawField(
  field: MarkedField,
  { view, size, large }: Pick<Drawing, 'view' | 'size' | 'large'>,
): { svg: string; reach: number } {
  const { ra_center, dec_center, title, link } = field;
  const [x, y] = view.fromSky(ra_center, dec_center) ?? [0, 0];
  const outline = outlineOf(field, view);
  const reach = Math.max(0, ...outline.flat().map(([a, b]) => Math.hypot(a - x, b - y)));
  // What the edge of the sky cuts is an open line.
  const closed = outline.length === 1;
  const shape =
    reach < size * SMALL
      ? `<circle cx="${n(x)}" cy="${n(y)}" r="${n(size * 0.3)}" stroke="none"/>`
      : `<path d="${outline.map((piece) => polyline(piece, closed)).join('')}" fill-opacity="${closed ? 0.1 : 0}" stroke-width="${n(Math.max(size * 0.12, large * 0.06))}"/>`;
  const told = `<title>${escapeXml(title)}</title>${shape}`;
  const svg = link
    ? `<a class="field" data-job="${escapeXml(link.job_id)}" href="${escapeXml(link.href)}">${told}</a>`
    : `<g class="field">${told}</g>`;
  return { svg, reach };
}

/** The great circles between the corners, or the circle around the centre, cut where the edge of the sky cuts them. */
function outlineOf(
  { ra_center, dec_center, corners = [], radius_deg }: MarkedField,
  view: SkyView,
): Point[][] {
  const points =
    corners.length >= 3
      ? alongEdges(corners)
      : Array.from({ length: radius_deg === undefined ? 0 : CIRCLE_STEPS }, (_, i) =>
          destination(ra_center, dec_center, (360 * i) / CIRCLE_STEPS, radius_deg ?? 0),
        );
  const ring = [...points, ...points.slice(0, 1)];
  if (ring.length === 0) return [];
  return tracePieces(view, (t) => ring[Math.round(t * (ring.length - 1))] ?? [0, 0], ring.length - 1);
}

function alongEdges(corners: readonly (readonly [number, number])[]): [ra_deg: number, dec_deg: number][] {
  return corners.flatMap((from, i) => {
    const to = corners[(i + 1) % corners.length] ?? from;
    const [angle, length] = [positionAngle(...from, ...to), separation(...from, ...to)];
    const steps = Math.max(1, Math.ceil(length / EDGE_STEP));
    return Array.from({ length: steps }, (_, step) => destination(...from, angle, (length * step) / steps));
  });
}
