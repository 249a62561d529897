import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceListFits } from '../../src/fits/write-table.js';
import { findIndexes } from '../../src/solver/indexes/installed.js';
import { indexStarsNear } from '../../src/solver/refine/index-stars.js';
import { separation } from '../../src/wcs/sphere.js';
import { indexStars } from '../sky/stars.js';

let folder: string;
let finest: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'index-stars-'));
  [finest] = (await findIndexes({ program: '/usr/bin/solve-field' })).map(({ path }) => path) as [string];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the stars of an index file', () => {
  it.each([
    ['an ordinary place', 83, 4, 4],
    ['a narrow field', 201.3, -43, 0.4],
    ['where RA begins', 359.9, -0.1, 3],
    ['the north pole', 10, 89.7, 2],
    ['the south pole', 250, -90, 1.5],
  ])('at %s are those that query-starkd finds', async (_, centreRa, centreDec, radius) => {
    const found = (await indexStarsNear(finest, centreRa, centreDec, radius))!;
    const expected = indexStars(centreRa, centreDec, radius);
    expect(found.ra_deg.length).toBe(expected.length);
    expect(new Set(found.id).size).toBe(expected.length);
    // query-starkd gives up some digits close to a pole.
    for (let i = 0; i < found.id.length; i++) {
      const [ra, dec] = [found.ra_deg[i]!, found.dec_deg[i]!];
      const nearest = Math.min(...expected.map((star) => separation(ra, dec, star.ra_deg, star.dec_deg)));
      expect(3600 * nearest).toBeLessThan(0.1);
    }
  });

  it('are not read from a file of another kind', async () => {
    const path = join(folder, 'table.fits');
    await writeFile(path, sourceListFits({ x: [1], y: [2] }));
    expect(await indexStarsNear(path, 0, 0, 1)).toBeUndefined();
    expect(await indexStarsNear(join(folder, 'none.fits'), 0, 0, 1)).toBeUndefined();
  });
});
