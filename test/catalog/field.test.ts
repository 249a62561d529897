import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { createCatalog } from '../../src/catalog/table.js';
import { destination, positionAngle, separation } from '../../src/wcs/sphere.js';
import { pixelToSky, skyToPixel } from '../../src/wcs/tan-sip.js';
import { framedWcs } from '../sky/projection.js';
import { frame } from './support.js';

const everything = { magnitude: { stars: 99, deepSky: 99 } };
const names = (objects: { name: string }[]) => objects.map((object) => object.name);

describe('what an object says of itself', () => {
  test('the shape of the contract', () => {
    const crescent = objectsInField(frame(303.2, 38.3, 2)).find(
      (object) => object.name === 'Crescent Nebula',
    );
    expect(crescent).toMatchObject({
      catalog: 'NGC',
      id: '6888',
      type: 'emission nebula',
      magnitude: 7.4,
      size_arcmin: 20,
    });
  });

  test('pixel, distance and direction agree with the plate solution; nearest first', () => {
    const wcs = framedWcs({
      ra_deg: 187,
      dec_deg: 12.5,
      width: 4000,
      height: 3000,
      pixscale_arcsec: 3,
      orientation_deg: 37,
      parity: 1,
    });
    const center = pixelToSky(wcs, 2000.5, 1500.5);
    const found = objectsInField(wcs);
    expect(found.length).toBeGreaterThan(20);
    for (const { ra_deg, dec_deg, x, y, sep_arcmin, pa_deg } of found) {
      const [px, py] = skyToPixel(wcs, ra_deg!, dec_deg!)!;
      expect(Math.hypot(px - x!, py - y!)).toBeLessThan(0.01);
      expect(sep_arcmin).toBeCloseTo(separation(...center, ra_deg!, dec_deg!) * 60, 2);
      expect(pa_deg).toBeCloseTo(positionAngle(...center, ra_deg!, dec_deg!), 1);
    }
    const distances = found.map((object) => object.sep_arcmin);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });
});

