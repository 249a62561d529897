import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sightOf } from '../../src/ephemeris/observer.js';
import { twoBody } from '../../src/ephemeris/orbit.js';
import { planetAt } from '../../src/ephemeris/series.js';
import { minorPlanetOf, noElements, readMinorPlanet } from '../../src/moving/minor-planets.js';
import { twoBodyError } from '../../src/moving/small-body.js';
import { separation } from '../../src/wcs/sphere.js';
import { directionOf, minus, norm, plus, scaled, type Vector } from '../../src/wcs/vector.js';

/**
 * Elements of the Minor Planet Center for 2020 May 31, TT, as MPCORB of that year had them (kept in the project Skyfield,
 * ci/MPCORB.excerpt.DAT, https://github.com/skyfielders/python-skyfield).
 */
const MPCORB = [
  '00001    3.4   0.15 K205V 162.68631   73.73161   80.28698   10.58862  0.0775571  0.21406009   2.7676569  0 MPO492748  6751 115 1801-2019 0.60 M-v 30h Williams   0000      (1) Ceres              20190915',
  '00002    4.2   0.15 K205V 144.97567  310.20237  173.02474   34.83293  0.2299723  0.21334458   2.7738415  0 MPO530953  8031 109 1821-2019 0.58 M-v 28h MPCW       0000      (2) Pallas             20190812',
  '00003    5.2   0.15 K205V 125.43538  248.06618  169.85146   12.99105  0.2569364  0.22612869   2.6682853  0 MPO530953  7023 106 1821-2020 0.59 M-v 38h MPCW       0000      (3) Juno               20200204',
  '00004    3.0   0.15 K205V 204.32771  150.87484  103.80908    7.14190  0.0885158  0.27150657   2.3620141  0 MPO530953  6964 102 1821-2020 0.60 M-p 18h MPCW       0000      (4) Vesta              20200203',
];

const bodies = new Map(
  MPCORB.map((line) => {
    const bytes = Buffer.from(line);
    const elements = noElements();
    expect(readMinorPlanet(bytes, 0, bytes.length, elements)).toBeUndefined();
    const body = minorPlanetOf(bytes, 0, bytes.length, elements);
    return [body.name, body] as const;
  }),
);

const rows = readFileSync(new URL('published.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', ...numbers] = line.split('\t');
    const [jd, x, y, z, vx, vy, vz] = numbers.map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { name, tt: jd - 2_451_545, place: [x, y, z] as Vector, velocity: [vx, vy, vz] as Vector };
  });

/** As it is seen, from the published place at the moment: back by what the body moved while the light travelled. */
function astrometric({ tt, place, velocity }: (typeof rows)[number]): Vector {
  const earth = scaled(minus(planetAt('earth', tt + 0.05), planetAt('earth', tt - 0.05)), 10);
  return minus(place, scaled(plus(velocity, earth), norm(place) / 173.144_632_67));
}

describe('published places of asteroids a month around the epoch of their elements', () => {
  it('are enough to tell', () => {
    const close = rows.filter(({ name, tt }) => Math.abs(tt - bodies.get(name)!.epoch) <= 30);
    expect(close.length).toBeGreaterThanOrEqual(10);
    expect(new Set(close.map(({ name }) => name)).size).toBe(4);
  });

  it.each(rows)('$name on $tt: within 5″, and within what is stated', (row) => {
    const body = bodies.get(row.name)!;
    const observer = planetAt('earth', row.tt);
    const { seen } = sightOf(twoBody(body.orbit), observer, { ms: 0, tt: row.tt });
    const error = separation(...directionOf(seen), ...directionOf(astrometric(row))) * 3600;
    expect(error).toBeLessThan(5);
    expect(error).toBeLessThan(1.5 * twoBodyError(Math.abs(row.tt - body.epoch), norm(seen)));
  });
});
