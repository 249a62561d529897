// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.
import type { GreyImage } from '../image/image.js';
import type { ImageCircle } from '../wcs/wcs.js';

/** Share of the sides that a corner takes, in which it is dark where the image is round. */
const CORNER = 0.04;
/** How bright the edge is between the dark outside and the middle of the image. */
const EDGE_LEVEL = 0.25;
/** The middle is brighter than the corners by so many times what those scatter. */
const LEAST_CONTRAST = 6;
/** A point lies on a circle when it is off by no more than this, radii. */
const ON_CIRCLE = 0.012;
/** Share of the directions in which a circle that lies in the image must have an edge. */
const LEAST_SEEN = 0.6;
const DIRECTIONS = 72;
/** Radii that are no lens's, shorter sides of the image. */
const [LEAST_RADIUS, MOST_RADIUS] = [0.3, 1.1];
/** Share of what lies outside that may be bright: names, dates and lamps. */
const MOST_BRIGHT = 0.08;
const OUTSIDE = 1.04;
/** So far out, radii, it is darker than this share of the level of the edge. */
const BEYOND = 1.03;
const STEEP = 0.6;
const TRIALS = 600;
/** The rim of a lens catches light: it is so many times brighter than what lies within. */
const RIM_CONTRAST = 1.5;
/** The brightest part of a rim lies no farther in than this, radii; from there to the second the sky is taken for comparison. */
const [RIM_FROM, WITHIN_RIM] = [0.94, 0.8];

/** Pixels along the longer side that are enough to see the edge by. */
const SIDE = 320;

/** The factor by which an image is shrunk before its circle is looked for. */
export function circleShrink({ width, height }: { width: number; height: number }): number {
  return Math.max(1, Math.round(Math.max(width, height) / SIDE));
}

type Point = readonly [x: number, y: number];

/**
 * Where an image shows the sky, when that is a disk with dark corners about it: its circle in pixels of the original image (FITS convention), to
 * about one pixel of the plane given. Undefined where no such disk is seen.
 * @param image one plane of brightness, some hundred pixels along each side
 */
export function findImageCircle(image: GreyImage): ImageCircle | undefined {
  const { scale } = image;
  const levels = edgeLevels(image);
  if (!levels) return undefined;
  const { dark, level } = levels;
  const points = edgePoints(image, level);
  const best = bestCircle(points, image);
  const fitted = best && refined(best, points);
  if (!fitted || seenShare(fitted, points, image) < LEAST_SEEN) return undefined;
  // A lens that darkens the corners has no edge there.
  const beyond = levelAlong({ ...fitted, radius: BEYOND * fitted.radius }, image);
  if (beyond - dark > STEEP * (level - dark) || isBrightOutside(fitted, image, level)) return undefined;
  // Scales along x and y are the same but for rounding.
  const factor = Math.sqrt(scale[0] * scale[1]);
  return {
    x: (fitted.x + 0.5) * scale[0] + 0.5,
    y: (fitted.y + 0.5) * scale[1] + 0.5,
    radius: withinRim(fitted, image) * factor,
  };
}

/** The brightness of dark corners, and one between that and the middle's; undefined where those are not clearly apart. */
function edgeLevels({ data, width, height }: GreyImage): { dark: number; level: number } | undefined {
  const [w, h] = [Math.max(2, Math.round(CORNER * width)), Math.max(2, Math.round(CORNER * height))];
  const box = (left: number, top: number, columns: number, rows: number) => {
    const values: number[] = [];
    for (let y = top; y < top + rows; y++)
      for (let x = left; x < left + columns; x++) values.push(data[y * width + x]!);
    return values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  };
  const median = (values: readonly number[]) => values[values.length >> 1] ?? Number.NaN;
  const corners = [
    box(0, 0, w, h),
    box(width - w, 0, w, h),
    box(0, height - h, w, h),
    box(width - w, height - h, w, h),
  ];
  // One corner may hold a date, and one a lamp.
  const darkest = corners
    .sort((a, b) => median(a) - median(b))
    .slice(0, 2)
    .flat()
    .sort((a, b) => a - b);
  const dark = median(darkest);
  const scatter = darkest[Math.floor(0.84 * darkest.length)]! - dark;
  const middle = median(box(width >> 2, height >> 2, width >> 1, height >> 1));
  const step = data instanceof Float32Array ? 0 : 1;
  if (!(middle - dark > LEAST_CONTRAST * Math.max(scatter, step))) return undefined;
  return { dark, level: dark + EDGE_LEVEL * (middle - dark) };
}

/** Where rows and columns first become bright, from either end. */
function edgePoints({ data, width, height }: GreyImage, level: number): Point[] {
  const points: Point[] = [];
  const isBright = (x: number, y: number) => data[y * width + x]! > level;
  const scan = (length: number, put: (at: number) => boolean, add: (at: number) => void) => {
    // Three in a row: neither a hot pixel nor the line of a frame.
    for (const [from, step] of [
      [0, 1],
      [length - 1, -1],
    ] as const)
      for (let at = from; at >= 0 && at < length; at += step)
        if (put(at) && put(at + step) && put(at + 2 * step)) {
          if (at !== from) add(at);
          break;
        }
  };
  for (let y = 0; y < height; y++)
    scan(
      width,
      (x) => isBright(x, y),
      (x) => points.push([x, y]),
    );
  for (let x = 0; x < width; x++)
    scan(
      height,
      (y) => y >= 0 && y < height && isBright(x, y),
      (y) => points.push([x, y]),
    );
  return points;
}

