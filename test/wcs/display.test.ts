import { describe, expect, test } from 'vitest';
import { displayFrame, displaySize } from '../../src/wcs/display.js';

const STORED = { width: 6, height: 4 };
/** EXIF Orientation → where the first pixel of the first row is seen, in parts of the upright width and height. */
const FIRST: [number, [number, number]][] = [
  [1, [0, 0]],
  [2, [1, 0]],
  [3, [1, 1]],
  [4, [0, 1]],
  [5, [0, 0]],
  [6, [1, 0]],
  [7, [1, 1]],
  [8, [0, 1]],
];

describe('the upright frame', () => {
  test.each(FIRST)(
    'EXIF orientation %i: the outer corner of the first pixel is seen at %j',
    (orientation, at) => {
      const options = { rowOrder: 'top-down', exifOrientation: orientation } as const;
      const frame = displayFrame(STORED, options);
      expect(displaySize(STORED, options)).toEqual(orientation > 4 ? { width: 4, height: 6 } : STORED);
      expect(frame.toPicture(0.5, 0.5)).toEqual([at[0] * frame.width, at[1] * frame.height]);
      // A row of the file is seen upright when the picture is turned by a quarter.
      const [[x1, y1], [x2, y2]] = [frame.toPicture(1, 1), frame.toPicture(2, 1)];
      expect([Math.abs(x2 - x1), Math.abs(y2 - y1)]).toEqual(orientation > 4 ? [0, 1] : [1, 0]);
      const pixels: [number, number][] = [
        [0.5, 0.5],
        [2, 3],
        [6.5, 1.25],
      ];
      for (const pixel of pixels) expect(frame.toPixel(frame.toPicture(...pixel))).toEqual(pixel);
    },
  );

  test('the first row of a bottom-up file is the lowest', () => {
    const frame = displayFrame(STORED, { rowOrder: 'bottom-up' });
    expect(frame.toPicture(1, 1)).toEqual([0.5, 3.5]);
    expect(frame.toPicture(6, 4)).toEqual([5.5, 0.5]);
  });

  test('an orientation that EXIF does not know is none', () => {
    const frame = displayFrame(STORED, { rowOrder: 'top-down', exifOrientation: 9 });
    expect(frame.toPicture(1, 1)).toEqual([0.5, 0.5]);
  });
});
