import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { constellationAt, constellationName } from '../../src/catalog/constellation.js';
import { constellationFigures } from '../../src/catalog/figures.js';
import { describeField } from '../../src/catalog/objects-in-field.js';
import { createCatalog } from '../../src/catalog/table.js';
import { subjectSchema } from '../../src/job/astrometry.js';
import { solvedResultSchema } from '../../src/job/result.js';
import { framedWcs } from '../sky/projection.js';
import { frame } from './support.js';

interface Listed {
  set: 'tune' | 'held';
  object: string;
  framing: string;
  accepted: string[];
  said: string[];
}

/** The frames of subjects.tsv with every name of what `subject` says of them. */
function listed(): Listed[] {
  const text = readFileSync(new URL('subjects.tsv', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [set, object, , framing, ra, dec, width, height, rotation, subjects] = line.split('\t');
      const pixels = 3000;
      const { subject, objects } = describeField(
        framedWcs({
          ra_deg: Number(ra),
          dec_deg: Number(dec),
          width: pixels,
          height: Math.round((pixels * Number(height)) / Number(width)),
          pixscale_arcsec: (Number(width) * 3600) / pixels,
          orientation_deg: Number(rotation),
          parity: 1,
        }),
      );
      const found = objects.find(({ catalog, id }) => catalog === subject.catalog && id === subject.id);
      return {
        set: set === 'tune' ? 'tune' : 'held',
        object: object ?? '',
        framing: framing ?? '',
        accepted: (subjects ?? '').split('|'),
        said: found?.names ?? [`constellation ${subject.id}`],
      };
    });
}

describe('200 well-known objects in three framings each', () => {
  const frames = listed();
  const right = ({ said, accepted }: Listed) => said.some((name) => accepted.includes(name));

  test('the list is whole', () => {
    for (const set of ['tune', 'held'] as const) {
      const of = frames.filter((one) => one.set === set);
      expect(of).toHaveLength(300);
      expect(new Set(of.map(({ object }) => object)).size).toBe(100);
    }
  });

  test.each(['tune', 'held'] as const)(
    '%s: the subject is right in all three framings of 98 of 100',
    (set) => {
      const wrong = frames.filter((one) => one.set === set && !right(one));
      expect(
        new Set(wrong.map(({ object }) => object)).size,
        wrong.map(({ object, framing, said }) => `${object} ${framing}: ${said[0]}`).join('\n'),
      ).toBeLessThanOrEqual(2);
    },
  );
});

describe('the subject of a picture', () => {
  test('calls a constellation as its figure in the drawing is called', () => {
    const { subject } = describeField(frame(218, 30, 40));
    expect(subject).toMatchObject({ catalog: 'constellation', id: 'Boo', name: 'Boötes' });
    for (const [symbol, { name, lines }] of constellationFigures()) {
      const [ra, dec] = lines[0]?.[0] ?? [0, 0];
      if (constellationAt(ra, dec) === symbol) expect(constellationName(ra, dec)).toBe(name);
    }
  });

  test('names the object as a catalogue and as people do, and says why', () => {
    const { subject } = describeField(frame(83.82, -5.39, 2));
    expect(subjectSchema.parse(subject)).toEqual({
      name: 'M 42',
      common_name: 'Orion Nebula',
      catalog: 'M',
      id: '42',
      type: 'emission nebula',
      why: expect.stringMatching(/Messier.*of the picture.*magnitude 4/),
    });
  });

  test('is one of the objects, by catalogue and number', () => {
    const { subject, objects } = describeField(frame(279.23, 38.78, 1));
    expect(subject).toMatchObject({ name: 'Vega', catalog: 'star', type: 'star' });
    expect(objects.find(({ id }) => id === subject.id)?.name).toBe('Vega');
  });

  test('is the constellation in a wide field', () => {
    expect(describeField(frame(84, 2, 40)).subject).toEqual({
      name: 'Orion',
      catalog: 'constellation',
      id: 'Ori',
      type: 'constellation',
      why: expect.stringMatching(/^A wide field of 38°, with \d+ % of the light/),
    });
  });

  test('is the constellation, too, where nothing is that people know', () => {
    const { subject } = describeField(frame(120, 50, 1));
    expect(subject).toMatchObject({ name: 'Lynx', id: 'Lyn' });
    expect(subject.why).toMatch(/no object that people know/);
  });

  test('may have its centre outside the picture', () => {
    // An arm of the Andromeda Galaxy, and the nebula of the Pleiades from its edge.
    expect(describeField(frame(10.05, 40.65, 0.6)).subject.id).toBe('31');
    expect(describeField(frame(313.3, 31.3, 2)).subject.name).toMatch(/NGC 6992|SNR G074\.0-08\.5/);
  });

  test('does not hang on what is chosen to be listed', () => {
    const wcs = frame(83.82, -5.39, 2);
    for (const options of [{ kinds: ['star' as const] }, { maxObjects: 0 }, { builtin: false }])
      expect(describeField(wcs, options).subject.name).toBe('M 42');
  });

  test('may be an object of a catalogue of one’s own', () => {
    const catalogs = [
      createCatalog([{ name: 'My Nebula', type: 'nebula', ra_deg: 120, dec_deg: 50, size_arcmin: 20 }]),
    ];
    expect(describeField(frame(120, 50, 1), { catalogs }).subject).toMatchObject({
      name: 'My Nebula',
      type: 'nebula',
    });
  });

  test('is the Moon when it is there', () => {
    // The total eclipse of 8 November 2022: the Moon near 3 h.
    const found = describeField(frame(43.6, 16.7, 5), { datetimeUtc: '2022-11-08T11:00:00Z' });
    expect(found.subject).toMatchObject({ name: 'Moon', catalog: 'solar-system', type: 'moon' });
  });

  test('is missing in results of before, which stay readable', () => {
    const old = {
      ok: true,
      filename: 'IMG_0132.jpg',
      capture: {},
      astrometry: {
        ra_center: 312.3,
        dec_center: 45.2,
        fov_deg: [1.2, 0.8],
        pixscale_arcsec: 2.1,
        orientation_deg: 178.9,
        objects: [{ name: 'Crescent Nebula', catalog: 'NGC', id: '6888', sep_arcmin: 2.3 }],
      },
    };
    expect(solvedResultSchema.parse(old)).toEqual(old);
    const subject = { name: 'NGC 6888', why: 'said elsewhere' };
    const read = solvedResultSchema.parse({ ...old, astrometry: { ...old.astrometry, subject } });
    expect(read.astrometry.subject).toEqual(subject);
  });
});
