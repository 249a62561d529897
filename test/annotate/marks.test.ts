import { describe, expect, test } from 'vitest';
import { type OverlayOptions, overlaySvg } from '../../src/annotate/overlay.js';
import { solarSystemSymbol } from '../../src/annotate/planet-symbols.js';
import type { AstroObject } from '../../src/job/astrometry.js';
import { separation } from '../../src/wcs/sphere.js';
import { createView } from '../../src/wcs/view.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { frame } from '../catalog/support.js';
import { framedWcs } from '../sky/projection.js';
import { resultOf } from './support.js';
import { pointsOf } from './svg-shapes.js';

const display = { rowOrder: 'top-down' } as const;
const draw = (wcs: Wcs, options: Partial<OverlayOptions> & { objects?: AstroObject[] }) => {
  const { objects, ...rest } = options;
  return overlaySvg(resultOf(wcs, options.display ?? display, objects ? { objects } : {}), wcs, {
    display,
    width: 1000,
    ...rest,
  }).svg;
};

describe('Sun, Moon and planets', () => {
  const wcs = frame(100, 20, 10, 1000);
  const bodies = [
    'Sun',
    'Moon',
    'Mercury',
    'Venus',
    'Mars',
    'Jupiter',
    'Saturn',
    'Uranus',
    'Neptune',
    'Pluto',
  ];
  const bodyAt = (name: string, size_arcmin?: number): AstroObject => ({
    name,
    catalog: 'solar-system',
    type: 'planet',
    ra_deg: 101,
    dec_deg: 21,
    sep_arcmin: 80,
    ...(size_arcmin !== undefined && { size_arcmin }),
  });

  test.each(bodies)('%s has its own symbol, where it is', (name) => {
    const svg = draw(wcs, { objects: [bodyAt(name)] });
    const symbol = solarSystemSymbol(name)!;
    const found = svg.match(/<g id="objects-solar-system"[\s\S]*?\n<\/g>/)?.[0] ?? '';
    expect(found).toContain(` d="${symbol}"`);
    const [, x, y] = /translate\(([\d.]+) ([\d.]+)\)/.exec(found) ?? [];
    const view = createView(wcs, display, 1000);
    expect(separation(101, 21, ...view.toSky(Number(x), Number(y))) * 3600).toBeLessThan(1);
    expect(bodies.filter((other) => solarSystemSymbol(other) === symbol)).toEqual([name]);
  });

  test('symbols stay within the space that a sign has', () => {
    for (const name of bodies)
      for (const [, number] of solarSystemSymbol(name)!.matchAll(/(?:^|[^A-Za-z\d.])(-?\d+(?:\.\d+)?)/g))
        expect(Math.abs(Number(number))).toBeLessThanOrEqual(2);
  });

  test('what is seen as a disk is drawn as one, at its size', () => {
    const svg = draw(wcs, { objects: [bodyAt('Moon', 31)] });
    expect(svg).not.toContain(solarSystemSymbol('Moon')!);
    const [, radius] = /<title>Moon<\/title><circle [^>]*r="([\d.]+)"/.exec(svg) ?? [];
    expect(Number(radius)).toBeCloseTo((31 / 120) * 100, 0);
  });

  test('what moves and has no symbol has a ring', () => {
    const svg = draw(wcs, { objects: [bodyAt('Ceres')] });
    expect(svg).toMatch(/<title>Ceres<\/title><circle /);
  });
});

describe('great circles', () => {
  // Where equator and ecliptic cross, and where the galactic equator crosses the celestial one (Gould's Belt aside): RA 18h 51.4m.
  const lines = [
    ['equator', frame(40, 0, 8, 1000), (_: number, dec: number) => dec],
    [
      'ecliptic',
      frame(90, 23.4, 8, 1000),
      (ra: number, dec: number) => {
        const [a, d, e] = [ra, dec, 23.4392911].map((value) => (value * Math.PI) / 180) as [
          number,
          number,
          number,
        ];
        return (
          (Math.asin(Math.sin(d) * Math.cos(e) - Math.cos(d) * Math.sin(e) * Math.sin(a)) * 180) / Math.PI
        );
      },
    ],
    [
      'galactic',
      frame(282.86, 0, 8, 1000),
      (ra: number, dec: number) => 90 - separation(ra, dec, 192.85948, 27.12825),
    ],
  ] as const;

  test.each(lines)('the %s is drawn where it is, and only if it is asked for', (layer, wcs, latitude) => {
    expect(draw(wcs, {})).not.toContain(`id="${layer}"`);
    const svg = draw(wcs, { layers: [layer] });
    const [, group = ''] = new RegExp(`<g id="${layer}">(.*?)</g>`).exec(svg) ?? [];
    const points = pointsOf(/ d="([^"]+)"/.exec(group)?.[1] ?? '');
    expect(points.length).toBeGreaterThan(10);
    const view = createView(wcs, display, 1000);
    for (const point of points) expect(Math.abs(latitude(...view.toSky(...point)))).toBeLessThan(0.001);
    // It has its name.
    expect(group.match(/<path/g)).toHaveLength(2);
  });
});