describe('in the field', () => {
  const wcs = frame(150, 20, 3);
  const table = (...rows: Parameters<typeof createCatalog>[0]) => ({
    builtin: false,
    catalogs: [createCatalog(rows)],
  });
  const [ra, dec] = pixelToSky(wcs, 3000.5, 1000);

  test('a point counts when it is inside, an extended object when it reaches in', () => {
    const outside = destination(ra, dec, 270, 0.2);
    const beyond = (size_arcmin: number) =>
      objectsInField(
        wcs,
        table({ name: 'cloud', type: 'nebula', ra_deg: outside[0], dec_deg: outside[1], size_arcmin }),
      ).length;
    expect(beyond(0)).toBe(0);
    expect(beyond(23.5)).toBe(0);
    expect(beyond(24.5)).toBe(1);
  });

  test('one that holds the whole picture is in it', () => {
    const far = destination(150, 20, 45, 15);
    const cloud = { name: 'cloud', type: 'nebula', ra_deg: far[0], dec_deg: far[1], size_arcmin: 40 * 60 };
    expect(names(objectsInField(wcs, table(cloud)))).toEqual(['cloud']);
  });

  test('the edge is the outer edge of the outermost pixels', () => {
    const at = (x: number) => {
      const [ra_deg, dec_deg] = pixelToSky(wcs, x, 1000);
      return objectsInField(wcs, table({ name: 'point', ra_deg, dec_deg })).length;
    };
    expect([at(0.4), at(0.6), at(3000.4), at(3000.6)]).toEqual([0, 1, 1, 0]);
  });

  test('the search misses nothing, wherever the field is: poles, 0h, either parity', () => {
    const sky = createCatalog(
      Array.from({ length: 4000 }, (_, i) => ({
        name: `p${i}`,
        // Evenly spread (golden spiral).
        ra_deg: (i * 137.50776405) % 360,
        dec_deg: (Math.asin((2 * (i + 0.5)) / 4000 - 1) * 180) / Math.PI,
      })),
    );
    fc.assert(
      fc.property(
        fc.record({
          ra_deg: fc.oneof(fc.constantFrom(0, 359.999), fc.double({ min: 0, max: 359.9, noNaN: true })),
          dec_deg: fc.oneof(
            fc.constantFrom(-90, 90, 89.5, -88),
            fc.double({ min: -90, max: 90, noNaN: true }),
          ),
          pixscale_arcsec: fc.double({ min: 20, max: 200, noNaN: true }),
          orientation_deg: fc.double({ min: 0, max: 360, noNaN: true }),
          parity: fc.constantFrom(1 as const, -1 as const),
        }),
        (at) => {
          const field = framedWcs({ ...at, width: 900, height: 600 });
          const found = new Set(names(objectsInField(field, { builtin: false, catalogs: [sky] })));
          for (let i = 0; i < sky.length; i++) {
            const { name, ra_deg, dec_deg } = sky.row(i);
            const pixel = skyToPixel(field, ra_deg, dec_deg);
            const inside =
              pixel && pixel[0] >= 0.5 && pixel[0] <= 900.5 && pixel[1] >= 0.5 && pixel[1] <= 600.5;
            expect(found.has(name)).toBe(Boolean(inside));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('limits that suit the field', () => {
  test('a narrow field lists everything that is known there', () => {
    const wcs = frame(187.7, 12.4, 1.5);
    expect(objectsInField(wcs)).toEqual(objectsInField(wcs, everything));
  });

  test('a wide field lists what a person would name', () => {
    const found = objectsInField(frame(84, 0, 60));
    expect(names(found)).toEqual(
      expect.arrayContaining([
        'Betelgeuse',
        'Rigel',
        'Alnitak',
        'Sirius',
        'Aldebaran',
        'Orion Nebula',
        'Hyades',
        "Barnard's Loop",
      ]),
    );
    expect(found.length).toBeLessThan(150);
    expect(found.filter(({ name }) => /^(HIP|HD|PGC|LDN|LBN|PK|PN)/.test(name))).toEqual([]);
  });

  test('the wider the field, the fewer of one place are listed', () => {
    const counts = [2, 5, 10, 20, 40].map((width) => {
      const inner = objectsInField(frame(187.7, 12.4, width)).filter((object) => object.sep_arcmin < 40);
      return inner.length;
    });
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(counts[4] ?? Number.NaN);
  });

  test('explicit limits hold', () => {
    const found = objectsInField(frame(84, 0, 20), { magnitude: { stars: 6, deepSky: 9 } });
    const stars = found.filter((object) => object.type === 'star');
    expect(stars.length).toBeGreaterThan(50);
    expect(Math.max(...stars.map((star) => star.magnitude!))).toBeLessThanOrEqual(6);
    const others = found.filter((object) => object.type !== 'star' && object.magnitude !== undefined);
    expect(Math.max(...others.map((object) => object.magnitude!))).toBeLessThanOrEqual(9);
  });

  test('kinds', () => {
    const found = objectsInField(frame(187.7, 12.4, 5), { kinds: ['galaxy'] });
    expect(found.length).toBeGreaterThan(20);
    expect(new Set(found.map((object) => object.type))).toEqual(new Set(['galaxy']));
  });

  test('maxObjects keeps the most prominent, still nearest first', () => {
    const found = objectsInField(frame(84, -1, 15), { maxObjects: 6 });
    expect(names(found)).toEqual(expect.arrayContaining(['Orion Nebula', 'Alnilam', 'Alnitak']));
    expect(found).toHaveLength(6);
    expect(found.map((object) => object.sep_arcmin)).toEqual(
      found.map((object) => object.sep_arcmin).sort((a, b) => a - b),
    );
    expect(objectsInField(frame(84, -1, 15), { maxObjects: 0 })).toEqual([]);
  });
});

describe("a catalogue of one's own", () => {
  const mine = createCatalog([
    { name: 'My nova', catalog: 'mine', id: '7', type: 'nova', ra_deg: 84.1, dec_deg: -1.1, magnitude: 14.5 },
    { name: 'Old spot', names: ['spot', 'Old spot'], ra_deg: 84.2, dec_deg: -1.3 },
  ]);

  test('is listed with the rest, however wide the field', () => {
    for (const width of [1, 30]) {
      const found = objectsInField(frame(84.05, -1.2, width), { catalogs: [mine] });
      expect(names(found)).toEqual(expect.arrayContaining(['My nova', 'Old spot', 'Alnilam']));
      expect(found.find(({ name }) => name === 'My nova')).toMatchObject({
        catalog: 'mine',
        id: '7',
        type: 'nova',
        names: ['My nova'],
        magnitude: 14.5,
      });
      expect(found.find(({ name }) => name === 'Old spot')?.names).toEqual(['Old spot', 'spot']);
    }
  });

  test('obeys explicit limits and kinds', () => {
    const wcs = frame(84.05, -1.2, 1);
    expect(names(objectsInField(wcs, { catalogs: [mine], magnitude: { deepSky: 12 } }))).not.toContain(
      'My nova',
    );
    expect(names(objectsInField(wcs, { catalogs: [mine], kinds: ['other'] }))).toEqual(
      expect.arrayContaining(['My nova', 'Old spot']),
    );
  });

  test('holds any number of rows', () => {
    const many = createCatalog(
      Array.from({ length: 300_000 }, (_, i) => ({
        name: `${i}`,
        ra_deg: (i * 0.0012) % 360,
        dec_deg: -89 + ((i * 7919) % 178_000) / 1000,
      })),
    );
    const wcs = frame(120, 40, 2);
    const found = objectsInField(wcs, { builtin: false, catalogs: [many] });
    expect(found.length).toBeGreaterThan(5);
    for (const { x, y } of found) {
      expect(Math.abs(x! - 1500.5)).toBeLessThanOrEqual(1500);
      expect(Math.abs(y! - 1000.5)).toBeLessThanOrEqual(1000);
    }
  });

  test('a row that is no object is refused by its number', () => {
    expect(() =>
      createCatalog([
        { name: 'a', ra_deg: 1, dec_deg: 2 },
        { name: 'b', ra_deg: 1, dec_deg: 95 },
      ]),
    ).toThrow(/row 1 .*dec_deg/);
    expect(() => createCatalog([{ name: '', ra_deg: 1, dec_deg: 2 }])).toThrow(
      expect.objectContaining({ code: 'invalid_params' }),
    );
  });

  test('moving stars stand where they were that day', () => {
    const star = (datetimeUtc?: string) =>
      objectsInField(frame(269.452, 4.75, 0.5), {
        kinds: ['star'],
        ...(datetimeUtc && { datetimeUtc }),
      }).find(({ name }) => name === "Barnard's Star")!;
    // 10.36″ a year (Hipparcos), nearly due north.
    expect((star('2025-01-01T00:00:00Z').dec_deg! - star().dec_deg!) * 3600).toBeCloseTo(258.2, 0);
    expect(star('1990-01-01T12:00:00Z').dec_deg!).toBeLessThan(star().dec_deg!);
  });
});
