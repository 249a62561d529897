import { expect, it } from 'vitest';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { aboutCentre, rowsFromLast, tangentAtCentre } from '../../src/wcs/tangent.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { separation_deg } from '../sky/projection.js';

/** 15° by 10° with barrel distortion, its reference point off the middle, as solve-field leaves it. */
const BENT: Wcs = {
  crval: [81.9, -3.2],
  crpix: [1166, 574],
  cd: [
    [-0.00829, 0.00174],
    [-0.00174, -0.0083],
  ],
  width: 1800,
  height: 1200,
  sip: {
    a: [[0, 0, 2e-6, 0], [0, 1e-6, -4e-9], [3e-6, 0], [-4e-9]],
    b: [[0, 0, -1e-6, -4e-9], [0, 2e-6, 0], [1e-6, -4e-9], [0]],
  },
};
const PIXEL_DEG = 30 / 3600;
const POINTS = [
  [1, 1],
  [1800, 1],
  [900.5, 600.5],
  [1, 1200],
  [1800, 1200],
  [300, 900],
] as const;

it('a solution about the centre of the image says the same of every pixel', () => {
  const moved = aboutCentre(BENT);
  expect(moved.crpix).toEqual([900.5, 600.5]);
  for (const [x, y] of POINTS)
    expect(separation_deg(pixelToSky(moved, x, y), pixelToSky(BENT, x, y)) / PIXEL_DEG).toBeLessThan(0.02);
  expect(aboutCentre(moved)).toBe(moved);
});

it('the plane at the centre has its place and the slope there', () => {
  const plane = tangentAtCentre(BENT);
  expect(plane.sip).toBeUndefined();
  for (const [dx, dy] of [
    [0, 0],
    [3, 0],
    [0, 3],
    [-2, 2],
  ] as const) {
    const [x, y] = [900.5 + dx, 600.5 + dy];
    expect(separation_deg(pixelToSky(plane, x, y), pixelToSky(BENT, x, y)) / PIXEL_DEG).toBeLessThan(1e-3);
  }
  const fisheye: Wcs = { ...BENT, sip: undefined!, projection: 'ARC', crpix: [700, 700] };
  const touching = tangentAtCentre({ ...fisheye });
  expect(
    separation_deg(pixelToSky(touching, 902, 599), pixelToSky(fisheye, 902, 599)) / PIXEL_DEG,
  ).toBeLessThan(1e-3);
});

it('rows counted from the last one are the same rows', () => {
  const turned = rowsFromLast(aboutCentre(BENT));
  for (const [x, y] of POINTS)
    expect(
      separation_deg(pixelToSky(turned, x, BENT.height + 1 - y), pixelToSky(aboutCentre(BENT), x, y)) /
        PIXEL_DEG,
    ).toBeLessThan(1e-6);
});
