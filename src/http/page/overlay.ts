import type { AstroObject } from '../../client/index.js';
import { formatAngle } from './format.js';
import type { Point } from './frame.js';
import { type GridLine, gridLines } from './grid.js';
import { colourOf, type Layer, layerOf } from './layers.js';
import { type Size, toPicture, toScreen, type View } from './projection.js';
import type { Sky } from './sky.js';

export interface Marked {
  object: AstroObject;
  /** In the picture. */
  at: Point;
  /** Pixels of the original. */
  radius: number;
}

export interface Scene {
  sky: Sky;
  objects: readonly Marked[];
  layers: ReadonlySet<Layer>;
  /** Hovered or chosen: drawn above all others. */
  highlighted?: AstroObject;
  labels: boolean;
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const MIN_RADIUS = 6;

/** Draws all that lies over the picture, in CSS pixels of the screen. */
export function drawOverlay(context: CanvasRenderingContext2D, scene: Scene, view: View, screen: Size): void {
  context.clearRect(0, 0, screen.width, screen.height);
  context.font = FONT;
  context.lineJoin = 'round';
  if (scene.layers.has('grid')) drawGrid(context, gridLines(scene.sky, view, screen), screen);
  const taken: Box[] = [];
  const seen = scene.objects
    .filter(({ object }) => scene.layers.has(layerOf(object)) || object === scene.highlighted)
    .map((marked) => ({
      ...marked,
      screen: toScreen(view, marked.at),
      ring: Math.max(MIN_RADIUS, marked.radius * view.scale),
    }))
    .filter(
      ({ screen: [x, y], ring }) =>
        x > -ring && y > -ring && x < screen.width + ring && y < screen.height + ring,
    )
    .sort(
      (one, other) => Number(other.object === scene.highlighted) - Number(one.object === scene.highlighted),
    );
  for (const { object, screen: at, ring } of [...seen].reverse()) {
    drawRing(context, at, ring, colourOf(layerOf(object)), object === scene.highlighted);
  }
  for (const { object, screen: at, ring } of seen) {
    const chosen = object === scene.highlighted;
    if (scene.labels || chosen)
      drawLabel(context, object.name, at, ring, colourOf(layerOf(object)), taken, screen, chosen);
  }
  drawScale(context, scene.sky, view, screen);
}

function drawRing(
  context: CanvasRenderingContext2D,
  [x, y]: Point,
  radius: number,
  colour: string,
  chosen: boolean,
) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth = chosen ? 5 : 3;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = chosen ? 2.5 : 1.2;
  context.stroke();
  if (!chosen) return;
  context.beginPath();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const) {
    context.moveTo(x + dx * (radius + 4), y + dy * (radius + 4));
    context.lineTo(x + dx * (radius + 14), y + dy * (radius + 14));
  }
  context.stroke();
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const overlaps = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Beside the ring where there is room for it; nearer objects come first and have it. */
function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  [x, y]: Point,
  ring: number,
  colour: string,
  taken: Box[],
  screen: Size,
  always: boolean,
) {
  const [width, height] = [context.measureText(text).width, 15];
  const reach = Math.min(ring, Math.max(screen.width, screen.height)) * Math.SQRT1_2 + 4;
  const places: Point[] = [
    [x + reach, y - reach - height / 2],
    [x + reach, y + reach - height / 2],
    [x - reach - width, y - reach - height / 2],
    [x - reach - width, y + reach - height / 2],
    [x - width / 2, y - ring - height - 3],
    [x - width / 2, y + ring + 4],
    [x - width / 2, y - height / 2],
  ];
  for (const [left, top] of places) {
    const box = { left: left - 2, top, right: left + width + 2, bottom: top + height };
    const inside = box.left > 0 && box.top > 0 && box.right < screen.width && box.bottom < screen.height;
    if (!inside || (!always && taken.some((other) => overlaps(box, other)))) continue;
    taken.push(box);
    drawText(context, text, left, top + 11.5, colour);
    return;
  }
}

