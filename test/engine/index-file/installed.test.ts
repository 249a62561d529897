import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../../src/engine/index-file/code.js';
import { openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { openFileBytes } from '../../../src/solver/builtin/file-bytes.js';
import { findIndexes, type InstalledIndex } from '../../../src/solver/indexes/installed.js';
import { DEG, separation } from '../../../src/wcs/sphere.js';
import { seededRandom } from '../../sky/random.js';
import type { Star } from '../../sky/stars.js';
import { HALF_STEP, queryStars, temporaryFolder } from './programs.js';
import { starsIn } from './scan.js';

let folder: string;
let installed: readonly InstalledIndex[];
beforeAll(async () => {
  folder = temporaryFolder();
  installed = await findIndexes({ program: '/usr/bin/solve-field' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every installed index', () => {
  it('stores the codes of its quads’ stars', () => {
    expect(installed.length).toBeGreaterThan(0);
    const random = seededRandom(4);
    for (const { path, id, lower_arcmin } of installed) {
      const bytes = openFileBytes(path);
      const index = openIndexFile(bytes);
      const { quads, dimQuads, quadSize_rad } = index.metadata;
      expect(index.metadata.id).toBe(id);
      expect(quadSize_rad.low * DEG * 60).toBeCloseTo(lower_arcmin, 6);
      const [stars, stored, own]: number[][] = [[], [], []];
      for (let i = 0; i < 3000; i++) {
        const quad = Math.floor(quads * random.uniform());
        index.quadStars(quad, stars!);
        index.quadCode(quad, stored!);
        const positions = stars!.flatMap((star) => {
          const position: number[] = [];
          index.starPosition(star, position);
          return position;
        });
        codeOf(positions, own!);
        stored!.forEach((value, axis) => {
          expect(Math.abs(value - own![axis]!)).toBeLessThan(HALF_STEP);
        });
        let isFound = false;
        index.searchCodes(own!, 2 * HALF_STEP * Math.sqrt(dimQuads), (match) => {
          isFound ||= match === quad;
        });
        expect(isFound).toBe(true);
      }
      bytes.close();
    }
  });

  it.each([
    ['where RA begins', 359.9, -0.1, 3],
    ['the north pole', 10, 89.7, 4],
    ['the south pole', 250, -90, 4],
  ])('holds the stars that query-starkd finds at %s', async (_, ra, dec, radius) => {
    const [{ path }] = installed as [InstalledIndex];
    const bytes = openFileBytes(path);
    const expected = await queryStars(folder, path, ra, dec, radius);
    const found = starsIn(openIndexFile(bytes), ra, dec, radius);
    bytes.close();
    expect(found).toHaveLength(expected.length);
    const sorted = (stars: Star[]): number[] => stars.map(({ mag }) => mag).sort((a, b) => a - b);
    expect(sorted(found)).toEqual(sorted(expected));
    for (const { ra_deg, dec_deg } of found) {
      const nearest = Math.min(
        ...expected.map((star) => separation(ra_deg, dec_deg, star.ra_deg, star.dec_deg)),
      );
      // query-starkd gives up some digits close to a pole.
      expect(3600 * nearest).toBeLessThan(0.1);
    }
  });
});
