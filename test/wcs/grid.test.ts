import { describe, expect, test } from 'vitest';
import { crossings, equatorialGrid } from '../../src/wcs/grid.js';
import { createView } from '../../src/wcs/view.js';
import { frame } from '../catalog/support.js';

const display = { rowOrder: 'top-down' } as const;

describe('the grid', () => {
  const gridOf = (ra: number, dec: number, width: number) => {
    const view = createView(frame(ra, dec, width), display, 1500);
    return { view, lines: equatorialGrid(view) };
  };

  test.each([
    [84, -3, 0.02],
    [84, -3, 1],
    [84, -3, 12],
    [84, -3, 70],
    [0.01, 20, 4],
    [359.99, -20, 4],
    [10, 90, 8],
    [200, -89.5, 3],
    [45, 85, 1],
    [120, 70, 60],
  ])('about RA %f, Dec %f, %f° wide: lines at round values that lie where they say', (ra, dec, width) => {
    const { view, lines } = gridOf(ra, dec, width);
    for (const kind of ['ra', 'dec'] as const) {
      const some = lines.filter((line) => line.kind === kind);
      expect(some.length).toBeGreaterThanOrEqual(2);
      expect(some.length).toBeLessThanOrEqual(26);
      expect(new Set(some.map((line) => line.label)).size).toBe(some.length);
    }
    for (const { kind, value_deg, pieces } of lines)
      for (const [x, y] of pieces.flat().filter((point) => view.contains(point))) {
        const [lineRa, lineDec] = view.toSky(x, y);
        const off = kind === 'dec' ? lineDec - value_deg : ((lineRa - value_deg + 540) % 360) - 180;
        expect(Math.abs(off) * (kind === 'ra' ? Math.cos((lineDec * Math.PI) / 180) : 1)).toBeLessThan(1e-6);
      }
  });

  test('across 0h the hours go on', () => {
    const labels = gridOf(0, 10, 10)
      .lines.filter(({ kind }) => kind === 'ra')
      .map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['23h 50m', '00h 00m', '00h 10m']));
  });

  test('crossings lie on the edge', () => {
    const { view, lines } = gridOf(84, -3, 12);
    const met = lines.flatMap((line) => crossings(view, line));
    expect(met.length).toBeGreaterThan(8);
    for (const { edge, point } of met) {
      const distance = {
        left: point[0],
        right: view.width - point[0],
        top: point[1],
        bottom: view.height - point[1],
      }[edge];
      expect(Math.abs(distance)).toBeLessThan(1e-6);
    }
  });
});
