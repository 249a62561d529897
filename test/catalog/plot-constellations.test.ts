import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { objectsInField } from '../../src/catalog/objects-in-field.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { describeWith } from '../needs.js';
import { fitsFile, wcsCards } from '../sky/fits.js';
import { framedWcs } from '../sky/projection.js';

interface Annotation {
  type: 'ngc' | 'star';
  names: string[];
  pixelx: number;
  pixely: number;
}

/**
 * Numbers of the New General Catalogue that it lists from an edition of 1988, and that stand for nothing beyond stars: single and
 * double stars, chance groups, knots that were never found again (OpenNGC, after Corwin). They are not objects, and not listed here.
 */
const NO_OBJECTS = new Set([
  'IC 1450',
  'IC 3279',
  'IC 3333',
  'IC 3354',
  'IC 3408',
  'IC 3420',
  'IC 3423',
  'IC 3426',
  'IC 3463',
  'IC 3566',
  'IC 3572',
  'IC 3577',
  'IC 3584',
  'IC 4681',
  'IC 5383',
  'NGC 1456',
  'NGC 1908',
  'NGC 4367',
  'NGC 4554',
  'NGC 7325',
  'NGC 7326',
  'NGC 7333',
  'NGC 7338',
  'NGC 7772',
]);

const FIELDS: Record<string, [ra: number, dec: number, width: number]> = {
  Orion: [84, -2, 8],
  'Virgo cluster': [187.7, 12.7, 4],
  Cygnus: [305, 40, 12],
  'Deer Lick and Stephan': [339.2, 34.2, 1.5],
  Pleiades: [56.75, 24.1, 6],
  Sagittarius: [271, -23, 8],
  Carina: [161, -60, 8],
  'north pole': [0, 88, 10],
  'across 0h': [0, 15, 6],
};

describeWith(['plot-constellations'], 'compared with plot-constellations', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plot-constellations-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function theirs(wcs: Wcs): Annotation[] {
    const file = join(folder, 'field.wcs');
    const header = { ...wcsCards(wcs), IMAGEW: wcs.width, IMAGEH: wcs.height };
    writeFileSync(file, fitsFile({ data: new Float32Array(1), width: 1, height: 1, channels: 1 }, 8, header));
    const { stderr } = spawnSync('plot-constellations', ['-w', file, '-N', '-B', '-L', '-J', '-F', '0'], {
      encoding: 'utf8',
    });
    return JSON.parse(stderr.slice(stderr.indexOf('{'), stderr.lastIndexOf('}') + 1)).annotations;
  }

  test.each(Object.entries(FIELDS))(
    '%s: what it lists is listed here, in the same place',
    (_, [ra_deg, dec_deg, width_deg]) => {
      const [width, height] = [1500, 1000];
      const wcs = framedWcs({
        ra_deg,
        dec_deg,
        width,
        height,
        pixscale_arcsec: (width_deg * 3600) / width,
        orientation_deg: 20,
        parity: -1,
      });
      const inside = theirs(wcs).filter(
        ({ pixelx, pixely }) =>
          pixelx >= 0.5 && pixelx <= width + 0.5 && pixely >= 0.5 && pixely <= height + 0.5,
      );
      expect(inside.length).toBeGreaterThan(5);
      const ours = objectsInField(wcs, { magnitude: { stars: 99, deepSky: 99 } });
      const stars = ours.filter(({ type }) => type === 'star');
      const deepSky = ours.filter(({ type }) => type !== 'star');
      const missing: string[] = [];
      const elsewhere: string[] = [];
      for (const { type, names, pixelx, pixely } of inside) {
        const apart = ({ x, y }: { x?: number; y?: number }) => Math.hypot(x! - pixelx, y! - pixely);
        if (type === 'star') {
          if (!stars.some((star) => apart(star) <= 2)) missing.push(names.join(' = '));
          continue;
        }
        const [number = ''] = names;
        const found = deepSky.find((object) => object.names?.includes(number));
        if (!found && !NO_OBJECTS.has(number)) missing.push(number);
        // The middle of a cloud or a loose cluster is a matter of taste; what is compact has one place.
        const compact = ['galaxy', 'planetary nebula', 'globular cluster'].includes(found?.type ?? '');
        const arcmin = compact ? 0.2 : Math.max(1.5, 0.35 * (found?.size_arcmin ?? 0));
        const tolerance = Math.max(2, arcmin / ((width_deg * 60) / width));
        if (found && apart(found) > tolerance) elsewhere.push(`${number}: ${apart(found).toFixed(1)} pixels`);
      }
      expect({ missing, elsewhere }).toEqual({ missing: [], elsewhere: [] });
    },
  );
});
