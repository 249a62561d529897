import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { circleAround, mayOverlap } from '../../../src/engine/index-file/healpix.js';
import { readTable } from '../../../src/fits/table.js';
import { tableFits } from '../../../src/fits/write-table.js';
import { separation } from '../../../src/wcs/sphere.js';
import { seededRandom } from '../../sky/random.js';

const random = seededRandom(8);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'healpix-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('cells of the sky', () => {
  it.each([1, 2, 3])('of nside %i hold what astrometry.net puts into them', async (nside) => {
    const places = Array.from({ length: 20_000 }, () => ({
      ra: 360 * random.uniform(),
      dec: (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI,
    }));
    const table = join(folder, 'sky.fits');
    const values = (of: 'ra' | 'dec') => places.map((place) => place[of]);
    const columns = (['ra', 'dec'] as const).map((of) => ({
      name: of,
      format: 'D' as const,
      values: values(of),
    }));
    await writeFile(table, tableFits(columns));
    const parts = await mkdtemp(join(folder, 'parts-'));
    execFileSync('hpsplit', ['-o', join(parts, 'cell-%i.fits'), '-n', String(nside), table], {
      stdio: 'ignore',
    });
    const names = await readdir(parts);
    expect(names).toHaveLength(12 * nside ** 2);
    let [inside, circles] = [0, 0];
    for (const name of names) {
      const healpix = Number(/\d+/.exec(name)![0]);
      const circle = circleAround({ nside, healpix });
      const part = await readTable(join(parts, name));
      const [ra, dec] = [part.column('RA'), part.column('DEC')];
      for (let i = 0; i < ra.length; i++) {
        inside += 1;
        const place = { ra_deg: ra[i]!, dec_deg: dec[i]!, radius_deg: 0 };
        expect(separation(circle.ra_deg, circle.dec_deg, ra[i]!, dec[i]!)).toBeLessThan(circle.radius_deg);
        expect(mayOverlap({ nside, healpix }, place)).toBe(true);
      }
      circles += 1 - Math.cos((circle.radius_deg * Math.PI) / 180);
    }
    expect(inside).toBe(20_000);
    // The circles are hardly larger than they must be: together some two and a half times the sky.
    expect(circles / 2).toBeLessThan(3);
  });
});
