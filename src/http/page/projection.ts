import type { Point } from './frame.js';

/** What part of the picture is seen, and how large: screen = offset + scale · picture, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

const MAX_SCALE = 16;
const MARGIN = 0.5;

export function fitView(picture: Size, screen: Size): View {
  const scale = Math.min(screen.width / picture.width, screen.height / picture.height);
  return {
    scale,
    x: (screen.width - picture.width * scale) / 2,
    y: (screen.height - picture.height * scale) / 2,
  };
}

/** Never smaller than half of what fits, and never with more than half of the screen empty. */
export function clampView(view: View, picture: Size, screen: Size): View {
  const fit = fitView(picture, screen).scale;
  const scale = Math.min(Math.max(view.scale, fit * 0.5), Math.max(MAX_SCALE, fit * 4));
  const hold = (offset: number, length: number, room: number) => {
    const extent = length * scale;
    if (extent <= room) return (room - extent) / 2;
    return Math.min(room * MARGIN, Math.max(room * (1 - MARGIN) - extent, offset));
  };
  return {
    scale,
    x: hold(view.x, picture.width, screen.width),
    y: hold(view.y, picture.height, screen.height),
  };
}

/** The same point of the picture stays under `at`. */
export function zoomAt(view: View, factor: number, at: Point): View {
  return {
    scale: view.scale * factor,
    x: at[0] - (at[0] - view.x) * factor,
    y: at[1] - (at[1] - view.y) * factor,
  };
}

export const toScreen = (view: View, [x, y]: Point): Point => [
  view.x + x * view.scale,
  view.y + y * view.scale,
];
export const toPicture = (view: View, [x, y]: Point): Point => [
  (x - view.x) / view.scale,
  (y - view.y) / view.scale,
];
