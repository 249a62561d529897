import { describe, expect, test } from 'vitest';
import { displayFrame } from '../../src/wcs/display.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { createView, directionInView, radiusInView, viewOf } from '../../src/wcs/view.js';
import { framedWcs } from '../sky/projection.js';

describe('the view of a whole picture', () => {
  const orientations = [1, 2, 3, 4, 5, 6, 7, 8];
  test.each(
    orientations.flatMap((exifOrientation) =>
      (['top-down', 'bottom-up'] as const).map((rowOrder) => ({ exifOrientation, rowOrder })),
    ),
  )(
    'EXIF orientation $exifOrientation, $rowOrder: up in the picture is up on the sky as the document says, and back again',
    (shown) => {
      const wcs = framedWcs({
        ra_deg: 120,
        dec_deg: 35,
        width: 900,
        height: 600,
        pixscale_arcsec: 20,
        orientation_deg: 25,
        parity: 1,
      });
      const view = createView(wcs, shown, 450);
      const { display_up_deg, corners } = fieldGeometry(wcs, shown);
      const near = (place: number[] | undefined) => place?.map((value) => expect.closeTo(value, 9));
      expect(view.width / view.height).toBeCloseTo(shown.exifOrientation > 4 ? 2 / 3 : 3 / 2, 5);
      const [x, y] = view.fromSky(...view.center)!;
      expect([x, y]).toEqual([expect.closeTo(view.width / 2, 6), expect.closeTo(view.height / 2, 6)]);
      expect(view.toSky(0, 0)).toEqual(near(corners![0]));
      expect(view.toSky(view.width, 0)).toEqual(near(corners![1]));
      const [ra, dec] = view.toSky(x, y - 1);
      const north = (dec - view.center[1]) as number;
      const east = (ra - view.center[0]) * Math.cos((dec * Math.PI) / 180);
      expect((Math.atan2(east, north) * 180) / Math.PI).toBeCloseTo(display_up_deg, 1);
      const back = view.fromSky(...view.toSky(100, 70))!;
      expect(back).toEqual([expect.closeTo(100, 6), expect.closeTo(70, 6)]);
    },
  );
});

describe('a view in which the picture takes a part', () => {
  const wcs = framedWcs({
    ra_deg: 120,
    dec_deg: 35,
    width: 900,
    height: 600,
    pixscale_arcsec: 20,
    orientation_deg: 25,
    parity: 1,
  });
  const options = { rowOrder: 'top-down', exifOrientation: 6 } as const;
  const frame = displayFrame(wcs, options);
  const screen = { width: 500, height: 400 };

  test('agrees with the view of the whole picture, moved and scaled', () => {
    const whole = createView(wcs, options, frame.width);
    const zoomed = viewOf(wcs, frame, screen, { x: -50, y: -200, width: 1200, height: 1800 });
    const place = whole.toSky(100, 130);
    expect(zoomed.fromSky(...place)).toEqual([expect.closeTo(150, 6), expect.closeTo(60, 6)]);
    expect(zoomed.toSky(150, 60)).toEqual([expect.closeTo(place[0], 9), expect.closeTo(place[1], 9)]);
    expect(zoomed.scale).toBeCloseTo(2 * whole.scale, 0);
    expect(zoomed.scale).toBeCloseTo((2 * 3600) / 20, 0);
  });

  test('knows where the picture is seen', () => {
    const visible = (x: number, y: number, width: number, height: number) =>
      viewOf(wcs, frame, screen, { x, y, width, height }).visible;
    expect(visible(-50, -200, 1200, 1800)).toEqual({ x: 0, y: 0, ...screen });
    expect(visible(100, -10, 200, 300)).toEqual({ x: 100, y: 0, width: 200, height: 290 });
    expect(visible(600, 0, 200, 300)).toMatchObject({ width: 0 });
  });

  test('measures circles and directions where they are', () => {
    const whole = createView(wcs, options, frame.width);
    const place = whole.toSky(300, 450);
    expect(radiusInView(whole, ...place, 0.5)).toBeCloseTo((0.5 * 3600) / 20, 0);
    const zoomed = viewOf(wcs, frame, screen, { x: -50, y: -200, width: 1200, height: 1800 });
    const [x, y] = directionInView(zoomed, 0);
    const [, dec] = zoomed.toSky(250 + 20 * x, 200 + 20 * y);
    expect(dec - zoomed.center[1]).toBeCloseTo(20 / zoomed.scale, 4);
    expect(Math.hypot(...directionInView(zoomed, 90))).toBeCloseTo(1, 12);
  });
});
