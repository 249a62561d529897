import { expect, it } from 'vitest';
import { skyMapSvg } from '../../src/annotate/sky-map.js';
import { allSkyView } from '../../src/wcs/all-sky.js';
import { separation } from '../../src/wcs/sphere.js';

const places = Array.from({ length: 500 }, (_, i): [number, number] => [
  (i * 137.508) % 360,
  -89 + (178 * i) / 499,
]);

it('the map of the sky leads there and back, east to the left', () => {
  const view = allSkyView(1000, 10);
  for (const [ra, dec] of places) {
    const [x, y] = view.fromSky(ra, dec)!;
    expect(view.contains([x, y])).toBe(true);
    expect(separation(...view.toSky(x, y), ra, dec), `${ra} ${dec}`).toBeLessThan(1e-4);
  }
  expect(view.fromSky(90, 0)![0]).toBeLessThan(view.fromSky(0, 0)![0]);
  expect(view.toSky(1, 1)).toEqual([Number.NaN, Number.NaN]);
});

it('the map has equal areas', () => {
  const view = allSkyView(1000, 0);
  const { rx, ry } = view.ellipse;
  // A cap of 30° around any place has the same area on the map: counted by pixels, where the edge does not cut it.
  const share = (ra: number, dec: number) => {
    let inside = 0;
    for (let x = 0.5; x < 1000; x += 2)
      for (let y = 0.5; y < 500; y += 2) {
        const [a, d] = view.toSky(x, y);
        if (separation(a, d, ra, dec) < 30) inside += 4;
      }
    return inside / (Math.PI * rx * ry);
  };
  const cap = (1 - Math.cos(Math.PI / 6)) / 2;
  for (const [ra, dec] of [
    [0, 0],
    [80, 40],
    [200, -55],
  ] as const)
    expect(share(ra, dec) / cap).toBeCloseTo(1, 1);
});

it('a field across the edge of the map is drawn in pieces, none of which crosses the sky', () => {
  const corners = [
    [172, 5],
    [172, -5],
    [188, -5],
    [188, 5],
  ] as const;
  const field = { job_id: 'a'.repeat(32), title: '<b>M 61', ra_center: 180, dec_center: 0, corners };
  const svg = skyMapSvg([field], { width: 800 });
  const path = /class="field"[\s\S]*?<path d="([^"]+)"/.exec(svg)![1]!;
  expect(svg).toContain('<title>&lt;b&gt;M 61</title>');
  const pieces = path.split('M').filter((piece) => piece !== '');
  expect(pieces.length).toBeGreaterThan(1);
  for (const piece of pieces) {
    const xs = piece.split('L').map((point) => Number(point.split(' ')[0]));
    expect(Math.max(...xs) - Math.min(...xs)).toBeLessThan(100);
  }
});
