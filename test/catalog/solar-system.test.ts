import { describe, expect, test } from 'vitest';
import { constellationAt } from '../../src/catalog/constellation.js';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { solarSystemBodies } from '../../src/catalog/solar-system.js';
import { separation } from '../../src/wcs/sphere.js';
import { frame } from './support.js';

function body(name: string, ...when: Parameters<typeof solarSystemBodies>) {
  return solarSystemBodies(...when).find((one) => one.name === name)!;
}

function apart(a: string, b: string, ...when: Parameters<typeof solarSystemBodies>): number {
  const [one, other] = [body(a, ...when), body(b, ...when)];
  return separation(one.ra_deg, one.dec_deg, other.ra_deg, other.dec_deg) * 60;
}

describe('events that were predicted and seen', () => {
  test('great conjunction of Jupiter and Saturn, 2020 December 21, 18:20 UT: 6.1′ apart', () => {
    expect(Math.abs(apart('Jupiter', 'Saturn', '2020-12-21T18:20:00Z') - 6.1)).toBeLessThan(0.3);
  });

  test('transit of Venus, 2012 June 6, 01:29:36 UT: least distance 554.4″ from the centre of the Sun', () => {
    expect(apart('Venus', 'Sun', '2012-06-06T01:29:36Z') * 60).toBeCloseTo(554.4, 0);
  });

  test('total eclipse of the Sun, 2017 August 21, 18:25:32 UT at 36.97° N, 87.67° W: the Moon covers the Sun', () => {
    const when = ['2017-08-21T18:25:32Z', { lat: 36.967, lon: -87.672 }] as const;
    expect(apart('Moon', 'Sun', ...when)).toBeLessThan(0.5);
    // Magnitude of the eclipse 1.0306, at the greatest the ratio of the diameters (of a Moon without its mountains).
    const ratio = body('Moon', ...when).size_arcmin! / body('Sun', ...when).size_arcmin!;
    expect(Math.abs(ratio - 1.0306)).toBeLessThan(0.0015);
  });

  test('the same moment without a place: the Moon may be off by its parallax, and says so', () => {
    const moon = body('Moon', '2017-08-21T18:25:32Z');
    expect(apart('Moon', 'Sun', '2017-08-21T18:25:32Z')).toBeGreaterThan(20);
    expect(moon.uncertainty_arcmin).toBeGreaterThan(53);
    expect(moon.uncertainty_arcmin).toBeLessThan(62);
    expect(body('Moon', '2017-08-21T18:25:32Z', { lat: 0, lon: 0 })).not.toHaveProperty('uncertainty_arcmin');
  });

  test('the Sun at J2000.0 stands at 18h 45m, −23.03°', () => {
    const sun = body('Sun', '2000-01-01T11:58:56Z');
    expect(sun.ra_deg).toBeCloseTo(281.29, 1);
    expect(sun.dec_deg).toBeCloseTo(-23.03, 1);
  });
});

describe('in the picture', () => {
  const when = '2020-12-21T18:20:00Z';
  const jupiter = body('Jupiter', when);
  const wcs = frame(jupiter.ra_deg, jupiter.dec_deg, 1);

  test('planets are listed when the moment is known, and only then', () => {
    expect(
      objectsInField(wcs, { datetimeUtc: when }).filter(({ catalog }) => catalog === 'solar-system'),
    ).toEqual([
      expect.objectContaining({ name: 'Jupiter', type: 'planet', sep_arcmin: 0 }),
      expect.objectContaining({ name: 'Saturn', type: 'planet' }),
    ]);
    expect(objectsInField(wcs).filter(({ catalog }) => catalog === 'solar-system')).toEqual([]);
    expect(
      objectsInField(wcs, { datetimeUtc: 'yesterday' }).filter(({ catalog }) => catalog === 'solar-system'),
    ).toEqual([]);
  });

  test('magnitude and size are those of the day', () => {
    expect(jupiter.magnitude).toBeCloseTo(-1.97, 1);
    expect(jupiter.size_arcmin! * 60).toBeCloseTo(33.3, 0);
  });
});

describe('constellations', () => {
  test.each([
    ['And', 10.6847, 41.2688],
    ['And', 2.0969, 29.0904],
    ['Lyr', 279.2347, 38.7837],
    ['UMi', 37.9545, 89.2641],
    ['UMi', 0, 90],
    ['Oct', 0, -90],
    ['Oct', 317.195, -88.9565],
    ['Ori', 83.822, -5.391],
    ['Cru', 186.6496, -63.0991],
    ['Dor', 80.894, -69.756],
    ['Tuc', 13.187, -72.829],
    ['Tau', 83.633, 22.0145],
    ['Hya', 204.2538, -29.8654],
    ['Oph', 269.452, 4.6934],
    ['Ser', 236.067, 6.4256],
    ['Ser', 274.7, -13.807],
    ['Psc', 359.99, 0],
    ['Psc', 0.01, 0],
  ])('%s holds RA %f, Dec %f', (abbreviation, ra, dec) => {
    expect(constellationAt(ra, dec)).toBe(abbreviation);
    expect(constellationAt(ra - 360, dec)).toBe(abbreviation);
  });
});
