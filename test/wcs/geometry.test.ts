import { describe, expect, test } from 'vitest';
import type { DisplayOptions } from '../../src/wcs/display.js';
import { fieldGeometry, stepPositionAngle } from '../../src/wcs/geometry.js';
import { normalizeSigned, positionAngle, separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';

/** A picture whose up (+y) lies at a position angle; `mirrored` puts east on the right when north is up. */
function picture(up_deg: number, mirrored: boolean, crval: [number, number] = [120, 35]): Wcs {
  const angle = (up_deg * Math.PI) / 180;
  const side = mirrored ? 1 : -1;
  const scale = 0.01;
  return {
    crval,
    crpix: [150.5, 100.5],
    cd: [
      [side * scale * Math.cos(angle), scale * Math.sin(angle)],
      [-side * scale * Math.sin(angle), scale * Math.cos(angle)],
    ],
    width: 300,
    height: 200,
  };
}

/** A stored picture as a viewer shows it: which stored pixel (column and row from 0) stands at a place of the display. */
function storedPixel(
  orientation: number,
  x: number,
  y: number,
  columns: number,
  rows: number,
): [number, number] {
  const [right, bottom] = [columns - 1, rows - 1];
  const places: [number, number][] = [
    [x, y],
    [right - x, y],
    [right - x, bottom - y],
    [x, bottom - y],
    [y, x],
    [y, bottom - x],
    [right - y, bottom - x],
    [right - y, x],
  ];
  // Orientations are 1 to 8.
  return places[orientation - 1]!;
}

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const cases = ['top-down' as const, 'bottom-up' as const].flatMap((rowOrder) =>
  ORIENTATIONS.flatMap((exifOrientation) =>
    [0, 90, 180, -90, 33].flatMap((up) =>
      [false, true].map((flipped) => ({ rowOrder, exifOrientation, up, flipped })),
    ),
  ),
);

describe('what a person sees', () => {
  test.each(cases)('$rowOrder, orientation $exifOrientation, +y at $up°, flipped $flipped', (one) => {
    const wcs = picture(one.up, one.flipped);
    const geometry = fieldGeometry(wcs, one as DisplayOptions);
    const turned = one.exifOrientation >= 5;
    const [across, down] = turned ? [wcs.height, wcs.width] : [wcs.width, wcs.height];
    // The display, pixel by pixel, from the definition of the tag alone.
    const skyAt = (x: number, y: number) => {
      const [column, row] = storedPixel(one.exifOrientation, x, y, wcs.width, wcs.height);
      return pixelToSky(wcs, column + 1, one.rowOrder === 'top-down' ? row + 1 : wcs.height - row);
    };
    const middle = [(across - 1) / 2, (down - 1) / 2] as const;
    const center = skyAt(...middle);
    expect(center).toEqual([geometry.ra_center, geometry.dec_center]);
    const upwards = positionAngle(...center, ...skyAt(middle[0], middle[1] - 0.01));
    const rightwards = positionAngle(...center, ...skyAt(middle[0] + 0.01, middle[1]));
    expect(normalizeSigned(geometry.display_up_deg - upwards)).toBeCloseTo(0, 4);
    // On the sky as it is, with north up, west is on the right: a quarter turn back.
    expect(Math.sign(normalizeSigned(rightwards - upwards))).toBe(geometry.mirrored ? 1 : -1);
    const corners = [
      skyAt(-0.5, -0.5),
      skyAt(across - 0.5, -0.5),
      skyAt(across - 0.5, down - 0.5),
      skyAt(-0.5, down - 0.5),
    ];
    corners.forEach((corner, i) => {
      expect(separation(...corner, ...(geometry.corners![i] as [number, number]))).toBeLessThan(1e-9);
    });
  });

  test('an orientation that EXIF does not know counts as none', () => {
    const wcs = picture(20, false);
    const plain = fieldGeometry(wcs, { rowOrder: 'top-down' });
    expect(fieldGeometry(wcs, { rowOrder: 'top-down', exifOrientation: 0 })).toEqual(plain);
    expect(fieldGeometry(wcs, { rowOrder: 'top-down', exifOrientation: 9 })).toEqual(plain);
  });
});

describe('position angle of a step', () => {
  test.each([[[120, 35]], [[0.001, -70]], [[300, 89.5]], [[10, -89.9]]] as [[number, number]][])(
    'agrees with a short arc, distortion included, at %j',
    (crval) => {
      const wcs: Wcs = {
        ...picture(77, true, crval),
        sip: { a: [[0, 0, 1e-5], [0, 3e-5], [2e-5]], b: [[0, 0, -1e-5], [0, 1e-5], [4e-5]] },
      };
      for (const [x, y] of [
        [20, 180],
        [280, 3],
      ] as const) {
        for (const [dx, dy] of [
          [1, 0],
          [0, 1],
          [-3, 2],
        ] as const) {
          const there = pixelToSky(wcs, x + dx * 1e-4, y + dy * 1e-4);
          const arc = positionAngle(...pixelToSky(wcs, x, y), ...there);
          expect(normalizeSigned(stepPositionAngle(wcs, x, y, dx, dy) - arc)).toBeCloseTo(0, 3);
        }
      }
    },
  );
});

describe('angles', () => {
  test('orientation is in (−180, 180], and up to the eye of an upside-down picture is not up of +y', () => {
    const geometry = fieldGeometry(picture(180, false), { rowOrder: 'top-down' });
    expect(geometry.orientation_deg).toBeCloseTo(180, 9);
    expect(geometry.display_up_deg).toBeCloseTo(0, 9);
  });
});
