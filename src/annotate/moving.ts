import type { Point } from '../wcs/display.js';
import { destination } from '../wcs/sphere.js';
import type { SkyView } from '../wcs/view.js';
import type { Marker } from './markers.js';
import type { Palette } from './palette.js';
import { n, polyline } from './svg.js';

/** Degrees ahead by which the direction of a motion is found. */
const AHEAD_DEG = 1e-3;
/** Trails that are shorter than this, in radii of the sign, are seen as a point. */
const A_POINT = 0.5;

/** How a way is drawn: the line around it, in radii of the sign, and the length of the arrow. */
const [BESIDE, ARROW] = [0.8, 1.3];

/** The parts of a drawn body. */
interface Shape {
  way: Point[];
  /** Whether it is drawn as a trail. */
  long: boolean;
  arrow?: { from: Point; to: Point; heading: Point };
}

function shapeOf(marker: Marker, view: SkyView): Shape {
  const { at, radius } = marker;
  const way = wayOf(marker, view);
  const [start, end] = [way.at(0) ?? at, way.at(-1) ?? at];
  const long = Math.hypot(end[0] - start[0], end[1] - start[1]) > A_POINT * radius;
  const heading = long ? towards(way.at(-2) ?? at, end) : headingOf(marker.object, view);
  if (!heading) return { way, long };
  const reach = radius * (long ? BESIDE : 1);
  const along = (distance: number): Point => {
    const [x, y] = long ? end : at;
    return [x + heading[0] * distance, y + heading[1] * distance];
  };
  return { way, long, arrow: { from: along(reach), to: along(reach + radius * ARROW), heading } };
}

/**
 * What moved as SVG: a line around its way through the picture, which leaves the trail itself to be seen, and an arrow where it went; a
 * circle where the trail is too short to be seen.
 */
export function drawMoving(marker: Marker, view: SkyView, stroke: number, palette: Palette): string {
  const { kind, radius } = marker;
  const shape = shapeOf(marker, view);
  const d =
    (shape.long ? outline(shape.way, radius * BESIDE) : circle(marker.at, radius)) + arrowPath(shape, radius);
  const line = (ink: string, width: number, opacity: number) =>
    `<path d="${d}" fill="none" stroke="${ink}" stroke-width="${n(width)}" stroke-opacity="${n(opacity)}" stroke-linejoin="round" stroke-linecap="round"/>`;
  return (
    line(palette.halo.color, stroke * 3, palette.halo.opacity * 0.6) +
    line(palette.kinds[kind], stroke * 1.1, 0.9)
  );
}

/** Circles along the way and the arrow, over which no label should lie. */
export function spaceOfMoving(marker: Marker, view: SkyView): Marker['anchor'][] {
  const { radius } = marker;
  const { way, long, arrow } = shapeOf(marker, view);
  const line = (from: Point, to: Point): Marker['anchor'][] => {
    const steps = Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / (2 * radius));
    return Array.from({ length: steps + 1 }, (_, i) => ({
      at: [
        from[0] + ((to[0] - from[0]) * i) / (steps || 1),
        from[1] + ((to[1] - from[1]) * i) / (steps || 1),
      ] as Point,
      radius: radius * BESIDE,
    }));
  };
  const trail = long ? way.slice(1).flatMap((point, i) => line(way[i] ?? point, point)) : [];
  return [...trail, ...(arrow ? line(arrow.from, arrow.to).slice(1) : [])].filter(({ at }) =>
    view.contains(at),
  );
}

/** Its trail in the picture, as far as it lies on the plane of the view. */
function wayOf({ object: { trail = [] } }: Marker, view: SkyView): Point[] {
  return trail.flatMap(([ra_deg, dec_deg]) => {
    const point = view.fromSky(ra_deg, dec_deg);
    return point ? [point] : [];
  });
}

const circle = ([x, y]: Point, r: number) =>
  `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;

/** Unit vector from one point to another. */
function towards([x1, y1]: Point, [x2, y2]: Point): Point {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  return [(x2 - x1) / length, (y2 - y1) / length];
}

/** A line all around a way, at a distance from it, with round ends. */
function outline(way: readonly Point[], distance: number): string {
  const beside = (side: number) =>
    way.map((point, i): Point => {
      const [dx, dy] = towards(way[i - 1] ?? point, way[i + 1] ?? point);
      return [point[0] - side * dy * distance, point[1] + side * dx * distance];
    });
  const path = (points: readonly Point[]) => points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L');
  const arc = `A${n(distance)} ${n(distance)} 0 0 0 `;
  return `M${path(beside(1))}${arc}${path(beside(-1).toReversed())}${arc}${path(beside(1).slice(0, 1))}Z`;
}

/** From the sign, or the end of the trail, where the motion leads. */
function arrowPath({ arrow }: Shape, radius: number): string {
  if (!arrow) return '';
  const { from, to, heading } = arrow;
  const wing = (side: number): Point => [
    to[0] - radius * (0.55 * heading[0] + side * 0.38 * heading[1]),
    to[1] - radius * (0.55 * heading[1] - side * 0.38 * heading[0]),
  ];
  return polyline([from, to]) + polyline([wing(1), to, wing(-1)]);
}

function headingOf({ ra_deg, dec_deg, motion }: Marker['object'], view: SkyView): Point | undefined {
  if (ra_deg === undefined || dec_deg === undefined || !motion) return undefined;
  const [here, there] = [
    view.fromSky(ra_deg, dec_deg),
    view.fromSky(...destination(ra_deg, dec_deg, motion.pa_deg, AHEAD_DEG)),
  ];
  return here && there ? towards(here, there) : undefined;
}
