import type { Point, Size } from '../../wcs/display.js';

/** Where the upright picture lies on the screen, and how large: screen = offset + scale · picture, in CSS pixels. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

const MAX_SCALE = 16;
const MARGIN = 0.5;

export function fitZoom(picture: Size, screen: Size): Zoom {
  const scale = Math.min(screen.width / picture.width, screen.height / picture.height);
  return {
    scale,
    x: (screen.width - picture.width * scale) / 2,
    y: (screen.height - picture.height * scale) / 2,
  };
}

/** Never smaller than half of what fits, and never with more than half of the screen empty. */
export function clampZoom(zoom: Zoom, picture: Size, screen: Size): Zoom {
  const fit = fitZoom(picture, screen).scale;
  const scale = Math.min(Math.max(zoom.scale, fit * 0.5), Math.max(MAX_SCALE, fit * 4));
  const hold = (offset: number, length: number, available: number) => {
    const extent = length * scale;
    if (extent <= available) return (available - extent) / 2;
    return Math.min(available * MARGIN, Math.max(available * (1 - MARGIN) - extent, offset));
  };
  return {
    scale,
    x: hold(zoom.x, picture.width, screen.width),
    y: hold(zoom.y, picture.height, screen.height),
  };
}

/** The same point of the picture stays under `at`. */
export function zoomAt(zoom: Zoom, factor: number, at: Point): Zoom {
  return {
    scale: zoom.scale * factor,
    x: at[0] - (at[0] - zoom.x) * factor,
    y: at[1] - (at[1] - zoom.y) * factor,
  };
}

export const toScreen = (zoom: Zoom, [x, y]: Point): Point => [
  zoom.x + x * zoom.scale,
  zoom.y + y * zoom.scale,
];
export const toPicture = (zoom: Zoom, [x, y]: Point): Point => [
  (x - zoom.x) / zoom.scale,
  (y - zoom.y) / zoom.scale,
];
