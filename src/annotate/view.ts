import { type DisplayOptions, displayAxes } from '../wcs/geometry.js';
import { destination } from '../wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';

export type Point = readonly [x: number, y: number];

/** The image as it is looked at: from places on the sky to points of the picture, (0, 0) being its upper left corner. */
export interface View {
  width: number;
  height: number;
  /** From a pixel of the stored image (FITS convention) to the picture. */
  fromPixel(x: number, y: number): Point;
  /** From a place on the sky; undefined where no pixel belongs to it. */
  fromSky(ra_deg: number, dec_deg: number): Point | undefined;
  toSky(x: number, y: number): [ra_deg: number, dec_deg: number];
  contains(point: Point, margin?: number): boolean;
  /** Points of the picture around a place at a distance, seen as a closed curve; undefined where part of it has no pixel. */
  circle(ra_deg: number, dec_deg: number, radius_deg: number, steps: number): Point[] | undefined;
  /** Pixels of the picture per degree around its middle. */
  scale: number;
  center: [ra_deg: number, dec_deg: number];
}

/** Size of the picture in stored pixels once it is turned upright. */
export function displaySize(wcs: Wcs, options: DisplayOptions): { width: number; height: number } {
  const { right } = displayAxes(options);
  return right[0] === 0 ? { width: wcs.height, height: wcs.width } : { width: wcs.width, height: wcs.height };
}

/** The view at a given width; the height follows from the image. */
export function createView(wcs: Wcs, options: DisplayOptions, width: number): View {
  const { right, up } = displayAxes(options);
  const shown = displaySize(wcs, options);
  const zoom = width / shown.width;
  const height = Math.round(shown.height * zoom);
  const [midX, midY] = [(wcs.width + 1) / 2, (wcs.height + 1) / 2];
  const zoomY = height / shown.height;
  const fromPixel = (x: number, y: number): Point => {
    const [dx, dy] = [x - midX, y - midY];
    return [
      width / 2 + (dx * right[0] + dy * right[1]) * zoom,
      height / 2 - (dx * up[0] + dy * up[1]) * zoomY,
    ];
  };
  const fromSky = (ra: number, dec: number) => {
    const pixel = skyToPixel(wcs, ra, dec);
    return pixel && fromPixel(...pixel);
  };
  const toSky = (x: number, y: number) => {
    const [along, above] = [(x - width / 2) / zoom, (height / 2 - y) / zoomY];
    return pixelToSky(wcs, midX + along * right[0] + above * up[0], midY + along * right[1] + above * up[1]);
  };
  const [[cd11, cd12], [cd21, cd22]] = wcs.cd;
  return {
    width,
    height,
    fromPixel,
    fromSky,
    toSky,
    contains: ([x, y], margin = 0) =>
      x >= margin && x <= width - margin && y >= margin && y <= height - margin,
    circle(ra, dec, radius, steps) {
      const points: Point[] = [];
      for (let i = 0; i < steps; i++) {
        const point = fromSky(...destination(ra, dec, (360 * i) / steps, radius));
        if (!point) return undefined;
        points.push(point);
      }
      return points;
    },
    scale: zoom / Math.sqrt(Math.abs(cd11 * cd22 - cd12 * cd21)),
    center: pixelToSky(wcs, midX, midY),
  };
}
