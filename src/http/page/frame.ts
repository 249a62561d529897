import type { Geometry } from '../../client/index.js';

/** A point of the picture as it is seen: pixels of the original from its upper left corner, edges at whole numbers. */
export type Point = [x: number, y: number];

/** Between FITS pixels of the stored image and the picture as it is seen: upright, in its original size. */
export interface Frame {
  width: number;
  height: number;
  toPicture(x: number, y: number): Point;
  toPixel(point: Point): Point;
}

/**
 * EXIF Orientation as a matrix on offsets from the middle of the image, y downwards: each is its own kind of turn, and the way
 * back is the transpose.
 */
const TURNS: readonly [number, number, number, number][] = [
  [1, 0, 0, 1],
  [-1, 0, 0, 1],
  [-1, 0, 0, -1],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, -1, -1, 0],
  [0, 1, -1, 0],
];

export function frameOf({ width, height, row_order, exif_orientation }: Geometry['image']): Frame {
  const [a, b, c, d] = TURNS[exif_orientation - 1] ?? TURNS[0]!;
  const flip = row_order === 'bottom-up' ? -1 : 1;
  const [seenWidth, seenHeight] = a === 0 ? [height, width] : [width, height];
  return {
    width: seenWidth,
    height: seenHeight,
    toPicture(x, y) {
      const [dx, dy] = [x - 0.5 - width / 2, flip * (y - 0.5 - height / 2)];
      return [a * dx + b * dy + seenWidth / 2, c * dx + d * dy + seenHeight / 2];
    },
    toPixel([px, py]) {
      const [dx, dy] = [px - seenWidth / 2, py - seenHeight / 2];
      return [a * dx + c * dy + width / 2 + 0.5, flip * (b * dx + d * dy) + height / 2 + 0.5];
    },
  };
}
