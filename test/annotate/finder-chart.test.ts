import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { brightestStars, packagedStars } from '../../src/annotate/chart-stars.js';
import { finderChart } from '../../src/annotate/finder-chart.js';
import { StarCatalog } from '../../src/engine/star-catalog.js';
import { packageFile } from '../../src/package-files.js';
import { frameOutline } from '../../src/wcs/frame-outline.js';
import { separation } from '../../src/wcs/sphere.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { framedWcs, positionAngle_deg, separation_deg } from '../sky/projection.js';
import { resultOf } from './support.js';
import { circlesOf, pointsOf } from './svg-shapes.js';

const display = { rowOrder: 'top-down' } as const;
const WIDTH = 1600;
const [MID_X, MID_Y] = [WIDTH / 2, (WIDTH * 3) / 8];

const orion = framedWcs({
  ra_deg: 84,
  dec_deg: -3,
  width: 1500,
  height: 1000,
  pixscale_arcsec: 20,
  orientation_deg: 35,
  parity: 1,
});
const mirrored = framedWcs({
  ra_deg: 84,
  dec_deg: -3,
  width: 1500,
  height: 1000,
  pixscale_arcsec: 20,
  orientation_deg: 35,
  parity: -1,
});
const SIP: Wcs['sip'] = {
  a: [[0, 0, 0, 0], [0, 0, 4e-8], [0, 0], [4e-8]],
  b: [[0, 0, 0, 4e-8], [0, 0, 0], [0, 4e-8], [0]],
};
const fisheye: Wcs = {
  crval: [84, 20],
  crpix: [500, 500],
  cd: [
    [-0.19, 0.02],
    [0.02, 0.19],
  ],
  width: 1000,
  height: 1000,
  projection: 'ARC',
  circle: { x: 500, y: 500, radius: 470 },
};

/** Where a place stands on a stereographic chart, reckoned from distance and position angle. */
function stereographic(center: [number, number], scale: number, place: readonly [number, number]) {
  const angle = (positionAngle_deg(center, [...place]) * Math.PI) / 180;
  const radius = scale * 2 * Math.tan((separation_deg(center, [...place]) * Math.PI) / 360);
  return [MID_X - radius * Math.sin(angle), MID_Y - radius * Math.cos(angle)] as const;
}

