import * as sgp4 from 'satellite.js';
import { describe, expect, it } from 'vitest';
import { momentOf } from '../../src/ephemeris/moment.js';
import { SatelliteSky } from '../../src/moving/satellites.js';
import { TleReader, type TwoLines } from '../../src/moving/tle.js';
import { separation } from '../../src/wcs/sphere.js';
import { ask } from '../ephemeris/python.js';
import { describeWith } from '../needs.js';
import { SITE } from './scene.js';
import { type SatelliteElements, tleOf } from './tle-lines.js';

/** Kinds of orbits, invented; day 70.5 of 2026 is March 11, 12:00 UTC. */
const ORBITS = [
  ['of a space station', 51.64, 100, 0.0005, 10, 15.5],
  ['about the poles', 98.1, 200, 0.001, 10, 14.2],
  ['of a navigation satellite', 55, 300, 0.01, 10, 2.0056],
  ['above one place', 0.05, 80, 0.0002, 10, 1.0027],
  ['long and steep', 63.4, 80, 0.7, 10, 2.006],
] as const;

const sets = ORBITS.map(([name, inclination_deg, node_deg, eccentricity, anomaly_deg, motion], i) => {
  const satellite: SatelliteElements = {
    number: 90_001 + i,
    name,
    epoch: { year: 2026, day: 70.5 },
    inclination_deg,
    node_deg,
    eccentricity,
    perigee_deg: 270,
    anomaly_deg,
    motion,
  };
  return tleOf(satellite);
});
const dates = [0, 0.3, 1.7, 5.2, -2.4].map((days) =>
  new Date(Date.UTC(2026, 2, 11, 12) + days * 86_400_000).toISOString(),
);

describeWith(['sgp4', 'astropy'], 'satellites beside python-sgp4 and astropy', () => {
  const answers = ask<[number, number, number][]>('sgp4', '../ephemeris/satellites.py', {
    sets,
    dates,
    site: SITE,
  });

  it.each(sets.map(([name], k) => [name, k] as const))('%s: within 1″', (_, k) => {
    const [name, line1, line2] = sets[k]!;
    for (const [i, date] of dates.entries()) {
      const moment = momentOf(Date.parse(date));
      const sky = new SatelliteSky(sgp4, SITE, moment);
      const sight = sky.sight(sky.record({ name, id: '', line1, line2 }), moment)!;
      const [ra, dec, km] = answers[k * dates.length + i]!;
      expect(separation(sight.ra_deg, sight.dec_deg, ra, dec) * 3600, date).toBeLessThan(1);
      expect(Math.abs(sight.distance_km - km), date).toBeLessThan(0.1);
    }
  });
});

describe('two lines', () => {
  function read(text: string) {
    const found: TwoLines[] = [];
    const damage: [number, string][] = [];
    const reader = new TleReader(
      (set) => found.push(set),
      (number, why) => damage.push([number, why]),
    );
    for (const [i, line] of text.split('\n').entries()) if (line !== '') reader.line(line, i + 1);
    reader.end();
    return { found, damage };
  }
  const [[, first, second], [other, third, fourth]] = sets as [(typeof sets)[number], (typeof sets)[number]];

  it('with names, with `0 ` before the name, and without', () => {
    const { found, damage } = read([`0 ONE`, first, second, third, fourth, other, third, fourth].join('\n'));
    expect(found.map(({ name, id }) => [name, id])).toEqual([
      ['ONE', '90001'],
      ['', '90002'],
      [other, '90002'],
    ]);
    expect(damage).toEqual([]);
  });

  it.each([
    [
      'a wrong checksum',
      `${first.slice(0, 68)}${(Number(first[68]) + 1) % 10}\n${second}`,
      1,
      /checksum of line 1/,
    ],
    ['a digit changed', `${first}\n${second.replace('51.6400', '51.6500')}`, 2, /checksum of line 2/],
    ['a line cut off', `${first}\n${second.slice(0, 62)}`, 2, /cut off after 62/],
    ['lines of two satellites', `${first}\n${fourth}`, 2, /number is not that/],
    ['a first line alone', `${first}\n${third}\n${fourth}`, 1, /without its second/],
    ['a second line alone', `NAME\n${second}`, 2, /without its first/],
  ])('%s: the line is named, and the others are read', (_, text, line, why) => {
    const { found, damage } = read(`${text}\n${other}\n${third}\n${fourth}`);
    expect(damage).toEqual([[line, expect.stringMatching(why)]]);
    expect(found.at(-1)).toMatchObject({ name: other, id: '90002' });
  });
});