function drawText(context: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string) {
  context.strokeStyle = 'rgb(0 0 0 / 70%)';
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function drawGrid(context: CanvasRenderingContext2D, lines: readonly GridLine[], screen: Size) {
  const colour = colourOf('grid');
  for (const { points, label, axis } of lines) {
    context.globalAlpha = 0.42;
    context.beginPath();
    points.forEach(([x, y], index) => {
      const before = points[index - 1];
      // A line that leaves behind the tangent plane comes back from the other side.
      const torn =
        !before || Math.hypot(x - before[0], y - before[1]) > 2 * Math.max(screen.width, screen.height);
      if (torn) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke();
    context.globalAlpha = 0.9;
    const at = crossing(points, axis, screen);
    if (at) drawText(context, label, at[0], at[1], colour);
  }
  context.globalAlpha = 1;
}

/** Where a line comes in: RA at the top, Dec at the left. */
function crossing(points: readonly Point[], axis: GridLine['axis'], screen: Size): Point | undefined {
  for (let index = 1; index < points.length; index++) {
    const [[x0, y0], [x1, y1]] = [points[index - 1]!, points[index]!];
    if (axis === 'ra' && y0 * y1 <= 0 && y0 !== y1) {
      const x = x0 + ((x1 - x0) * y0) / (y0 - y1);
      if (x > 8 && x < screen.width - 60) return [x + 4, 13];
    }
    if (axis === 'dec' && x0 * x1 <= 0 && x0 !== x1) {
      const y = y0 + ((y1 - y0) * x0) / (x0 - x1);
      if (y > 24 && y < screen.height - 40) return [5, y - 4];
    }
  }
  return undefined;
}

const BARS_DEG = [
  60,
  30,
  20,
  10,
  5,
  2,
  1,
  0.5,
  1 / 3,
  1 / 6,
  1 / 12,
  1 / 30,
  1 / 60,
  1 / 120,
  1 / 360,
  1 / 720,
  1 / 1800,
  1 / 3600,
];

/** A bar of a round length, and where north and east are, in the lower right corner. */
function drawScale(context: CanvasRenderingContext2D, sky: Sky, view: View, screen: Size) {
  const middle = toPicture(view, [screen.width / 2, screen.height / 2]);
  const centre = sky.at(middle);
  if (!centre) return;
  const step = 1e-3;
  const [ra, dec] = centre;
  const north = sky.place(ra, Math.min(89.999, dec + step));
  const east = sky.place(ra + step / Math.max(0.01, Math.cos((dec * Math.PI) / 180)), dec);
  if (!north || !east) return;
  const pixelsPerDegree = (Math.hypot(east[0] - middle[0], east[1] - middle[1]) / step) * view.scale;
  const length = BARS_DEG.find((bar) => bar * pixelsPerDegree <= Math.min(140, screen.width / 4));
  const [right, bottom] = [screen.width - 14, screen.height - 16];
  const colour = '#e8eef7';
  if (length !== undefined) {
    const wide = length * pixelsPerDegree;
    context.lineWidth = 4;
    context.strokeStyle = 'rgb(0 0 0 / 60%)';
    line(context, [right - wide, bottom], [right, bottom]);
    context.lineWidth = 1.5;
    context.strokeStyle = colour;
    line(context, [right - wide, bottom], [right, bottom]);
    const label = formatAngle(length);
    drawText(context, label, right - wide / 2 - context.measureText(label).width / 2, bottom - 6, colour);
  }
  const origin: Point = [right - 26, bottom - 52];
  for (const [name, to, size] of [
    ['N', north, 24],
    ['E', east, 18],
  ] as const) {
    const away = Math.hypot(to[0] - middle[0], to[1] - middle[1]);
    const direction: Point = [(to[0] - middle[0]) / away, (to[1] - middle[1]) / away];
    const tip: Point = [origin[0] + direction[0] * size, origin[1] + direction[1] * size];
    context.lineWidth = 4;
    context.strokeStyle = 'rgb(0 0 0 / 60%)';
    line(context, origin, tip);
    context.lineWidth = 1.5;
    context.strokeStyle = colour;
    line(context, origin, tip);
    drawText(context, name, tip[0] + direction[0] * 9 - 4, tip[1] + direction[1] * 9 + 4, colour);
  }
}

function line(context: CanvasRenderingContext2D, from: Point, to: Point) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
