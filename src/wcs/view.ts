import { type DisplayFrame, type DisplayOptions, displayFrame, type Point, type Size } from './display.js';
import { destination, separation } from './sphere.js';
import { pixelToSky, skyToPixel } from './tan-sip.js';
import type { Wcs } from './wcs.js';

/** A rectangle in the pixels of a view or picture; (x, y) is its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The upright image as it lies in a drawing or on a screen, and the way from places on the sky (J2000 degrees) to its points. */
export interface SkyView extends Size {
  /** The part of the view in which the image is seen. */
  visible: Box;
  /** Undefined where no pixel belongs to the place. */
  fromSky(ra_deg: number, dec_deg: number): Point | undefined;
  /** NaN where the image shows no sky. */
  toSky(x: number, y: number): [ra_deg: number, dec_deg: number];
  /** Whether a point lies in `visible`, at least `margin` from its edges. */
  contains(point: Point, margin?: number): boolean;
  /** Points around a place at a distance, a closed curve; undefined where part of it has no pixel. */
  circle(ra_deg: number, dec_deg: number, radius_deg: number, steps: number): Point[] | undefined;
  /** Whether the edge of the sky runs between two neighbouring points, so that no line joins them; absent where it has none. */
  torn?(from: Point, to: Point): boolean;
  /** Pixels of the view per degree around its middle, or where that sees no sky around the middle of the image. */
  scale: number;
  /** Where that looks. */
  center: [ra_deg: number, dec_deg: number];
}

/**
 * A view of `view` pixels in which the upright image takes the box `picture`; it may reach beyond the edges (a page zoomed in)
 * or leave some of the view empty.
 */
export function viewOf(wcs: Wcs, frame: DisplayFrame, view: Size, picture: Box): SkyView {
  const { width, height } = view;
  const [zoomX, zoomY] = [picture.width / frame.width, picture.height / frame.height];
  const fromSky = (ra: number, dec: number): Point | undefined => {
    const pixel = skyToPixel(wcs, ra, dec);
    if (!pixel) return undefined;
    const [x, y] = frame.toPicture(...pixel);
    return [picture.x + x * zoomX, picture.y + y * zoomY];
  };
  const toSky = (x: number, y: number) =>
    pixelToSky(wcs, ...frame.toPixel([(x - picture.x) / zoomX, (y - picture.y) / zoomY]));
  const scaleAt = (x: number, y: number) =>
    1 /
    Math.sqrt(
      separation(...toSky(x - 0.5, y), ...toSky(x + 0.5, y)) *
        separation(...toSky(x, y - 0.5), ...toSky(x, y + 0.5)),
    );
  const middle: Point = [width / 2, height / 2];
  // A view may be zoomed in beside the circle of a fisheye lens; then the middle of the image speaks for it.
  const seen: Point = Number.isNaN(scaleAt(...middle))
    ? [picture.x + picture.width / 2, picture.y + picture.height / 2]
    : middle;
  const visible = intersection({ x: 0, y: 0, width, height }, picture);
  return {
    width,
    height,
    visible,
    fromSky,
    toSky,
    contains: ([x, y], margin = 0) =>
      x >= visible.x + margin &&
      x <= visible.x + visible.width - margin &&
      y >= visible.y + margin &&
      y <= visible.y + visible.height - margin,
    circle(ra, dec, radius, steps) {
      const points: Point[] = [];
      for (let i = 0; i < steps; i++) {
        const point = fromSky(...destination(ra, dec, (360 * i) / steps, radius));
        if (!point) return undefined;
        points.push(point);
      }
      return points;
    },
    scale: scaleAt(...seen),
    center: toSky(...seen),
  };
}

/** The whole upright image at a given width; the height follows from the image. */
export function createView(wcs: Wcs, options: DisplayOptions, width: number): SkyView {
  const frame = displayFrame(wcs, options);
  const height = Math.round((frame.height * width) / frame.width);
  return viewOf(wcs, frame, { width, height }, { x: 0, y: 0, width, height });
}

function intersection(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** Mean radius in the view of a circle on the sky, pixels; undefined where part of it has no pixel. */
export function radiusInView(
  view: SkyView,
  ra_deg: number,
  dec_deg: number,
  radius_deg: number,
): number | undefined {
  const center = view.fromSky(ra_deg, dec_deg);
  const around = view.circle(ra_deg, dec_deg, radius_deg, 8);
  if (!center || !around) return undefined;
  return around.reduce((sum, [x, y]) => sum + Math.hypot(x - center[0], y - center[1]), 0) / around.length;
}

/** Unit vector in the view that points along a position angle (0 = north, 90 = east) at its middle. */
export function directionInView(view: SkyView, positionAngle_deg: number): Point {
  const [x0, y0] = view.fromSky(...view.center) ?? [view.width / 2, view.height / 2];
  const next = view.fromSky(...destination(...view.center, positionAngle_deg, 1 / view.scale));
  const [dx, dy] = next ? [next[0] - x0, next[1] - y0] : [0, -1];
  const length = Math.hypot(dx, dy);
  return [dx / length, dy / length];
}
