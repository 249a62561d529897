import type { Point, Size } from '../wcs/display.js';
import { crossings, type GridLine } from '../wcs/grid.js';
import type { Box, SkyView } from '../wcs/view.js';

/** Something that wants a label beside it. */
export interface LabelRequest {
  /** Middle and radius of the marker. */
  at: Point;
  radius: number;
  /** Size of the label, ready to be laid down. */
  width: number;
  height: number;
  /** A larger one, which is laid down instead where it has a place beside the marker and hides no other one. */
  larger?: Size & { gap: number };
  /** Space between marker and label. */
  gap: number;
  /** Is laid down farther away, at the end of a leader, where there is no place beside it. @default false */
  leader?: boolean;
}

/** A label in its place. */
export interface PlacedLabel extends Box {
  /** It is the larger one of its request. */
  larger?: true;
  /** From the marker to a label that does not stand beside it. */
  leader?: readonly [from: Point, to: Point];
}

export interface LabelSpace {
  /** Labels stay inside. */
  bounds: Box;
  /** And their corners where this is so: in the ellipse of a map. @default everywhere */
  contains?: (point: Point) => boolean;
  /** Nothing may be laid over these. */
  taken: readonly Box[];
  /** Laid over these only for want of a better place: the markers of other objects. */
  avoid: readonly { at: Point; radius: number }[];
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function within(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

const cornersOf = ({ x, y, width, height }: Box): Point[] => [
  [x, y],
  [x + width, y],
  [x, y + height],
  [x + width, y + height],
];

/** Directions around a marker, best first: right, left, below, above, then between. Angles in degrees, y downwards. */
const DIRECTIONS = [0, 180, 90, 270, 45, 315, 135, 225, 22, 338, 158, 202, 68, 112, 248, 292];

/**
 * Lays labels down one after another, the first being the most important: each beside its marker, where it covers no other
 * label and as few markers as may be; farther away with a leader where it may have one; undefined where there is no space. Two
 * labels never overlap.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  space: LabelSpace,
): (PlacedLabel | undefined)[] {
  const taken = [...space.taken];
  return requests.map((request) => {
    const free = (box: Box) =>
      within(box, space.bounds) &&
      (!space.contains || cornersOf(box).every((corner) => space.contains?.(corner))) &&
      !taken.some((other) => overlap(box, other));
    const placed =
      (request.larger && placeLarger(request, request.larger, space, free)) ??
      placeBeside(request, space, free) ??
      (request.leader ? placeAfar(request, space, free) : undefined);
    if (placed) taken.push(placed);
    return placed;
  });
}

function placeLarger(
  request: LabelRequest,
  larger: Size & { gap: number },
  space: LabelSpace,
  free: (box: Box) => boolean,
): PlacedLabel | undefined {
  // It may cross the outline of something large, but hides nothing.
  const hides = (box: Box) =>
    space.avoid.some(
      (marker) => marker.at !== request.at && marker.radius < box.height && covers(box, marker),
    );
  const box = placeBeside({ ...request, ...larger }, space, (one) => free(one) && !hides(one));
  return box && { ...box, larger: true };
}

function placeBeside(request: LabelRequest, space: LabelSpace, free: (box: Box) => boolean): Box | undefined {
  let best: { box: Box; cost: number } | undefined;
  for (const [rank, box] of candidates(request, space.bounds).entries()) {
    if (best && best.cost <= rank) break;
    if (!free(box)) continue;
    const covered = space.avoid.filter((marker) => marker.at !== request.at && covers(box, marker)).length;
    const cost = rank + 6 * covered;
    if (!best || cost < best.cost) best = { box, cost };
  }
  return best?.box;
}

/** The nearest free place of a lattice whose meshes are half a label wide and high. */
function placeAfar(
  request: LabelRequest,
  { bounds }: LabelSpace,
  free: (box: Box) => boolean,
): PlacedLabel | undefined {
  const { at, radius, width, height } = request;
  const [columns, rows] = [bounds.width - width, bounds.height - height].map((space, i) =>
    Math.max(1, Math.ceil(space / ((i === 0 ? width : height) / 2))),
  ) as [number, number];
  const distance = ({ x, y }: Box) => Math.hypot(x + width / 2 - at[0], 2 * (y + height / 2 - at[1]));
  const [nearest] = Array.from({ length: (columns + 1) * (rows + 1) }, (_, i) => ({
    x: bounds.x + ((bounds.width - width) * (i % (columns + 1))) / columns,
    y: bounds.y + ((bounds.height - height) * Math.floor(i / (columns + 1))) / rows,
    width,
    height,
  }))
    .sort((a, b) => distance(a) - distance(b))
    .flatMap((box) => (free(box) ? [box] : []));
  if (!nearest) return undefined;
  const to: Point = [
    Math.max(nearest.x, Math.min(at[0], nearest.x + width)),
    Math.max(nearest.y, Math.min(at[1], nearest.y + height)),
  ];
  const length = Math.hypot(to[0] - at[0], to[1] - at[1]);
  if (length <= radius) return nearest;
  const from: Point = [
    at[0] + ((to[0] - at[0]) * radius) / length,
    at[1] + ((to[1] - at[1]) * radius) / length,
  ];
  return { ...nearest, leader: [from, to] };
}

/** Places for a label, best first. */
function candidates({ at, radius, width, height, gap }: LabelRequest, bounds: Box): Box[] {
  const beside = (direction: number, distance: number): Box => {
    const [cos, sin] = [Math.cos((direction * Math.PI) / 180), Math.sin((direction * Math.PI) / 180)];
    // The side of the box that faces the marker touches the circle around it.
    const x = at[0] + cos * distance + (Math.abs(cos) < 0.3 ? -width / 2 : cos < 0 ? -width : 0);
    const y = at[1] + sin * distance + (Math.abs(sin) < 0.3 ? -height / 2 : sin < 0 ? -height : 0);
    return { x, y, width, height };
  };
  const outside = DIRECTIONS.map((direction) => beside(direction, radius + gap));
  // A large circle has space inside; one that is cut off by the edge may have space nowhere else.
  const spacious = radius > width * 0.75;
  const inside = [270, 90, 45, 135, 225, 315].map((direction) => {
    const box = beside(direction, 0);
    const depth = Math.max(0, radius - gap - height);
    const [cos, sin] = [Math.cos((direction * Math.PI) / 180), Math.sin((direction * Math.PI) / 180)];
    return { ...box, x: at[0] + cos * depth * 0.8 - width / 2, y: at[1] + sin * depth - height / 2 };
  });
  const large = radius > 0.18 * Math.min(bounds.width, bounds.height);
  return large ? [...inside, ...outside] : spacious ? [...outside, ...inside] : outside;
}

/** Whether a box lies on the outline of a marker, or on a small one altogether. */
function covers(box: Box, { at: [x, y], radius }: { at: Point; radius: number }): boolean {
  const [nearX, nearY] = [
    Math.max(box.x, Math.min(x, box.x + box.width)),
    Math.max(box.y, Math.min(y, box.y + box.height)),
  ];
  const near = Math.hypot(nearX - x, nearY - y);
  const far = Math.hypot(
    Math.max(Math.abs(box.x - x), Math.abs(box.x + box.width - x)),
    Math.max(Math.abs(box.y - y), Math.abs(box.y + box.height - y)),
  );
  return near <= radius && far >= radius;
}

/** Parts of a line that meets no edge at which its name may stand, the preferred one first. */
const STATIONS = [0, 1, 0.25, 0.75, 0.5];
/** The edges at which a line of the grid is named, the preferred one first. */
const EDGES = { ra: ['top', 'bottom', 'left', 'right'], dec: ['left', 'right', 'top', 'bottom'] } as const;

/**
 * Where the label of a line lies, free of `taken`: at an edge of the visible image, or for one that meets none, as in the circle of a fisheye
 * lens, at its ends or on it; undefined without space.
 */
export function gridLabelBox(
  view: SkyView,
  line: Pick<GridLine, 'kind' | 'pieces'>,
  { width, height }: Size,
  gap: number,
  taken: readonly Box[],
): Box | undefined {
  const { visible } = view;
  const free = (box: Box) =>
    within(box, visible) &&
    cornersOf(box).every((corner) => view.contains(corner)) &&
    !taken.some((other) => overlap(other, box));
  const [right, bottom] = [visible.x + visible.width, visible.y + visible.height];
  const met = crossings(view, line);
  for (const wanted of EDGES[line.kind])
    for (const { point, edge } of met) {
      if (edge !== wanted) continue;
      // Beside a line that runs up the picture, on top of one that runs across.
      const x =
        edge === 'left' ? visible.x + gap : edge === 'right' ? right - width - gap : point[0] + gap * 0.7;
      const y =
        edge === 'top'
          ? visible.y + gap
          : edge === 'bottom'
            ? bottom - height - gap
            : point[1] - height - gap * 0.1;
      const box = { x, y, width, height };
      if (free(box)) return box;
    }
  const on = line.pieces
    .flatMap((piece) => STATIONS.map((share) => piece[Math.round(share * (piece.length - 1))] ?? [0, 0]))
    .map(([x, y]): Box => ({ x: x + gap * 0.7, y: y - height - gap * 0.1, width, height }));
  return met.length === 0 ? on.find(free) : undefined;
}
