import { kindOf, type ObjectKind } from '../catalog/kinds.js';
import type { AstroObject } from '../job/result.js';
import type { Point } from '../wcs/display.js';
import { radiusInView, type SkyView } from '../wcs/view.js';
import { HALO, KIND_COLORS } from './palette.js';
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

/** Catalogues of clouds and clusters that are not looked for by number: set smaller and fainter. */
const SURVEYS = new Set([
  'LBN',
  'LDN',
  'RCW',
  'Ced',
  'vdBH',
  'Cr',
  'SNR',
  'PK',
  'PN',
  'PGC',
  'UGC',
  'ESO',
  'ACO',
  'VV',
]);

const isDesignation = (name: string) => /\d/.test(name) || /^\S{1,3} [A-Z][A-Za-z]{2}$/.test(name);

/** How an object is known: by a name of its own, a number in common use, or one that only a survey gave it. */
export type Voice = 'named' | 'numbered' | 'survey';

export function voiceOf(object: AstroObject): Voice {
  if (object.catalog === 'M' || kindOf(object.type) === 'other' || !isDesignation(object.name))
    return 'named';
  if (kindOf(object.type) === 'star') return /^(HD|HIP) /.test(object.name) ? 'survey' : 'numbered';
  return SURVEYS.has(object.catalog ?? '') ? 'survey' : 'numbered';
}

/** Smaller is more important: about the magnitude, with a bonus for what has a name of its own. */
export function importance(object: AstroObject): number {
  const kind = kindOf(object.type);
  if (kind === 'solar-system') return -30 + (object.magnitude ?? 0) / 10;
  const shown = object.magnitude ?? 13 - 3 * Math.log10(1 + (object.size_arcmin ?? 0));
  return shown + VOICE[voiceOf(object)] + (kind === 'star' ? 3 : 0);
}

const VOICE = { named: -6, numbered: 0, survey: 4 } as const;

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
  const outline =
    sized && radius > PLAIN_CIRCLE
      ? view.circle(object.ra_deg, object.dec_deg, size, OUTLINE_STEPS)
      : undefined;
  const anchor = anchorOf(view, at, radius, outline);
  return anchor && { object, kind, at, radius, ...(outline && { outline }), sized, anchor };
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
  const inset = ([x, y]: Point) => Math.min(x, y, view.width - x, view.height - y);
  const visible = rim.filter((point) => view.contains(point));
  // An object larger than the picture has no rim to draw.
  if (visible.length === 0)
    return view.contains(at) && radius < Math.hypot(view.width, view.height) / 4 ? { at, radius } : undefined;
  if (view.contains(at)) return { at, radius };
  const deepest = visible.reduce((best, point) => (inset(point) > inset(best) ? point : best));
  return { at: deepest, radius: 0 };
}

/** The marker as SVG: a circle, fainter the more of the picture it spans, dashed for what is dark. */
export function drawMarker(marker: Marker, view: SkyView, stroke: number): string {
  const { at, radius, outline, kind } = marker;
  const share = (2 * radius) / Math.min(view.width, view.height);
  const opacity =
    (share > 0.6 ? 0.4 : share > 0.25 ? 0.6 : 0.85) * (voiceOf(marker.object) === 'survey' ? 0.6 : 1);
  const shape = outline
    ? `<path d="${polyline(outline, true)}"`
    : `<circle cx="${n(at[0])}" cy="${n(at[1])}" r="${n(radius)}"`;
  const dash = kind === 'dark-nebula' ? ` stroke-dasharray="${n(stroke * 5)} ${n(stroke * 4)}"` : '';
  const line = (color: string, width: number, alpha: number) =>
    `${shape} fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-opacity="${Number(alpha.toFixed(2))}"${dash}/>`;
  return line(HALO.color, stroke * 2.6, opacity * 0.5) + line(KIND_COLORS[kind], stroke, opacity);
}
