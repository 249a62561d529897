import { gridLabelBox, type LabelRequest, placeLabels } from '../../annotate/labels.js';
import { lineOf, nameOf } from '../../annotate/names.js';
import type { AstroObject } from '../../client/index.js';
import { formatAngle, roundAngleUpTo } from '../../wcs/angles.js';
import type { Point, Size } from '../../wcs/display.js';
import { equatorialGrid } from '../../wcs/grid.js';
import { type Box, directionInView, type SkyView } from '../../wcs/view.js';
import { colourOf, type Layer, layerOf } from './layers.js';
import type { Sky } from './sky.js';
import { toScreen, type Zoom } from './zoom.js';

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
}

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const TEXT_HEIGHT = 15;
/** From the top of a text's box. */
const BASELINE = 11.5;
const MIN_RADIUS = 6;
/** Labels keep clear of so many markers: with more of them, placing all labels would take longer than a frame. */
const MOST_AVOIDED = 100;

/** Draws all that lies over the picture, in CSS pixels of the screen. */
export function drawOverlay(context: CanvasRenderingContext2D, scene: Scene, zoom: Zoom, screen: Size): void {
  context.clearRect(0, 0, screen.width, screen.height);
  context.font = FONT;
  context.lineJoin = 'round';
  const view = scene.sky.viewOn(screen, zoom);
  const taken: Box[] = [compassBox(screen)];
  const seen = scene.objects
    .filter(({ object }) => scene.layers.has(layerOf(object)) || object === scene.highlighted)
    .map(({ object, at, radius }) => ({
      object,
      at: toScreen(zoom, at),
      radius: Math.max(MIN_RADIUS, radius * zoom.scale),
      colour: colourOf(layerOf(object)),
    }))
    .filter(
      ({ at: [x, y], radius }) =>
        x > -radius && y > -radius && x < screen.width + radius && y < screen.height + radius,
    )
    .sort(
      (one, other) =>
        Number(other.object === scene.highlighted) - Number(one.object === scene.highlighted) ||
        (other.object.prominence ?? 0) - (one.object.prominence ?? 0),
    );
  const bounds = view?.visible ?? { x: 0, y: 0, ...screen };
  context.save();
  context.beginPath();
  context.rect(bounds.x, bounds.y, bounds.width, bounds.height);
  context.clip();
  for (const { object, at, radius, colour } of [...seen].reverse())
    drawCircle(context, at, radius, colour, object === scene.highlighted);
  context.restore();
  const labels = seen.map(
    ({ object, at, radius }): LabelRequest => ({
      at,
      radius,
      width: context.measureText(lineOf(nameOf(object))).width,
      height: TEXT_HEIGHT,
      gap: 4,
    }),
  );
  const boxes = placeLabels(labels, { bounds, taken, avoid: labels.slice(0, MOST_AVOIDED) });
  seen.forEach(({ object, colour }, index) => {
    const box = boxes[index];
    if (box) drawText(context, lineOf(nameOf(object)), box.x, box.y + BASELINE, colour);
  });
  taken.push(...boxes.filter((box) => box !== undefined));
  if (view && scene.layers.has('grid')) drawGrid(context, view, taken);
  if (view) drawScale(context, view);
}

function drawCircle(
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

function drawText(context: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string) {
  context.strokeStyle = 'rgb(0 0 0 / 70%)';
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

/** The grid over the picture, named at its edges; the boxes of its labels are added to `taken`. */
function drawGrid(context: CanvasRenderingContext2D, view: SkyView, taken: Box[]) {
  const lines = equatorialGrid(view);
  const colour = colourOf('grid');
  const { x, y, width, height } = view.visible;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  for (const piece of lines.flatMap(({ pieces }) => pieces))
    for (const [index, point] of piece.entries()) {
      if (index === 0) context.moveTo(...point);
      else context.lineTo(...point);
    }
  context.globalAlpha = 0.42;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.restore();

  context.globalAlpha = 0.9;
  for (const line of lines) {
    const extent = { width: context.measureText(line.label).width, height: TEXT_HEIGHT };
    const box = gridLabelBox(view, line, extent, 5, taken);
    if (!box) continue;
    taken.push(box);
    drawText(context, line.label, box.x, box.y + BASELINE, colour);
  }
  context.globalAlpha = 1;
}

const compassBox = ({ width, height }: Size): Box => ({
  x: width - 80,
  y: height - 110,
  width: 80,
  height: 110,
});

/** A bar of a round length, and where north and east are, in the lower right corner. */
function drawScale(context: CanvasRenderingContext2D, view: SkyView) {
  const [right, bottom] = [view.width - 14, view.height - 16];
  const colour = '#e8eef7';
  const angle = roundAngleUpTo(Math.min(140, view.width / 4) / view.scale);
  const length = angle * view.scale;
  drawLine(context, [right - length, bottom], [right, bottom], colour);
  const label = formatAngle(angle);
  drawText(context, label, right - length / 2 - context.measureText(label).width / 2, bottom - 6, colour);
  const origin: Point = [right - 26, bottom - 52];
  for (const [name, positionAngle, size] of [
    ['N', 0, 24],
    ['E', 90, 18],
  ] as const) {
    const [dx, dy] = directionInView(view, positionAngle);
    const tip: Point = [origin[0] + dx * size, origin[1] + dy * size];
    drawLine(context, origin, tip, colour);
    drawText(context, name, tip[0] + dx * 9 - 4, tip[1] + dy * 9 + 4, colour);
  }
}

/** A line with a dark rim. */
function drawLine(context: CanvasRenderingContext2D, from: Point, to: Point, colour: string) {
  for (const [width, style] of [
    [4, 'rgb(0 0 0 / 60%)'],
    [1.5, colour],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
}
