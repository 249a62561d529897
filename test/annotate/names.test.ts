import { describe, expect, test } from 'vitest';
import { drawingOptionsSchema, LAYERS, layersOf } from '../../src/annotate/drawing-options.js';
import { lineOf, nameOf } from '../../src/annotate/names.js';
import { layerOf } from '../../src/catalog/layers.js';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import { frame } from '../catalog/support.js';

const written = (ra: number, dec: number, width: number) =>
  objectsInField(frame(ra, dec, width)).map((object) => lineOf(nameOf(object)));

describe('names as people write them', () => {
  test('the deep sky by number and common name', () => {
    expect(written(83.8, -5.4, 2)).toContain('M 42 Orion Nebula');
    expect(written(85.4, -1.9, 2)).toContain('NGC 2024 Flame Nebula');
    expect(written(339.27, 34.42, 1)).toContain('NGC 7331');
  });

  test('stars by name, else by Bayer, Flamsteed, HD', () => {
    const star = (names: string[]) =>
      nameOf({ name: names[0] ?? '', names, type: 'star', sep_arcmin: 0 }).title;
    expect(star(['HD 172167', 'α Lyr', '3 Lyr', 'Vega'])).toBe('Vega');
    expect(star(['HD 1', '3 Lyr', 'α Lyr'])).toBe('α Lyr');
    expect(star(['HIP 5', 'HD 1', '3 Lyr'])).toBe('3 Lyr');
    expect(star(['HIP 5', 'HD 1'])).toBe('HD 1');
    expect(star(['HIP 5'])).toBe('HIP 5');
  });
});

describe('layers', () => {
  const of = (names: string[], type = 'nebula') => layerOf({ name: names[0] ?? '', names, type });
  test('an object is in that of the list in which people look it up', () => {
    expect(of(['Orion Nebula', 'LBN 974', 'NGC 1976', 'M 42'])).toBe('messier');
    expect(of(['Flame Nebula', 'NGC 2024', 'Sh2-277'])).toBe('ngc');
    expect([of(['Sh2-276']), of(['B 144']), of(['LBN 918']), of(['LDN 1622'])]).toEqual([
      'sharpless',
      'barnard',
      'lbn',
      'ldn',
    ]);
    expect([
      of(['Vega'], 'star'),
      of(['Mars'], 'planet'),
      of(['Cr 70'], 'open cluster'),
      of(['x'], 'comet'),
      of(['x'], 'ring of smoke'),
    ]).toEqual(['stars', 'solar-system', 'deep-sky', 'moving', 'other']);
  });

  test("Lynds' clouds and great circles are off unless named; options have one schema", () => {
    for (const layer of LAYERS)
      expect(layersOf({}).has(layer), layer).toBe(
        !['lbn', 'ldn', 'equator', 'ecliptic', 'galactic'].includes(layer),
      );
    expect([...layersOf({ layers: ['lbn'] })]).toEqual(['lbn']);
    expect(drawingOptionsSchema.safeParse({ layers: ['nothing'] }).success).toBe(false);
    expect(drawingOptionsSchema.safeParse({ style: 'loud' }).success).toBe(false);
  });
});