describe('a finder chart', () => {
  test.each([
    ['plain', orion],
    ['mirrored', mirrored],
    ['distorted', { ...orion, sip: SIP! }],
    ['of a fisheye lens', fisheye],
  ] as const)('%s has the frame of the picture where it is, as the sky is seen', (_, wcs) => {
    const result = resultOf(wcs, display);
    const { ra_center, dec_center } = result.astrometry;
    const center: [number, number] = [ra_center, dec_center];
    const { svg, width, height } = finderChart(result, wcs, { width: WIDTH });
    expect([width, height]).toEqual([WIDTH, (WIDTH * 3) / 4]);
    const outline = frameOutline(wcs);
    const corner = Math.max(...outline.map((place) => separation(...center, ...place)));
    const reach = Math.min(2 * corner, corner + 20);
    const scale = height / 2 / (2 * Math.tan((reach * Math.PI) / 360));
    const [, fields = ''] = /<g id="fields"[^>]*>(.*?)<\/g>/.exec(svg) ?? [];
    const drawn = pointsOf(/ d="([^"]+)"/.exec(fields)![1]!);
    for (const place of outline) {
      const [x, y] = stereographic(center, scale, place);
      const away = Math.min(...drawn.map(([a, b]) => Math.hypot(a - x, b - y)));
      expect(away).toBeLessThan(0.5);
    }
  });

  test('has black stars on white, the brighter the larger, where they are', () => {
    const result = resultOf(orion, display);
    const { svg, height } = finderChart(result, orion, { width: WIDTH });
    expect(svg.includes('<rect width="1600" height="1200" fill="#ffffff"/>')).toBe(true);
    const dots = circlesOf(svg, 'stars');
    expect(dots.length).toBeGreaterThan(500);
    const corner = Math.max(...frameOutline(orion).map((place) => separation(84, -3, ...place)));
    const scale = height / 2 / (2 * Math.tan((2 * corner * Math.PI) / 360));
    const radiusAt = (place: [number, number]) => {
      const [x, y] = stereographic([84, -3], scale, place);
      return dots.find((dot) => Math.hypot(dot.x - x, dot.y - y) < 1)?.r ?? 0;
    };
    // Rigel 0.1, Alnilam 1.7, π⁵ Ori 3.7, ω Ori 4.6.
    const radii = [radiusAt([78.634, -8.202]), radiusAt([84.053, -1.202]), radiusAt([84.797, 4.1215])];
    expect(radii.every((radius) => radius > 0)).toBe(true);
    expect(radii.toSorted((a, b) => b - a)).toEqual(radii);
    expect(new Set(radii).size).toBe(3);
  });

  test('tells which dot is of which magnitude, by the very dots', () => {
    const { svg } = finderChart(resultOf(orion, display), orion, { width: WIDTH });
    const legend = circlesOf(svg, 'magnitudes').map(({ r }) => r);
    expect(legend.length).toBeGreaterThanOrEqual(4);
    expect(legend.toSorted((a, b) => b - a)).toEqual(legend);
    const stars = circlesOf(svg, 'stars').map(({ r }) => r);
    expect(Math.min(...stars)).toBeLessThanOrEqual(legend.at(-1)!);
    expect(Math.max(...stars)).toBeLessThanOrEqual(legend[0]! + 1);
  });

  test('shows the sky around, with what is beside the picture, and no star twice', () => {
    const wcs = framedWcs({
      ra_deg: 83.8,
      dec_deg: -5.4,
      width: 1500,
      height: 1000,
      pixscale_arcsec: 5,
      orientation_deg: 0,
      parity: 1,
    });
    const result = resultOf(wcs, display);
    expect(result.astrometry.objects.some(({ name }) => name === 'Flame Nebula')).toBe(false);
    const { svg } = finderChart(result, wcs, { width: WIDTH });
    expect(svg).toMatch(/<title>NGC 1999/);
    const titles = [...svg.matchAll(/<g><title>([^<]+)<\/title>/g)].map(([, title]) => title);
    expect(new Set(titles).size).toBe(titles.length);
    // Stars have no ring: they are dots.
    const [, stars = ''] = /<g id="objects-stars"[^>]*>(.*?)\n<\/g>/s.exec(svg) ?? [];
    expect(stars).toContain('<title>');
    expect(stars).not.toContain('<circle');
  });

  test('of a small picture is 3° high; layers and caption are as they are asked for', () => {
    const small = framedWcs({
      ra_deg: 10,
      dec_deg: 41,
      width: 600,
      height: 400,
      pixscale_arcsec: 1,
      orientation_deg: 0,
      parity: 1,
    });
    const result = resultOf(small, display);
    const bare = finderChart(result, small, { width: 800, layers: [] });
    expect(bare.band).toBe(0);
    expect(bare.svg).not.toMatch(/id="(grid|objects|constellations|caption|magnitudes)/);
    const [, fields = ''] = /<g id="fields"[^>]*>(.*?)<\/g>/.exec(bare.svg) ?? [];
    const xs = pointsOf(/ d="([^"]+)"/.exec(fields)![1]!).map(([x]) => x);
    // 10′ of 3° in 600 pixels.
    expect(Math.max(...xs) - Math.min(...xs)).toBeCloseTo((600 * 10) / 180, 0);
  });
});

describe('the stars of charts', () => {
  test('are unpacked once in the life of a process', () => {
    expect(packagedStars()).toBe(packagedStars());
  });

  test.each([
    [84, -3, 9],
    [250, 89.5, 1.9],
    [10, -89, 120],
  ])('about %f, %f within %f° are those that the catalogue finds by place', (ra, dec, radius) => {
    const catalog = StarCatalog.decode(readFileSync(packageFile('data', 'stars.bin')));
    const numbers = new Int32Array(700);
    const [a, d] = [(ra * Math.PI) / 180, (dec * Math.PI) / 180];
    const direction = [Math.cos(d) * Math.cos(a), Math.cos(d) * Math.sin(a), Math.sin(d)] as const;
    const count = catalog.brightest(...direction, (radius * Math.PI) / 180, 700, numbers);
    const expected = Array.from(numbers.subarray(0, count), (star) => catalog.data.magnitudes[star]!);
    const found = brightestStars([ra, dec], radius, { most: 700, faintest: 12.5 });
    expect(found.map(({ magnitude }) => magnitude)).toEqual(
      expected.filter((magnitude) => magnitude <= 12.5),
    );
    expect(Math.max(...found.map((star) => separation(ra, dec, star.ra_deg, star.dec_deg)))).toBeLessThan(
      radius + 0.001,
    );
  });
});
