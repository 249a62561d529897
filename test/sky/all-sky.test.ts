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
  const link = { job_id: 'a'.repeat(32), href: '#a' };
  const field = { title: '<b>M 61', ra_center: 180, dec_center: 0, corners, link };
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

it('a field without corners, of a fisheye lens, is the circle that it sees', () => {
  const field = { title: 'All sky', ra_center: 60, dec_center: 0, radius_deg: 40 };
  const svg = skyMapSvg([field], { width: 800 });
  const view = allSkyView(800, 8.4 * 2.6);
  const [, path = ''] = /class="field"[\s\S]*?<path d="([^"]+)"/.exec(svg) ?? [];
  const points = [...path.matchAll(/([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) =>
    view.toSky(Number(x), Number(y)),
  );
  expect(points.length).toBeGreaterThan(60);
  for (const [ra, dec] of points) expect(separation(60, 0, ra, dec)).toBeCloseTo(40, 0);
});

it('the map has its constellations named within the sky, dots for stars, and the plane of the galaxy', () => {
  const svg = skyMapSvg([], { width: 1600 });
  for (const group of ['grid', 'galactic', 'constellations', 'stars', 'fields'])
    expect(svg.match(new RegExp(`<g id="${group}"`, 'g')), group).toHaveLength(1);
  const [, names = ''] = /<g id="constellations">(.*)<\/g>/.exec(svg) ?? [];
  expect(names.match(/transform=/g)!.length).toBeGreaterThan(60);
});
