import { describe, expect, it, test } from 'vitest';
import { parseHeader } from '../../src/fits/header.js';
import { displayFrame } from '../../src/wcs/display.js';
import { encodeWcs } from '../../src/wcs/encode.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { equatorialGrid } from '../../src/wcs/grid.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { withInverse } from '../../src/wcs/sip-inverse.js';
import { destination, separation } from '../../src/wcs/sphere.js';
import { pixelsToSky, pixelToSky, skyToPixel } from '../../src/wcs/tan-sip.js';
import { createView, viewOf } from '../../src/wcs/view.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { type FisheyeCode, LENS_NAMES, zenithalAngle, zenithalRadius } from '../../src/wcs/zenithal.js';

const CODES: FisheyeCode[] = ['ARC', 'ZEA', 'STG', 'SIN'];
const RADIUS = 450;
const DISPLAY = { rowOrder: 'top-down' } as const;

/** An all-sky image of 1000 × 960 pixels, turned by 30°, its axis off the middle; 90° from the axis lie on the circle but for the distortion. */
function allSky(code: FisheyeCode, more: Partial<Wcs> = {}): Wcs {
  const scale = ((180 / Math.PI) * zenithalRadius(code, Math.PI / 2)) / RADIUS;
  const [sin, cos] = [Math.sin(Math.PI / 6) * scale, Math.cos(Math.PI / 6) * scale];
  return {
    crval: [200, 48],
    crpix: [510, 470],
    cd: [
      [-cos, sin],
      [sin, cos],
    ],
    width: 1000,
    height: 960,
    projection: code,
    circle: { x: 510, y: 470, radius: RADIUS * 0.995 },
    ...more,
  };
}

/** A radius that is 2 % off at the circle's edge. */
const bent: Wcs['sip'] = {
  a: [[0, 0, 0, 0], [0, 0, -1e-7], [0, 0], [-1e-7]],
  b: [[0, 0, 0, -1e-7], [0, 0, 0], [0, -1e-7], [0]],
};

describe.each(CODES)('the projection %s', (code) => {
  it('is its own inverse', () => {
    for (let angle = 0.01; angle < Math.PI / 2; angle += 0.05)
      expect(zenithalAngle(code, zenithalRadius(code, angle))).toBeCloseTo(angle, 12);
  });

  it.each([
    ['without distortion', {}],
    ['with it', { sip: bent }],
  ])('maps every pixel of the circle to the sky and back, %s', (_, more) => {
    const wcs = withInverse(allSky(code, more));
    let seen = 0;
    for (let x = 1; x <= wcs.width; x += 23)
      for (let y = 1; y <= wcs.height; y += 23) {
        const [ra, dec] = pixelToSky(wcs, x, y);
        const isInside = Math.hypot(x - 510, y - 470) <= RADIUS * 0.995;
        expect(Number.isNaN(ra)).toBe(!isInside);
        if (!isInside) continue;
        seen++;
        const back = skyToPixel(wcs, ra, dec);
        expect(back?.[0]).toBeCloseTo(x, 6);
        expect(back?.[1]).toBeCloseTo(y, 6);
      }
    expect(seen).toBeGreaterThan(1000);
  });

  it('puts a place at its distance from the axis', () => {
    const wcs = allSky(code);
    for (const angle of [5, 40, 80]) {
      const pixel = skyToPixel(wcs, ...destination(...wcs.crval, 137, angle));
      const distance = pixel && Math.hypot(pixel[0] - 510, pixel[1] - 470);
      const law = zenithalRadius(code, (angle * Math.PI) / 180) / zenithalRadius(code, Math.PI / 2);
      expect(distance).toBeCloseTo(RADIUS * law, 6);
    }
  });

  it('has no pixel for a place below the horizon', () => {
    const wcs = allSky(code, { sip: bent });
    for (const angle of [100, 140, 179])
      expect(skyToPixel(wcs, ...destination(...wcs.crval, 20, angle))).toBeUndefined();
  });

  it('is written as a FITS header and read back', () => {
    const wcs = withInverse(allSky(code, { sip: bent }));
    expect(parseWcs(parseHeader(encodeWcs(wcs)))).toEqual(wcs);
    expect(Buffer.from(encodeWcs(wcs)).toString('latin1')).toContain(`'RA---${code}-SIP'`);
  });

  it('has the geometry that the contract asks for', () => {
    const wcs = allSky(code);
    const geometry = fieldGeometry(wcs, DISPLAY);
    expect(geometry.projection).toBe(LENS_NAMES[code]);
    expect(geometry.corners).toBeUndefined();
    expect(geometry.image_circle).toEqual(wcs.circle);
    // Chords through the middle of the picture, which is not that of the circle.
    for (const size of geometry.fov_deg) expect(size).toBeGreaterThan(150);
    const [ra, dec] = [geometry.ra_center, geometry.dec_center];
    const step = (dx: number, dy: number) => separation(ra, dec, ...pixelToSky(wcs, 500.5 + dx, 480.5 + dy));
    expect(geometry.pixscale_arcsec).toBeCloseTo(3600 * Math.sqrt(step(1, 0) * step(0, 1)), 0);
    expect(geometry.radius_deg).toBeGreaterThan(80);
    expect(geometry.radius_deg).toBeLessThan(100);
  });
});

test('a field of more than 180° is measured through its middle', () => {
  const wcs = allSky('ARC', { crpix: [500.5, 480.5], circle: { x: 500.5, y: 480.5, radius: 475 } });
  const { fov_deg } = fieldGeometry(wcs, DISPLAY);
  expect(fov_deg[0]).toBeCloseTo((180 * 475) / RADIUS, 5);
});

test('a fisheye image that the sky fills has corners', () => {
  const { circle, ...wcs } = allSky('STG', { crpix: [500, 300], width: 700, height: 500 });
  const geometry = fieldGeometry(wcs, DISPLAY);
  expect(geometry.corners).toHaveLength(4);
  expect(geometry.image_circle).toBeUndefined();
});

test('many pixels at once are NaN where there is no sky', () => {
  const { ra_deg } = pixelsToSky(allSky('ZEA'), Float64Array.of(1, 510), Float64Array.of(1, 470));
  expect(ra_deg[0]).toBeNaN();
  expect(ra_deg[1]).toBeCloseTo(200, 9);
});

describe('the grid of an all-sky image', () => {
  it('lies inside the circle', () => {
    const wcs = allSky('ARC');
    const view = createView(wcs, DISPLAY, 500);
    const lines = equatorialGrid(view);
    expect(lines.filter(({ kind }) => kind === 'ra').length).toBeGreaterThan(3);
    expect(lines.filter(({ kind }) => kind === 'dec').length).toBeGreaterThan(2);
    for (const point of lines.flatMap(({ pieces }) => pieces.flat()))
      expect(Math.hypot(point[0] * 2 - 509.5, point[1] * 2 - 469.5)).toBeLessThan(RADIUS);
  });

  it('is drawn though the view is zoomed in beside the circle', () => {
    const wcs = allSky('ARC');
    const view = viewOf(
      wcs,
      displayFrame(wcs, DISPLAY),
      { width: 300, height: 300 },
      { x: 0, y: 0, width: 4000, height: 3840 },
    );
    expect(view.scale).toBeGreaterThan(0);
    expect(
      equatorialGrid(view)
        .flatMap(({ pieces }) => pieces.flat())
        .every(([x, y]) => Number.isFinite(x + y)),
    ).toBe(true);
  });
});
