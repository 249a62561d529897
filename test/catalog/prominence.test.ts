import { describe, expect, test } from 'vitest';
import { builtinCatalog } from '../../src/catalog/builtin.js';
import { kindOf } from '../../src/catalog/kinds.js';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import type { CatalogRow } from '../../src/catalog/table.js';
import { destination } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { separation_deg } from '../sky/projection.js';
import { frame } from './support.js';

const [deepSky] = builtinCatalog();
const rows = Array.from({ length: deepSky!.length }, (_, i) => deepSky!.row(i));
const messier = rows.filter((row) => row.catalog === 'M');

/** Share of the picture that a circle or ellipse covers, by points and without the code that is tested. */
function covered(
  wcs: Wcs,
  { ra_deg, dec_deg, size_arcmin = 0, axes_arcmin, axis_pa_deg }: CatalogRow,
): number {
  const round = axis_pa_deg === undefined;
  const [a, b] = (axes_arcmin ?? [size_arcmin, size_arcmin]).map((axis) => axis / 120) as [number, number];
  const mean = Math.sqrt(a * b);
  let inside = 0;
  for (let i = 0; i < 30; i++)
    for (let j = 0; j < 20; j++) {
      const at = pixelToSky(wcs, ((i + 0.5) * wcs.width) / 30, ((j + 0.5) * wcs.height) / 20);
      const distance = separation_deg([ra_deg, dec_deg], at);
      const north = at[1] - dec_deg;
      const east = (((at[0] - ra_deg + 540) % 360) - 180) * Math.cos((dec_deg * Math.PI) / 180);
      const turned = Math.atan2(east, north) - ((axis_pa_deg ?? 0) * Math.PI) / 180;
      const reach = round ? mean : (a * b) / Math.hypot(b * Math.cos(turned), a * Math.sin(turned));
      if (distance < reach) inside++;
    }
  return inside / 600;
}

test('every Messier object that fills more than 5 % of a frame has a prominence above 0.5', () => {
  expect(messier).toHaveLength(110);
  let filled = 0;
  const low: string[] = [];
  for (const row of messier)
    for (const times of [0.5, 1, 2, 3.5])
      for (const off of [0, 0.35, 0.75])
        for (const direction of off === 0 ? [0] : [0, 130, 250]) {
          const width = (times * (row.size_arcmin ?? 1)) / 60;
          const wcs = frame(...destination(row.ra_deg, row.dec_deg, direction, off * width), width);
          if (covered(wcs, row) <= 0.05) continue;
          filled++;
          const found = objectsInField(wcs, { kinds: [kindOf(row.type)] }).find(
            ({ catalog, id }) => catalog === 'M' && id === row.id,
          );
          if (!(found && found.prominence > 0.5))
            low.push(`M ${row.id} ×${times} off ${off} to ${direction}°: ${found?.prominence}`);
        }
  expect(filled).toBeGreaterThan(1500);
  expect(low).toEqual([]);
});

describe('prominence', () => {
  test('is a number from 0 to 1, and leaves the order alone', () => {
    const found = objectsInField(frame(84, -3, 8));
    expect(found.length).toBeGreaterThan(30);
    for (const { prominence } of found) {
      expect(prominence).toBeGreaterThanOrEqual(0);
      expect(prominence).toBeLessThanOrEqual(1);
    }
    const distances = found.map((object) => object.sep_arcmin);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  const at = (wcs: Wcs, designation: string) =>
    objectsInField(wcs).find(({ names }) => names?.includes(designation))?.prominence ?? Number.NaN;

  test('the Flame Nebula stands out beside Alnitak, the clouds of a survey over all of Orion do not', () => {
    const wcs = frame(85.43, -1.9, 1.2);
    expect(at(wcs, 'NGC 2024')).toBeGreaterThan(0.5);
    expect(at(wcs, 'NGC 2024')).toBeGreaterThan(at(wcs, 'Alnitak'));
    expect(at(wcs, 'LBN 918')).toBeLessThan(0.05);
  });

  test('falls with the width of the picture, and towards its edge', () => {
    const wide = [0.5, 1, 2, 4].map((width) => at(frame(250.42, 36.46, width), 'M 13'));
    expect(wide).toEqual([...wide].sort((a, b) => b - a));
    const aside = [0, 0.3, 0.6, 0.9].map((off) =>
      at(frame(...destination(250.42, 36.46, 90, off), 2), 'M 13'),
    );
    expect(aside).toEqual([...aside].sort((a, b) => b - a));
  });

  test('counts what of an object is in the picture', () => {
    // Knots in the arms of the Andromeda Galaxy: its disc covers the picture, its nucleus is outside.
    const wcs = frame(10.13, 40.739, 0.4);
    expect(at(wcs, 'M 31')).toBeGreaterThan(0.5);
    expect(at(wcs, 'M 31')).toBeLessThan(at(frame(10.68, 41.27, 3), 'M 31'));
  });
});
