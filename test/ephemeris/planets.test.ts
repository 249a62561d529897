import { expect, it } from 'vitest';
import { momentOf } from '../../src/ephemeris/moment.js';
import { observerAt, sightOf } from '../../src/ephemeris/observer.js';
import { moonAt, type Planet, planetAt } from '../../src/ephemeris/series.js';
import { separation } from '../../src/wcs/sphere.js';
import { directionOf, plus } from '../../src/wcs/vector.js';
import { describeWith } from '../needs.js';
import { askEphem, sameMoment } from './ephem.js';

const PLANETS = ['Mercury', 'Venus', 'Mars', 'Jupiter', 'Saturn', 'Uranus', 'Neptune'];
const dates = Array.from({ length: 60 }, (_, i) =>
  new Date(Date.UTC(1990, 0, 3) + i * 261.37 * 86_400_000).toISOString(),
);
const ARCSEC = 3600;

describeWith(['ephem'], 'places beside those of PyEphem', () => {
  const answers = askEphem({ dates, bodies: ['Sun', 'Moon', ...PLANETS] });

  it('Sun and planets: within 3″, 60 dates from 1990 to 2032', () => {
    const off: Record<string, number> = {};
    for (const [i, answer] of answers.entries()) {
      const moment = sameMoment(dates[i]!, answer);
      const earth = observerAt(moment, undefined);
      for (const [k, name] of ['Sun', 'Moon', ...PLANETS].entries()) {
        if (name === 'Moon') continue;
        const place = (tt: number) =>
          name === 'Sun' ? ([0, 0, 0] as const) : planetAt(name.toLowerCase() as Planet, tt);
        const here = directionOf(sightOf(place, earth, moment).seen);
        const error = separation(...here, ...answer.bodies[k]!.astrometric) * ARCSEC;
        off[name] = Math.max(off[name] ?? 0, error);
      }
    }
    expect(Object.keys(off)).toHaveLength(8);
    for (const [name, error] of Object.entries(off)) expect(error, name).toBeLessThan(3);
  });

  it('Moon: within 3″, from its place without aberration and beside the stars', () => {
    for (const [i, answer] of answers.entries()) {
      const moment = sameMoment(dates[i]!, answer);
      const { astrometric, from_star } = answer.bodies[1]!;
      const plain = directionOf(moonAt(moment.tt));
      expect(separation(...plain, ...astrometric) * ARCSEC, dates[i]).toBeLessThan(3);
      const moon = (tt: number) => plus(planetAt('earth', tt), moonAt(tt));
      const [ra, dec] = directionOf(sightOf(moon, observerAt(moment, undefined), moment).seen);
      const beside: [number, number] = [
        astrometric[0] + from_star[0] / Math.cos((astrometric[1] * Math.PI) / 180),
        astrometric[1] + from_star[1],
      ];
      expect(separation(ra, dec, ...beside) * ARCSEC, `${dates[i]}, beside the stars`).toBeLessThan(3);
    }
  });
});

it('Terrestrial Time is 69.184 s ahead of UTC since 2017, and 32.184 + 10 s in 1972', () => {
  const seconds = (iso: string) => {
    const { ms, tt } = momentOf(Date.parse(iso));
    return (tt - (ms - Date.UTC(2000, 0, 1, 12)) / 86_400_000) * 86_400;
  };
  expect(seconds('2026-01-01T00:00:00Z')).toBeCloseTo(69.184, 3);
  expect(seconds('2016-12-31T23:59:59Z')).toBeCloseTo(68.184, 3);
  expect(seconds('1972-01-01T00:00:00Z')).toBeCloseTo(42.184, 3);
  // Before, by the polynomial: 40.2 s at the beginning of 1970 (Astronomical Almanac).
  expect(Math.abs(seconds('1970-01-01T00:00:00Z') - 40.18)).toBeLessThan(0.2);
});
