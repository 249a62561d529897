import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../../src/engine/index-file/code.js';
import { circleAround } from '../../../src/engine/index-file/healpix.js';
import { type IndexFile, openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { type FileBytes, openFileBytes } from '../../../src/solver/builtin/file-bytes.js';
import { DEG, separation } from '../../../src/wcs/sphere.js';
import { seededRandom } from '../../sky/random.js';
import {
  buildIndex,
  buildPermutedIndex,
  flipIndex,
  HALF_STEP,
  queryStars,
  splitCatalogue,
  temporaryFolder,
  writeCatalogue,
} from './programs.js';
import { scanAll, searchEverywhere, starsIn, worstCode } from './scan.js';

const CENTRE = { ra: 83, dec: 4, radius: 12 } as const;

let folder: string;
let catalogue: string;
const open: FileBytes[] = [];
beforeAll(() => {
  folder = temporaryFolder();
  catalogue = join(folder, 'catalogue.fits');
  writeCatalogue(catalogue, CENTRE.ra, CENTRE.dec, CENTRE.radius);
});
afterAll(() => {
  for (const bytes of open) bytes.close();
  rmSync(folder, { recursive: true, force: true });
});

function openPath(path: string): IndexFile {
  const bytes = openFileBytes(path);
  open.push(bytes);
  return openIndexFile(bytes);
}

async function expectStarsOfQueryStarkd(
  path: string,
  index: IndexFile,
  ra: number,
  dec: number,
  radius: number,
) {
  const expected = await queryStars(folder, path, ra, dec, radius);
  const found = starsIn(index, ra, dec, radius);
  expect(found.length).toBeGreaterThan(100);
  expect(found.map(({ mag }) => mag)).toEqual(expected.map(({ mag }) => mag));
  found.forEach((star, i) => {
    // Both come from the same numbers; query-starkd goes through degrees, which costs some digits.
    expect(
      3600 * separation(star.ra_deg, star.dec_deg, expected[i]!.ra_deg, expected[i]!.dec_deg),
    ).toBeLessThan(0.01);
  });
}

describe.each([3, 4, 5])('an index of quads of %i stars that build-astrometry-index made', (dimQuads) => {
  let path: string;
  let index: IndexFile;
  beforeAll(() => {
    path = join(folder, `quads-of-${dimQuads}.fits`);
    // -K keeps more columns beside the magnitudes.
    buildIndex(catalogue, path, [
      '-d',
      `${dimQuads}`,
      '-I',
      `99${dimQuads}`,
      ...(dimQuads === 4 ? ['-K'] : []),
    ]);
    index = openPath(path);
  });

  it('says what it is', () => {
    const { quadSize_rad, quads, stars, ...rest } = index.metadata;
    expect(rest).toEqual({
      id: 990 + dimQuads,
      dimQuads,
      byteOrder: 'little',
      hasSortedCodes: true,
      hasHalvedCodes: true,
      jitter_arcsec: 1,
      cut: { nside: 55, sweeps: 10, margin: 0 },
    });
    expect(quads).toBeGreaterThan(1000);
    expect(stars).toBeGreaterThan(1000);
    expect(quadSize_rad.low * DEG).toBeCloseTo(1, 2);
    expect(quadSize_rad.high * DEG).toBeCloseTo(Math.SQRT2, 2);
    expect(index.magnitudeColumn).toBe('MAG_VT');
  });

  it('holds the stars that query-starkd finds', () =>
    expectStarsOfQueryStarkd(path, index, CENTRE.ra, CENTRE.dec, 5));

  it('stores the codes of its quads’ stars, of the size that it names', () => {
    const scan = scanAll(index);
    expect(worstCode(index, scan, codeOf)).toBeLessThan(HALF_STEP);
    const { low, high } = index.metadata.quadSize_rad;
    const stars: number[] = [];
    for (let quad = 0; quad < index.metadata.quads; quad++) {
      index.quadStars(quad, stars);
      const [a, b] = [scan.stars[stars[0]!]!, scan.stars[stars[1]!]!];
      const size = 2 * Math.asin(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!) / 2);
      expect(size).toBeGreaterThan(low * (1 - 1e-6));
      expect(size).toBeLessThan(high * (1 + 1e-6));
    }
  });

  it('is searched as if every code and star were looked at', () => {
    const { codes, stars } = searchEverywhere(index, scanAll(index), seededRandom(dimQuads), 50);
    expect(codes.wrong).toBe(0);
    expect(stars.wrong).toBe(0);
    expect(codes.found).toBeGreaterThan(1000);
    expect(stars.found).toBeGreaterThan(1000);
  });

  it('counts sweeps from bright to faint within a cell', () => {
    const [bright, faint] = [[] as number[], [] as number[]];
    for (let star = 0; star < index.metadata.stars; star++)
      (index.sweep(star) < 26 ? bright : faint).push(index.magnitude(star));
    const mean = (list: number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(bright)).toBeLessThan(mean(faint) - 0.5);
  });
});

describe('a permuted index', () => {
  it('is read as the file that is made of it', async () => {
    const path = join(folder, 'permuted.fits');
    buildPermutedIndex(catalogue, path);
    const index = openPath(path);
    const scan = scanAll(index);
    expect(worstCode(index, scan, codeOf)).toBeLessThan(HALF_STEP);
    const { codes, stars } = searchEverywhere(index, scan, seededRandom(6), 30);
    expect([codes.wrong, stars.wrong]).toEqual([0, 0]);
    await expectStarsOfQueryStarkd(path, index, CENTRE.ra, CENTRE.dec, 3);
    expect(index.sweep(0)).toBeNaN();
  });
});

describe('an index in the other byte order', () => {
  it('holds the same', () => {
    const [path, flipped] = [join(folder, 'little.fits'), join(folder, 'big.fits')];
    buildIndex(catalogue, path);
    flipIndex(path, flipped);
    const [little, big] = [openPath(path), openPath(flipped)];
    expect(big.metadata).toEqual({ ...little.metadata, byteOrder: 'big' });
    const scan = scanAll(big);
    expect(scan).toEqual(scanAll(little));
    expect(searchEverywhere(big, scan, seededRandom(1), 20)).toEqual(
      searchEverywhere(little, scan, seededRandom(1), 20),
    );
    for (let star = 0; star < big.metadata.stars; star++) {
      expect(big.magnitude(star)).toBe(little.magnitude(star));
      expect(big.sweep(star)).toBe(little.sweep(star));
    }
  });
});

describe('an index of a part of the sky', () => {
  it('names its cell, and lies within', () => {
    const nside = 2;
    const cells = splitCatalogue(catalogue, nside);
    expect(cells.size).toBeGreaterThan(1);
    for (const [healpix, piece] of cells) {
      const path = join(folder, `cell-${healpix}.fits`);
      buildIndex(piece, path, ['-H', `${healpix}`, '-s', `${nside}`]);
      const index = openPath(path);
      expect(index.metadata.cell).toEqual({ nside, healpix });
      const circle = circleAround({ nside, healpix });
      const stars = starsIn(index, circle.ra_deg, circle.dec_deg, 180);
      expect(stars.length).toBe(index.metadata.stars);
      for (const { ra_deg, dec_deg } of stars)
        expect(separation(circle.ra_deg, circle.dec_deg, ra_deg, dec_deg)).toBeLessThan(circle.radius_deg);
      expect(worstCode(index, scanAll(index), codeOf)).toBeLessThan(HALF_STEP);
    }
  });
});
