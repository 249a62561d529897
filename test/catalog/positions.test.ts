import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { separation } from '../../src/wcs/sphere.js';
import { degrees, frame } from './support.js';

const published = readFileSync(new URL('published.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, string]);

describe('published positions', () => {
  test('there are two hundred of them and more', () => {
    expect(new Set(published.map(([id]) => id)).size).toBeGreaterThanOrEqual(200);
  });

  test.each(published)('%s stands at %s %s within an arcminute', (id, ra, dec) => {
    const [ra_deg, dec_deg] = degrees(ra, dec);
    const found = objectsInField(frame(ra_deg, dec_deg, 0.5)).filter((object) => object.names?.includes(id));
    expect(found.map((object) => object.name)).toHaveLength(1);
    const { ra_deg: ra_found = Number.NaN, dec_deg: dec_found = Number.NaN } = found[0] ?? {};
    expect(separation(ra_deg, dec_deg, ra_found, dec_found) * 60).toBeLessThan(1);
  });
});

describe('one object, one entry', () => {
  const namesAt = (id: string, ra: number, dec: number) =>
    objectsInField(frame(ra, dec, 1)).filter((object) => object.names?.includes(id));

  test.each<[string, number, number, string[]]>([
    ['M 42', 83.82, -5.39, ['Orion Nebula', 'Great Orion Nebula', 'NGC 1976', 'Sh2-281', 'LBN 974']],
    ['M 1', 83.633, 22.015, ['Crab Nebula', 'NGC 1952', 'Sh2-244']],
    ['M 8', 270.9, -24.38, ['Lagoon Nebula', 'NGC 6523', 'NGC 6533', 'Sh2-25', 'RCW 146', 'LBN 25']],
    ['M 45', 56.75, 24.12, ['Pleiades', 'Seven Sisters', 'Mel 22', 'Cr 42']],
    ['M 102', 226.62, 55.76, ['NGC 5866', 'Spindle Galaxy']],
    ['NGC 6888', 303.03, 38.35, ['Crescent Nebula', 'C 27', 'Sh2-105', 'LBN 203']],
    ['NGC 6', 2.386, 33.309, ['NGC 20']],
    [
      'M 76',
      25.582,
      51.575,
      ['Little Dumbbell Nebula', 'NGC 650', 'NGC 651', 'PK 130-10.1', 'PN G130.9-10.5'],
    ],
    ['NGC 2237', 97.97, 4.95, ['Rosette Nebula', 'Sh2-275', 'LBN 949', 'C 49']],
    ['SNR G111.7-02.1', 350.85, 58.815, ['Cassiopeia A', 'Cas A', '3C 461']],
  ])('%s', (id, ra, dec, aliases) => {
    const found = namesAt(id, ra, dec);
    expect(found).toHaveLength(1);
    expect(found[0]?.names).toEqual(expect.arrayContaining(aliases));
    for (const alias of aliases.filter((name) => /\d/.test(name)))
      expect(namesAt(alias, ra, dec)).toEqual(found);
  });

  test('what stands beside another thing stays itself', () => {
    const around = objectsInField(frame(83.82, -5.39, 1));
    const named = (id: string) => around.find((object) => object.names?.includes(id))?.name;
    expect(named('M 43')).not.toBe(named('M 42'));
    expect(named('NGC 1977')).not.toBe(named('M 42'));
    const whirlpool = objectsInField(frame(202.47, 47.2, 0.5)).map((object) => object.name);
    expect(whirlpool).toEqual(expect.arrayContaining(['Whirlpool Galaxy', 'NGC 5195']));
  });

  test('no designation of the deep sky belongs to two entries, but Caldwell 14, which is the double cluster', () => {
    const owners = new Map<string, number>();
    for (const dec of [-75, -45, -15, 15, 45, 75])
      for (let ra = 0; ra < 360; ra += 30)
        for (const { names, catalog, ra_deg, dec_deg } of objectsInField(frame(ra, dec, 45), {
          magnitude: { deepSky: 99, stars: -9 },
          kinds: ['galaxy', 'cluster', 'nebula', 'dark-nebula'],
        })) {
          for (const name of names ?? []) {
            if (!/^(M|NGC|IC|C|Sh2|B|LDN|LBN|RCW|PGC|PK|PN|ACO)[ -]/.test(name) || name === 'C 14') continue;
            const place = Math.round(ra_deg! * 1e5) * 1e8 + Math.round(dec_deg! * 1e5);
            expect(owners.get(name) ?? place, `${name} in ${catalog}`).toBe(place);
            owners.set(name, place);
          }
        }
    expect(owners.size).toBeGreaterThan(20_000);
  });

  test('the whole of Messier and Caldwell is there', () => {
    const names = new Set<string>();
    for (let dec = -90; dec <= 90; dec += 15)
      for (let ra = 0; ra < 360; ra += 20)
        for (const object of objectsInField(frame(ra, dec, 30), {
          kinds: ['galaxy', 'cluster', 'nebula', 'dark-nebula', 'star'],
          magnitude: { deepSky: 99, stars: 9 },
        }))
          for (const name of object.names ?? []) names.add(name);
    const missing = [
      ...Array.from({ length: 110 }, (_, i) => `M ${i + 1}`),
      ...Array.from({ length: 109 }, (_, i) => `C ${i + 1}`),
    ].filter((name) => !names.has(name));
    expect(missing).toEqual([]);
  });
});

describe('stars are named as people name them', () => {
  test.each<[string, number, number, string[]]>([
    ['Alnitak', 85.19, -1.943, ['ζ Ori', '50 Ori', 'HD 37742', 'HIP 26727']],
    ['15 Mon', 100.244, 9.896, ['S Mon', 'HD 47839', 'HIP 31978']],
    ['Polaris', 37.95, 89.264, ['α UMi', 'HD 8890']],
    ['θ¹ Ori C', 83.8186, -5.3897, ['HD 37022']],
    ["Barnard's Star", 269.452, 4.693, ['HIP 87937']],
    ['Toliman', 219.896, -60.837, ['α² Cen', 'HIP 71681']],
    ['HD 192163', 303.027, 38.355, ['HIP 99546', 'WR 136']],
  ])('%s', (name, ra, dec, aliases) => {
    const star = objectsInField(frame(ra, dec, 0.3), { kinds: ['star'] })[0];
    expect(star).toMatchObject({ name, catalog: 'star', type: 'star' });
    expect(star?.names).toEqual(expect.arrayContaining([name, ...aliases]));
  });
});
