import { kindOf, MOVING_KINDS, type ObjectKind } from '../catalog/kinds.js';
import type { AstroObject } from '../job/astrometry.js';
import type { Point } from '../wcs/display.js';
import { DEG, destination } from '../wcs/sphere.js';
import { radiusInView, type SkyView } from '../wcs/view.js';
import type { Palette } from './palette.js';
import { solarSystemSymbol } from './planet-symbols.js';
import { n, polyline } from './svg.js';

/** An object as it is marked in the picture. */
export interface Marker {
  object: AstroObject;
  kind: ObjectKind;
  /** Middle of the object, in the picture or outside. */
  at: Point;
  /** Pixels of the picture; the true size, or that of a plain sign for what has none. */
  radius: number;
  /** Its true outline, where a circle on the sky is no longer one in the picture. */
  outline?: Point[];
  /** Drawn at its true size. */
  sized: boolean;
  /** Where the label goes: beside this circle. */
  anchor: { at: Point; radius: number };
}

/** A circle of more pixels than this is reckoned point by point. */
const PLAIN_CIRCLE = 80;
const OUTLINE_STEPS = 96;

/** Objects of less prominence than this are set smaller and fainter. */
const FAINT = 0.08;

/** Whether an object is one that hardly anybody looks for. */
export function isFaint({ prominence = 0, type }: AstroObject): boolean {
  const kind = kindOf(type);
  return prominence < FAINT && kind !== 'solar-system' && !MOVING_KINDS.has(kind);
}

/** The marker of an object, or nothing when no part of it would be seen. `sign` is the radius of a plain sign, in pixels. */
export function markerOf(object: AstroObject, view: SkyView, sign: number): Marker | undefined {
  if (object.ra_deg === undefined || object.dec_deg === undefined) return undefined;
  const at = view.fromSky(object.ra_deg, object.dec_deg);
  if (!at) return undefined;
  const kind = kindOf(object.type);
  const size = (object.size_arcmin ?? 0) / 120;
  const trueRadius = size > 0 ? (radiusInView(view, object.ra_deg, object.dec_deg, size) ?? 0) : 0;
  const sized = trueRadius > sign;
  const radius = sized ? trueRadius : sign;
  const outline = sized ? outlineOf(object, view, radius) : undefined;
  const anchor = anchorOf(view, at, radius, outline);
  return anchor && { object, kind, at, radius, ...(outline && { outline }), sized, anchor };
}

/** The ellipse of an object of known axes, or its circle where that is no circle in the picture. */
function outlineOf(object: AstroObject, view: SkyView, radius: number): Point[] | undefined {
  const { ra_deg, dec_deg, axes_arcmin, axis_pa_deg, size_arcmin = 0 } = object;
  if (ra_deg === undefined || dec_deg === undefined) return undefined;
  if (axes_arcmin === undefined || axis_pa_deg === undefined)
    return radius > PLAIN_CIRCLE ? view.circle(ra_deg, dec_deg, size_arcmin / 120, OUTLINE_STEPS) : undefined;
  const [a, b] = [axes_arcmin[0] / 120, axes_arcmin[1] / 120];
  const points: Point[] = [];
  for (let i = 0; i < OUTLINE_STEPS; i++) {
    const turn = (2 * Math.PI * i) / OUTLINE_STEPS;
    const [along, across] = [a * Math.cos(turn), b * Math.sin(turn)];
    const angle = axis_pa_deg + Math.atan2(across, along) * DEG;
    const point = view.fromSky(...destination(ra_deg, dec_deg, angle, Math.hypot(along, across)));
    if (!point) return undefined;
    points.push(point);
  }
  return points;
}

function anchorOf(
  view: SkyView,
  at: Point,
  radius: number,
  outline: Point[] | undefined,
): Marker['anchor'] | undefined {
  const rim =
    outline ??
    [0, 45, 90, 135, 180, 225, 270, 315].map(
      (a): Point => [
        at[0] + radius * Math.cos((a * Math.PI) / 180),
        at[1] + radius * Math.sin((a * Math.PI) / 180),
      ],
    );
  const { x: left, y: top, width, height } = view.visible;
  const inset = ([x, y]: Point) => Math.min(x - left, y - top, left + width - x, top + height - y);
  const visible = rim.filter((point) => view.contains(point));
  // An object larger than the picture has no rim to draw, and its name stands where its middle is.
  if (visible.length === 0) {
    const covered = radius > Math.hypot(at[0] - left - width / 2, at[1] - top - height / 2);
    if (view.contains(at)) return { at, radius: radius < Math.hypot(width, height) ? radius : 0 };
    return covered ? { at: nearestIn(view, at), radius: 0 } : undefined;
  }
  if (view.contains(at)) return { at, radius };
  const deepest = visible.reduce((best, point) => (inset(point) > inset(best) ? point : best));
  return { at: deepest, radius: 0 };
}

function nearestIn({ visible }: SkyView, [x, y]: Point): Point {
  return [
    Math.max(visible.x, Math.min(visible.x + visible.width, x)),
    Math.max(visible.y, Math.min(visible.y + visible.height, y)),
  ];
}

/** Lengths of a dash and of the space after it, in widths of the line. */
const DASHES: Partial<Record<ObjectKind, readonly [number, number]>> = {
  cluster: [4, 3],
  'dark-nebula': [1.5, 4],
};

/** The marker as SVG: a circle or ellipse, fainter the more of the picture it spans; dashed for clusters, dotted for what is dark. */
export function drawMarker(marker: Marker, view: SkyView, stroke: number, palette: Palette): string {
  const { at, radius, outline, kind, object } = marker;
  const share = (2 * radius) / Math.min(view.width, view.height);
  const opacity = (share > 0.6 ? 0.4 : share > 0.25 ? 0.6 : 0.85) * (isFaint(object) ? 0.6 : 1);
  const { halo } = palette;
  const color = palette.kinds[kind];
  const symbol = kind === 'solar-system' && !marker.sized ? solarSystemSymbol(object.name) : undefined;
  if (symbol) {
    const placed = `transform="translate(${n(at[0])} ${n(at[1])}) scale(${n(radius)})" d="${symbol}" fill="none" stroke-linecap="round"`;
    const line = (ink: string, width: number, alpha: number) =>
      `<path ${placed} stroke="${ink}" stroke-width="${n((stroke * width) / radius)}" stroke-opacity="${alpha}"/>`;
    return line(halo.color, 3.4, halo.opacity) + line(color, 1.4, 1);
  }
  const shape = outline
    ? `<path d="${polyline(outline, true)}"`
    : `<circle cx="${n(at[0])}" cy="${n(at[1])}" r="${n(radius)}"`;
  const dashes = DASHES[kind];
  const dash = dashes ? ` stroke-dasharray="${dashes.map((part) => n(stroke * part)).join(' ')}"` : '';
  const line = (ink: string, width: number, alpha: number) =>
    `${shape} fill="none" stroke="${ink}" stroke-width="${n(width)}" stroke-opacity="${Number(alpha.toFixed(2))}"${dash}/>`;
  return line(halo.color, stroke * 2.6, opacity * 0.5) + line(color, stroke, opacity);
}