/** The circle through three of the points that most of them lie on. */
function bestCircle(points: readonly Point[], { width, height }: GreyImage): ImageCircle | undefined {
  const shorter = Math.min(width, height);
  let best: { circle: ImageCircle; count: number } | undefined;
  // The same for every call: an answer does not depend on chance.
  let state = 1;
  const pick = () => {
    state = (state * 48_271) % 2_147_483_647;
    return points[state % points.length]!;
  };
  for (let trial = 0; trial < TRIALS && points.length > DIRECTIONS; trial++) {
    const circle = through(pick(), pick(), pick());
    if (!circle || circle.radius < LEAST_RADIUS * shorter || circle.radius > MOST_RADIUS * shorter) continue;
    const count = points.filter((point) => isOn(circle, point)).length;
    if (count > (best?.count ?? 0)) best = { circle, count };
  }
  return best?.circle;
}

function isOn({ x, y, radius }: ImageCircle, [px, py]: Point): boolean {
  return Math.abs(Math.hypot(px - x, py - y) - radius) < Math.max(1, ON_CIRCLE * radius);
}

function through([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): ImageCircle | undefined {
  const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
  if (Math.abs(d) < 1) return undefined;
  const [a2, b2, c2] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
  const x = (a2 * (by - cy) + b2 * (cy - ay) + c2 * (ay - by)) / d;
  const y = (a2 * (cx - bx) + b2 * (ax - cx) + c2 * (bx - ax)) / d;
  return { x, y, radius: Math.hypot(ax - x, ay - y) };
}

/** Least squares over the points that lie on it (Gauss–Newton). */
function refined(start: ImageCircle, points: readonly Point[]): ImageCircle {
  const circle = { ...start };
  for (let step = 0; step < 10; step++) {
    const on = points.filter((point) => isOn(circle, point));
    let [x, y, radius] = [0, 0, 0];
    for (const [px, py] of on) {
      const distance = Math.hypot(px - circle.x, py - circle.y);
      x += px - (circle.radius * (px - circle.x)) / distance;
      y += py - (circle.radius * (py - circle.y)) / distance;
      radius += distance;
    }
    circle.x = x / on.length;
    circle.y = y / on.length;
    circle.radius = radius / on.length;
  }
  return circle;
}

/** Share of the directions in which the circle lies in the image and an edge is on it. */
function seenShare(circle: ImageCircle, points: readonly Point[], { width, height }: GreyImage): number {
  const directionOf = ([px, py]: Point) =>
    Math.floor((DIRECTIONS * (Math.atan2(py - circle.y, px - circle.x) + Math.PI)) / (2 * Math.PI)) %
    DIRECTIONS;
  const seen = new Set(points.filter((point) => isOn(circle, point)).map(directionOf));
  let inside = 0;
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const angle = (2 * Math.PI * (direction + 0.5)) / DIRECTIONS - Math.PI;
    const [x, y] = [circle.x + circle.radius * Math.cos(angle), circle.y + circle.radius * Math.sin(angle)];
    if (x > 1 && y > 1 && x < width - 2 && y < height - 2) inside++;
    else seen.delete(direction);
  }
  return inside < DIRECTIONS / 6 ? 0 : seen.size / inside;
}

/** The radius without a bright rim. */
function withinRim({ x, y, radius }: ImageCircle, image: GreyImage): number {
  const levels = Array.from({ length: Math.ceil(radius * (1 - WITHIN_RIM)) }, (_, i) =>
    levelAlong({ x, y, radius: radius - i }, image),
  );
  const rim = levels.slice(0, Math.ceil(radius * (1 - RIM_FROM)));
  const inner = levels.slice(rim.length).sort((a, b) => a - b)[(levels.length - rim.length) >> 1] ?? 0;
  const peak = Math.max(...rim);
  if (peak <= RIM_CONTRAST * inner) return radius;
  const end = levels.findIndex((level, i) => i > levels.indexOf(peak) && level < (peak + inner) / 2);
  // The last pixel that is still half rim counts as sky: a circle too small by one cuts off sky that the image shows.
  return end < 0 ? radius : radius - end + 1;
}

/** The median brightness along a circle. */
function levelAlong({ x, y, radius }: ImageCircle, { data, width, height }: GreyImage): number {
  const values = Array.from({ length: 2 * DIRECTIONS }, (_, i) => {
    const angle = (Math.PI * i) / DIRECTIONS;
    const [px, py] = [Math.round(x + radius * Math.cos(angle)), Math.round(y + radius * Math.sin(angle))];
    return px < 0 || py < 0 || px >= width || py >= height ? Number.NaN : data[py * width + px]!;
  });
  const kept = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return kept[kept.length >> 1] ?? 0;
}

function isBrightOutside(
  { x, y, radius }: ImageCircle,
  { data, width, height }: GreyImage,
  level: number,
): boolean {
  let [outside, bright] = [0, 0];
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      if (Math.hypot(column - x, row - y) < OUTSIDE * radius) continue;
      outside++;
      if (data[row * width + column]! > level) bright++;
    }
  return bright > MOST_BRIGHT * outside;
}
