import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtinCatalog } from '../../src/catalog/builtin.js';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { createCatalog } from '../../src/catalog/table.js';
import { astroObjectSchema } from '../../src/job/astrometry.js';
import { frame } from './support.js';

const [deepSky] = builtinCatalog();
const rows = Array.from({ length: deepSky!.length }, (_, i) => deepSky!.row(i));
const byName = new Map(rows.flatMap((row) => (row.names ?? []).map((name) => [name, row] as const)));
const row = (name: string) => byName.get(name) ?? expect.unreachable(`${name} is not in the catalogue`);

describe('axes and position angles', () => {
  // Published: RC3 (de Vaucouleurs et al. 1991) has 190.5 × 61.7 and 35° for M 31, 15.8 × 2.1 and 136° for NGC 4565.
  test.each([
    ['M 31', 190, 62, 35],
    ['M 33', 71, 42, 23],
    ['M 81', 27, 14, 157],
    ['M 82', 11, 4.3, 65],
    ['M 104', 8.7, 3.5, 89],
    ['M 108', 8.7, 2.2, 80],
    ['NGC 253', 27.5, 6.8, 52],
    ['NGC 891', 13.5, 2.5, 22],
    ['NGC 4565', 15.8, 2.1, 136],
    ['NGC 4244', 16.6, 1.9, 48],
    ['NGC 5907', 12.6, 1.4, 155],
  ])('%s: about %f′ by %f′ at %i°', (name, major, minor, angle) => {
    const { axes_arcmin = [0, 0], axis_pa_deg, size_arcmin } = row(name);
    expect(axes_arcmin[0] / major).toBeGreaterThan(0.8);
    expect(axes_arcmin[0] / major).toBeLessThan(1.25);
    expect(axes_arcmin[1] / minor).toBeGreaterThan(0.65);
    expect(axes_arcmin[1] / minor).toBeLessThan(1.45);
    expect(Math.abs((((axis_pa_deg ?? Number.NaN) - angle + 270) % 180) - 90)).toBeLessThan(8);
    expect(size_arcmin).toBe(axes_arcmin[0]);
  });

  test('are consistent wherever they are', () => {
    let [axes, angles] = [0, 0];
    for (const { name, size_arcmin, axes_arcmin, axis_pa_deg } of rows) {
      if (axes_arcmin) {
        axes++;
        const [major, minor] = axes_arcmin;
        expect(minor > 0 && minor <= major && major === size_arcmin, name).toBe(true);
      }
      if (axis_pa_deg === undefined) continue;
      angles++;
      expect(axis_pa_deg >= 0 && axis_pa_deg < 180 && axes_arcmin !== undefined, name).toBe(true);
    }
    expect(axes).toBeGreaterThan(15_000);
    expect(angles).toBeGreaterThan(9000);
  });

  test('clusters have none, nor has anything without a size', () => {
    for (const { name, type = '', size_arcmin, axes_arcmin } of rows)
      if (/cluster|cloud|asterism|star/.test(type) || size_arcmin === undefined)
        expect(axes_arcmin, name).toBeUndefined();
  });

  test('reach the result, beside the direction from the centre', () => {
    const found = objectsInField(frame(10.9, 41.27, 3)).find(({ id }) => id === '31');
    const parsed = astroObjectSchema.parse(found);
    expect(parsed).toMatchObject({ size_arcmin: 177.83, axes_arcmin: [177.83, 69.66], axis_pa_deg: 35 });
    expect(parsed.pa_deg).toBeGreaterThan(180);
  });

  test("come with a catalogue of one's own", () => {
    const mine = createCatalog([
      {
        name: 'streak',
        type: 'galaxy',
        ra_deg: 150,
        dec_deg: 20,
        size_arcmin: 9,
        axes_arcmin: [9, 2],
        axis_pa_deg: 12,
      },
    ]);
    expect(objectsInField(frame(150, 20, 1), { catalogs: [mine], builtin: false })).toEqual([
      expect.objectContaining({ size_arcmin: 9, axes_arcmin: [9, 2], axis_pa_deg: 12 }),
    ]);
  });
});

describe('sizes that the sources have wrong', () => {
  const table = readFileSync(new URL('../../scripts/catalog/sizes.tsv', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

  test.each(table)('%s is %s′ (%s at %s°): %s', (name, size, minor, angle, source) => {
    expect(source).toMatch(/OpenNGC|d3-celestial|\d{4}\)/);
    const { size_arcmin, axes_arcmin, axis_pa_deg } = row(name ?? '');
    expect(size_arcmin).toBe(size === '-' ? undefined : Number(size));
    expect(axes_arcmin?.[1]).toBe(minor ? Number(minor) : undefined);
    expect(axis_pa_deg).toBe(angle ? Number(angle) : undefined);
  });

  test('the sword of Orion is no cluster of four degrees', () => {
    expect(row('NGC 1980').size_arcmin).toBeLessThan(20);
  });

  test('nothing in the New General Catalogue is as wide as its neighbourhood', () => {
    const widest = (kind: RegExp, size: number) =>
      rows
        .filter(
          ({ type = '', catalog = '', size_arcmin = 0 }) =>
            kind.test(type) && /^(M|NGC|IC)$/.test(catalog) && size_arcmin > size,
        )
        .map(({ name }) => name)
        .sort();
    expect(widest(/cluster/, 90)).toEqual(['Pleiades', 'Southern Pleiades']);
    expect(widest(/galaxy/, 30)).toEqual(['Andromeda Galaxy', 'Small Magellanic Cloud', 'Triangulum Galaxy']);
  });

  test('the Flame Nebula is NGC 2024, half a degree wide', () => {
    expect(row('NGC 2024')).toMatchObject({
      name: 'Flame Nebula',
      catalog: 'NGC',
      id: '2024',
      size_arcmin: 30,
    });
  });
});