describe('scale bar and compass', () => {
  const turned = (orientation_deg: number, parity: 1 | -1): Wcs =>
    framedWcs({
      ra_deg: 50,
      dec_deg: 40,
      width: 1000,
      height: 700,
      pixscale_arcsec: 36,
      orientation_deg,
      parity,
    });

  test('the bar is as long as the round angle that it names', () => {
    for (const width_deg of [0.2, 2, 9, 40]) {
      const wcs = frame(50, 0, width_deg, 1000);
      const svg = draw(wcs, { layers: ['caption'] });
      const [, group = ''] = /<g id="scale">(.*?)<\/g>/.exec(svg) ?? [];
      const [, left, right] = /d="M([\d.]+) [\d.]+V[\d.]+H([\d.]+)V/.exec(group) ?? [];
      const y = 333;
      const view = createView(wcs, display, 1000);
      const half = (Number(right) - Number(left)) / 2;
      const arcsec = separation(...view.toSky(500 - half, y), ...view.toSky(500 + half, y)) * 3600;
      const unit = [1, 60, 3600].findLast((size) => size <= arcsec * 1.01)!;
      const count = arcsec / unit;
      const nearest = [1, 2, 5, 10, 15, 30].reduce((best, one) =>
        Math.abs(one - count) < Math.abs(best - count) ? one : best,
      );
      expect(Math.abs(count / nearest - 1), `${width_deg}°`).toBeLessThan(0.03);
    }
  });

  const cases = [0, 30, 90, 200].flatMap((orientation) =>
    ([1, -1] as const).flatMap((parity) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((exif) => [orientation, parity, exif] as const),
    ),
  );
  test.each(cases)(
    'the compass points north and east: turned %i°, parity %i, EXIF %i',
    (orientation, parity, exif) => {
      const wcs = turned(orientation, parity);
      const options = { rowOrder: 'top-down', exifOrientation: exif } as const;
      const svg = draw(wcs, { layers: ['caption'], display: options });
      const [, group = ''] = /<g id="compass">(.*?)<\/g>/.exec(svg) ?? [];
      const arrows = [...group.matchAll(/stroke="#(?!05080c)[^>]*>/g)];
      expect(arrows).toHaveLength(2);
      const lines = [...group.matchAll(/<path d="M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)M/g)].map((found) =>
        found.slice(1).map(Number),
      );
      const view = createView(wcs, options, 1000);
      const [x, y] = [view.width / 2, view.height / 2];
      const directionOf = ([x1 = 0, y1 = 0, x2 = 0, y2 = 0]: number[]) => {
        const length = Math.hypot(x2 - x1, y2 - y1);
        return [(x2 - x1) / length, (y2 - y1) / length] as const;
      };
      // East first, each with its halo.
      const [east, north] = [directionOf(lines[0]!), directionOf(lines[2]!)];
      const [ra, dec] = view.toSky(x, y);
      const [, decNorth] = view.toSky(x + 10 * north[0], y + 10 * north[1]);
      const [raEast, decEast] = view.toSky(x + 10 * east[0], y + 10 * east[1]);
      const step = 10 / view.scale;
      expect(decNorth - dec).toBeCloseTo(step, 3);
      expect((raEast - ra) * Math.cos((dec * Math.PI) / 180)).toBeCloseTo(step, 3);
      expect(Math.abs(decEast - dec)).toBeLessThan(step / 100);
    },
  );
});

test('what matters most is drawn last: no outline of a cluster crosses the name of a bright star', () => {
  const svg = draw(frame(84, -2, 12, 1000), {});
  const at = (title: string) => svg.indexOf(`<title>${title}`);
  expect(at('Cr 70')).toBeGreaterThan(0);
  expect(at('Alnitak')).toBeGreaterThan(at('Cr 70'));
  expect(at('M 42')).toBeGreaterThan(at('NGC 1981'));
  expect(at('M 42')).toBeGreaterThan(at('M 43'));
});
