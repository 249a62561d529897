import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SolvedResult } from '../../src/job/result.js';
import { separation_deg } from '../sky/projection.js';
import { analyzeFile } from './analysis.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** As published (SIMBAD), degrees J2000. */
const KNOWN: readonly [name: RegExp, ra_deg: number, dec_deg: number][] = [
  [/^(M ?42|Orion Nebula|Great Orion Nebula)/i, 83.82, -5.39],
  [/Alnitak/, 85.1897, -1.9426],
  [/Alnilam/, 84.0534, -1.2019],
  [/Mintaka/, 83.0017, -0.2991],
  [/Rigel/, 78.6345, -8.2016],
  [/(Flame Nebula|NGC ?2024)/, 85.43, -1.86],
  [/(Horsehead|B ?33|Barnard 33)/, 85.25, -2.46],
  [/(M ?78|NGC ?2068)/, 86.69, 0.08],
];

describe('the example photograph', () => {
  it('is solved, described and populated', async () => {
    const { result } = await analyzeFile(EXAMPLE, { timeout: 60 });
    expect(result.ok).toBe(true);
    const { astrometry, capture, solve } = result as SolvedResult;

    const pixel_deg = 30.5577 / 3600;
    const centre: [number, number] = [astrometry.ra_center, astrometry.dec_center];
    expect(separation_deg(centre, [84.15, -3]) / pixel_deg).toBeLessThan(0.2);
    expect(astrometry.pixscale_arcsec / 30.5577).toBeCloseTo(1, 3);
    expect(astrometry).toMatchObject({ parity: 1, mirrored: false, constellation: 'Ori' });
    expect(astrometry.display_up_deg).toBeCloseTo(-12, 1);
    expect(solve?.hints?.scale).toMatchObject({ source: 'exif' });

    expect(capture).toMatchObject({
      datetime: '2024-02-03T21:12:40',
      datetime_utc: '2024-02-03T20:12:40Z',
      camera_make: 'Canon',
      camera_model: 'Canon EOS 6D',
      lens_model: 'EF135mm f/2L USM',
      exposure: 60,
      f_number: 2.8,
      iso: 1600,
      focal_length_mm: 135,
      focal_length_35mm: 135,
      gps: { lat: expect.closeTo(43.9317, 5), lon: expect.closeTo(5.7133, 5), alt: 650 },
      image_width: 1800,
      image_height: 1200,
    });

    const objects = astrometry.objects;
    for (const [name, ra_deg, dec_deg] of KNOWN) {
      const object = objects.find((candidate) =>
        [candidate.name, ...(candidate.names ?? [])].some((alias) => name.test(alias)),
      );
      expect(object, String(name)).toBeDefined();
      expect(
        separation_deg([object!.ra_deg!, object!.dec_deg!], [ra_deg, dec_deg]),
        String(name),
      ).toBeLessThan(0.1);
    }
    const distances = objects.map((object) => object.sep_arcmin);
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
    for (const { x, y } of objects.filter((object) => object.catalog === 'star')) {
      expect(x).toBeGreaterThan(0.5);
      expect(x).toBeLessThan(1800.5);
      expect(y).toBeGreaterThan(0.5);
      expect(y).toBeLessThan(1200.5);
    }
  });
});
