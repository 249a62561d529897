import { formatDec, formatRa, ROUND_ANGLES, ROUND_TIMES } from './angles.js';
import type { Point } from './display.js';
import { normalizeRa, normalizeSigned, RAD } from './sphere.js';
import type { SkyView } from './view.js';

/** So many lines across the longer side, about. */
const LINES = 5;
/** Places looked at along both sides, to find what the picture spans. */
const SAMPLES = 24;
/** Points of a line. */
const STEPS = 96;

export interface GridLine {
  kind: 'ra' | 'dec';
  value_deg: number;
  label: string;
  /** Pieces that lie in the view or just outside. */
  pieces: Point[][];
}

interface Span {
  raMin: number;
  raMax: number;
  decMin: number;
  decMax: number;
  pole: boolean;
}

/** Meridians and parallels at round values through the visible part of an image, at the poles and across 0h too. */
export function equatorialGrid(view: SkyView): GridLine[] {
  const { visible } = view;
  if (visible.width === 0 || visible.height === 0) return [];
  const span = spanOf(view);
  const target = Math.max(visible.width, visible.height) / view.scale / LINES;
  const decStep = ROUND_ANGLES.find((step) => step >= target * 0.75) ?? 30;
  // Where the meridians stand about as far apart as they do over most of the picture.
  const decOfWidth = span.pole
    ? 90 - Math.max(90 - Math.abs(span.decMin), 90 - Math.abs(span.decMax)) / 2
    : view.center[1];
  const raTarget = target / Math.max(0.02, Math.cos(decOfWidth * RAD));
  const raStep = ROUND_TIMES.find((step) => step >= raTarget * 0.75) ?? 90;
  return [...meridians(view, span, raStep, decStep), ...parallels(view, span, decStep)];
}

function spanOf(view: SkyView): Span {
  const [ra0] = view.center;
  const { x, y, width, height } = view.visible;
  const span: Span = { raMin: 360, raMax: -360, decMin: 90, decMax: -90, pole: false };
  for (let i = 0; i <= SAMPLES; i++)
    for (let j = 0; j <= SAMPLES; j++) {
      const [ra, dec] = view.toSky(x + (width * i) / SAMPLES, y + (height * j) / SAMPLES);
      // Outside the circle of a fisheye lens there is no sky.
      if (Number.isNaN(ra)) continue;
      const offset = normalizeSigned(ra - ra0);
      span.raMin = Math.min(span.raMin, offset);
      span.raMax = Math.max(span.raMax, offset);
      span.decMin = Math.min(span.decMin, dec);
      span.decMax = Math.max(span.decMax, dec);
    }
  for (const dec of [-90, 90]) {
    const pole = view.fromSky(0, dec);
    const seen = pole && pole[0] >= x && pole[0] <= x + width && pole[1] >= y && pole[1] <= y + height;
    if (!seen) continue;
    span.pole = true;
    if (dec > 0) span.decMax = 90;
    else span.decMin = -90;
  }
  return span.pole || span.raMax - span.raMin > 300
    ? { ...span, raMin: ra0 - 180, raMax: ra0 + 180 }
    : { ...span, raMin: ra0 + span.raMin, raMax: ra0 + span.raMax };
}

function* steps(from: number, to: number, step: number): Generator<number> {
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9; i++) yield i * step;
}

function* meridians(view: SkyView, span: Span, raStep: number, decStep: number): Generator<GridLine> {
  const seen = new Set<string>();
  // Meridians end one parallel before the pole, where they would only pile up.
  const [from, to] = [Math.max(span.decMin, -90 + decStep), Math.min(span.decMax, 90 - decStep)];
  if (from >= to) return;
  for (const ra of steps(span.raMin, span.raMax, raStep)) {
    const label = formatRa(normalizeRa(ra), raStep);
    if (seen.has(label)) continue;
    seen.add(label);
    const pieces = tracePieces(view, (t) => [ra, from + (to - from) * t]);
    if (pieces.length > 0) yield { kind: 'ra', value_deg: normalizeRa(ra), label, pieces };
  }
}

function* parallels(view: SkyView, span: Span, step: number): Generator<GridLine> {
  for (const dec of steps(span.decMin, span.decMax, step)) {
    if (Math.abs(dec) > 90 - step / 2) continue;
    const pieces = tracePieces(view, (t) => [span.raMin + (span.raMax - span.raMin) * t, dec]);
    if (pieces.length > 0) yield { kind: 'dec', value_deg: dec, label: formatDec(dec, step), pieces };
  }
}

/** A curve on the sky, `at(0)` to `at(1)`, as the pieces of it that are seen. */
export function tracePieces(
  view: SkyView,
  at: (t: number) => [ra_deg: number, dec_deg: number],
  steps: number = STEPS,
): Point[][] {
  const pieces: Point[][] = [];
  let piece: Point[] = [];
  const end = () => {
    if (piece.length > 1 && piece.some((point) => view.contains(point))) pieces.push(piece);
    piece = [];
  };
  const margin = -0.25 * Math.max(view.width, view.height);
  for (let i = 0; i <= steps; i++) {
    const point = view.fromSky(...at(i / steps));
    const last = piece.at(-1);
    if (point && last && view.torn?.(last, point)) end();
    if (point && view.contains(point, margin)) piece.push(point);
    else end();
  }
  end();
  return pieces;
}

/** Where a line meets the edge of the visible part of the image: the point, and which edge. */
export interface Crossing {
  point: Point;
  edge: 'left' | 'right' | 'top' | 'bottom';
}

export function crossings({ visible }: SkyView, line: Pick<GridLine, 'pieces'>): Crossing[] {
  const found: Crossing[] = [];
  const [left, top] = [visible.x, visible.y];
  const [right, bottom] = [left + visible.width, top + visible.height];
  const onEdge = ([x, y]: Point) =>
    x >= left - 0.01 && x <= right + 0.01 && y >= top - 0.01 && y <= bottom + 0.01;
  for (const piece of line.pieces) {
    let before: Point | undefined;
    for (const after of piece) {
      if (before) {
        const [[x1, y1], [x2, y2]] = [before, after];
        const meet = (edge: Crossing['edge'], t: number) => {
          const point: Point = [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t];
          if (t >= 0 && t < 1 && onEdge(point)) found.push({ point, edge });
        };
        meet('left', (left - x1) / (x2 - x1));
        meet('right', (right - x1) / (x2 - x1));
        meet('top', (top - y1) / (y2 - y1));
        meet('bottom', (bottom - y1) / (y2 - y1));
      }
      before = after;
    }
  }
  return found;
}
