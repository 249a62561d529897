import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../../src/engine/engine.js';
import { memoryBytes } from '../../../src/engine/index-file/byte-source.js';
import { IndexFileError } from '../../../src/engine/index-file/error.js';
import { openIndexFile } from '../../../src/engine/index-file/index-file.js';
import { type IndexFilePlace, IndexFiles } from '../../../src/engine/index-source/index-files.js';
import type { SolveQuestion, SolveSuccess } from '../../../src/engine/question.js';
import { openIndexFiles } from '../../../src/solver/builtin/open-index-files.js';
import { findIndexes } from '../../../src/solver/indexes/installed.js';
import { DEG } from '../../../src/wcs/sphere.js';
import { indexStars, type Star } from '../../sky/stars.js';
import { buildIndex, splitCatalogue, temporaryFolder, writeCatalogue } from '../index-file/programs.js';
import { starsIn } from '../index-file/scan.js';
import { errorOf, type Patch, renderPatch } from './patch.js';

const CENTRE = { ra: 83, dec: 4, radius: 9 } as const;
/** Of the field of view, for quads of 1° to 1.4°. */
const WIDTH_DEG = 2.4;

let folder: string;
let catalogue: string;
let built: string;
let sky: Star[];
beforeAll(() => {
  folder = temporaryFolder();
  catalogue = join(folder, 'catalogue.fits');
  built = join(folder, 'index.fits');
  writeCatalogue(catalogue, CENTRE.ra, CENTRE.dec, CENTRE.radius);
  buildIndex(catalogue, built);
  sky = indexStars(CENTRE.ra, CENTRE.dec, CENTRE.radius);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const patchAt = (seed: number, parity: 1 | -1 = -1) =>
  renderPatch(sky, {
    ra_deg: CENTRE.ra + ((seed * 2.3) % 8) - 4,
    dec_deg: CENTRE.dec + ((seed * 3.1) % 8) - 4,
    width_deg: WIDTH_DEG,
    parity,
    seed,
  });

function solve(files: IndexFiles, { stars, width, height }: Patch, bounds: SolveQuestion['bounds'] = {}) {
  return new Engine([files]).solve({ stars, width, height, bounds });
}

function solved(answer: ReturnType<typeof solve>): SolveSuccess {
  if (!answer.solved) throw new Error(`Not solved: ${answer.reason} ${JSON.stringify(answer.counts)}`);
  return answer;
}

const placeOf = (name: string, bytes: Uint8Array): IndexFilePlace => ({
  name,
  open: () => memoryBytes(bytes),
});
const within20 = ({ scale }: Patch) => ({ low: 0.8 * scale, high: 1.2 * scale });

describe('a field is solved through an index file', () => {
  it.each([1, -1] as const)('of build-astrometry-index, under the parity %i', (parity) => {
    const files = openIndexFiles([built]);
    for (let seed = 1; seed <= 5; seed++) {
      const patch = patchAt(seed, parity);
      const answer = solved(solve(files, patch));
      expect(errorOf(answer.wcs, patch)).toBeLessThan(2);
      expect(answer.index).toBe(built);
      const magnitudes = answer.matches.map(({ magnitude }) => magnitude);
      expect(Math.min(...magnitudes)).toBeGreaterThan(0);
      expect(Math.max(...magnitudes)).toBeLessThan(14);
    }
    files.close();
  });

  it.each([3, 5] as const)('of build-astrometry-index, of quads of %i stars', (starsPerQuad) => {
    const path = join(folder, `quads-of-${starsPerQuad}.fits`);
    buildIndex(catalogue, path, ['-d', `${starsPerQuad}`]);
    const files = openIndexFiles([path]);
    for (const parity of [1, -1] as const) {
      for (let seed = 1; seed <= 4; seed++) {
        const patch = patchAt(seed, parity);
        const answer = solved(solve(files, patch, { scale: within20(patch) }));
        expect(errorOf(answer.wcs, patch)).toBeLessThan(2);
        expect(answer.index).toBe(path);
      }
    }
    files.close();
  });

  it('of the installed ones, the narrowest, anywhere in the sky', async () => {
    const [narrowest] = await findIndexes({ program: '/usr/bin/solve-field' });
    const { path, upper_arcmin } = narrowest!;
    const installed = openIndexFile(memoryBytes(readFileSync(path)));
    const width_deg = (2.4 * upper_arcmin) / 60;
    const files = openIndexFiles([path]);
    for (const [i, [ra_deg, dec_deg]] of (
      [
        [84, -1],
        [359.9, 62],
        [310, 40],
        [120, -89.5],
        [200, 89],
      ] as const
    ).entries()) {
      const near = starsIn(installed, ra_deg, dec_deg, width_deg);
      for (const parity of [1, -1] as const) {
        const patch = renderPatch(near, { ra_deg, dec_deg, width_deg, parity, seed: i });
        const answer = solved(solve(files, patch, { scale: within20(patch) }));
        expect(errorOf(answer.wcs, patch)).toBeLessThan(2);
      }
    }
    files.close();
  });

  it('in the same way whatever the memory for its pages', () => {
    const patch = patchAt(7);
    const small = solve(openIndexFiles([built], { cacheBytes: 1 << 16 }), patch);
    expect(small).toEqual(solve(openIndexFiles([built]), patch));
  });

  it('and its files are closed, and opened again for the next', () => {
    let open = 0;
    const bytes = readFileSync(built);
    const files = new IndexFiles([
      {
        name: 'counted',
        open() {
          open++;
          return { ...memoryBytes(bytes), close: () => open-- };
        },
      },
    ]);
    const first = solved(solve(files, patchAt(1)));
    expect(open).toBe(1);
    files.close();
    expect(open).toBe(0);
    expect(solved(solve(files, patchAt(1))).wcs).toEqual(first.wcs);
  });
});

describe('files are chosen', () => {
  const request = { shortest_rad: 0.2 / DEG, longest_rad: 3 / DEG };

  it('by the size of their quads, the largest first', () => {
    const wide = join(folder, 'wide.fits');
    buildIndex(catalogue, wide, ['-P', '12']);
    const names = (files: IndexFiles, more: Partial<typeof request> = {}) =>
      files.indexes({ ...request, ...more }).map(({ name }) => name);
    expect(names(openIndexFiles([built, wide]))).toEqual([wide, built]);
    expect(names(openIndexFiles([built, wide]), { longest_rad: 1.5 / DEG })).toEqual([built]);
    expect(names(openIndexFiles([built, wide]), { shortest_rad: 1.5 / DEG })).toEqual([wide]);
    expect(names(openIndexFiles([built, wide], { shorterThan_rad: 1.5 / DEG }))).toEqual([built]);
  });

  it('by the part of the sky that they hold', () => {
    const opened = new Map<string, number>();
    const places = [...splitCatalogue(catalogue, 8)].map(([cell, piece]) => {
      const path = join(folder, `cell-${cell}.fits`);
      buildIndex(piece, path, ['-H', `${cell}`, '-s', '8']);
      const bytes = readFileSync(path);
      const open = () => {
        opened.set(path, (opened.get(path) ?? 0) + 1);
        return memoryBytes(bytes);
      };
      return { name: path, open };
    });
    expect(places.length).toBeGreaterThan(2);
    const files = new IndexFiles(places);
    const patch = patchAt(2);
    const [ra_deg, dec_deg] = patch.wcs.crval;
    const scale = within20(patch);
    const answer = solved(solve(files, patch, { scale, position: { ra_deg, dec_deg, radius_deg: 1 } }));
    expect(errorOf(answer.wcs, patch)).toBeLessThan(2);
    // Of every file the first header was read, and not all of them were opened for more.
    expect(opened.size).toBe(places.length);
    expect([...opened.values()].filter((times) => times > 1).length).toBeLessThan(places.length);
    const far = solve(files, patch, { scale, position: { ra_deg: 263, dec_deg: -4, radius_deg: 5 } });
    expect(far).toMatchObject({ solved: false, reason: 'no_index' });
  });
});

describe('a file that cannot be used', () => {
  /** Solves with a bad file beside the good one; says which errors were told, by name. */
  function solveBeside(bad: IndexFilePlace): [name: string, error: unknown][] {
    const failures: [string, unknown][] = [];
    const files = new IndexFiles([bad, placeOf('good', readFileSync(built))], {
      onFailure: (name, error) => failures.push([name, error]),
    });
    for (const seed of [3, 4]) {
      const patch = patchAt(seed);
      const answer = solved(solve(files, patch));
      expect(answer.index).toBe('good');
      expect(errorOf(answer.wcs, patch)).toBeLessThan(2);
    }
    return failures;
  }

  it('from its headers on is told once, and the other files are searched', () => {
    const bytes = readFileSync(built);
    for (const [bad, reason] of [
      [Buffer.from('<html>'), 'not_an_index'],
      [bytes.subarray(0, bytes.length / 2), 'truncated'],
    ] as const) {
      const failures = solveBeside(placeOf('bad', bad));
      expect(failures).toHaveLength(1);
      expect(failures[0]).toMatchObject(['bad', { name: 'IndexFileError', reason }]);
    }
  });

  it('because there is none is told by its path', () => {
    const failures: [string, unknown][] = [];
    const path = join(folder, 'missing.fits');
    const files = openIndexFiles([path, built], { onFailure: (name, error) => failures.push([name, error]) });
    expect(solved(solve(files, patchAt(3))).index).toBe(built);
    expect(failures).toMatchObject([[path, { code: 'ENOENT' }]]);
  });

  it('because of what it holds is told when a search comes upon it', () => {
    for (const table of ['quads', 'kdtree_data_stars', 'kdtree_split_stars']) {
      const bytes = readFileSync(built);
      const header = bytes.indexOf(`'${table}`, 0, 'latin1');
      const start = 2880 * (Math.floor(header / 2880) + 1);
      bytes.fill(0xff, start, bytes.indexOf('XTENSION', start, 'latin1'));
      const failures = solveBeside(placeOf('bad', bytes));
      expect(failures).toHaveLength(1);
      expect(failures[0]![1]).toBeInstanceOf(IndexFileError);
    }
  });

  it('because it became shorter while it was open is told', () => {
    const path = join(folder, 'shrinking.fits');
    writeFileSync(path, readFileSync(built));
    const failures: unknown[] = [];
    const files = openIndexFiles([path], { onFailure: (_, error) => failures.push(error) });
    files.indexes({ shortest_rad: 0, longest_rad: 1 });
    truncateSync(path, 100_000);
    expect(solve(files, patchAt(5)).solved).toBe(false);
    expect(failures).toMatchObject([{ name: 'IndexFileError', reason: 'truncated' }]);
    expect(solve(files, patchAt(5))).toMatchObject({ reason: 'no_index' });
  });
});
