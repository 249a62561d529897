/** Which row of the file is shown as the uppermost: the first in a JPEG, the last in a FITS. */
export type RowOrder = 'top-down' | 'bottom-up';

/** How the stored pixels of an image become what a person sees. */
export interface DisplayOptions {
  /** Whether the first row of the file is the uppermost of the picture, or the lowest. */
  rowOrder: RowOrder;
  /** EXIF Orientation, 1 (as stored) to 8. @default 1 */
  exifOrientation?: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A point of a picture, in its pixels: (0, 0) is its upper left corner, the centre of its first pixel (0.5, 0.5). */
export type Point = readonly [x: number, y: number];

type Vector = readonly [number, number];

interface Axes {
  right: Vector;
  up: Vector;
}

const AS_STORED: Axes = { right: [1, 0], up: [0, -1] };

/** EXIF Orientation → what the viewer sees as right and as up, in stored columns (right) and rows (down). */
const VIEWER: Readonly<Record<number, Axes>> = {
  1: AS_STORED,
  2: { right: [-1, 0], up: [0, -1] },
  3: { right: [-1, 0], up: [0, 1] },
  4: { right: [1, 0], up: [0, 1] },
  5: { right: [0, 1], up: [-1, 0] },
  6: { right: [0, -1], up: [-1, 0] },
  7: { right: [0, -1], up: [1, 0] },
  8: { right: [0, 1], up: [1, 0] },
};

/** The directions that are right and up to the viewer, as steps in FITS pixel coordinates (columns, rows of the file). */
export function displayAxes({ rowOrder, exifOrientation = 1 }: DisplayOptions): Axes {
  const { right, up } = VIEWER[exifOrientation] ?? AS_STORED;
  const down = rowOrder === 'top-down' ? 1 : -1;
  return { right: [right[0], right[1] * down], up: [up[0], up[1] * down] };
}

/** Size of a stored image once it is turned upright. */
export function displaySize({ width, height }: Size, options: DisplayOptions): Size {
  return displayAxes(options).right[0] === 0 ? { width: height, height: width } : { width, height };
}

/** The upright image in its original size, and the way between its points and the stored pixels. */
export interface DisplayFrame extends Size {
  /** From a pixel of the stored image (FITS convention: the first pixel's centre is (1, 1)). */
  toPicture(x: number, y: number): Point;
  toPixel(point: Point): [x: number, y: number];
}

export function displayFrame(stored: Size, options: DisplayOptions): DisplayFrame {
  const { right, up } = displayAxes(options);
  const { width, height } = displaySize(stored, options);
  const [midX, midY] = [(stored.width + 1) / 2, (stored.height + 1) / 2];
  return {
    width,
    height,
    toPicture(x, y) {
      const [dx, dy] = [x - midX, y - midY];
      return [width / 2 + dx * right[0] + dy * right[1], height / 2 - (dx * up[0] + dy * up[1])];
    },
    toPixel([x, y]) {
      const [along, above] = [x - width / 2, height / 2 - y];
      return [midX + along * right[0] + above * up[0], midY + along * right[1] + above * up[1]];
    },
  };
}
