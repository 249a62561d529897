import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseParams } from '../../src/job/params.js';
import { findIndexes } from '../../src/solver/indexes/installed.js';
import { noIndexMessage } from '../../src/solver/indexes/no-index.js';
import { indexesForScale, indexesOf } from '../../src/solver/indexes/select.js';
import type { IndexShare } from '../../src/solver/search/attempts.js';

let root: string;

/** The head of an index file: sizes of quads in arcminutes. */
function indexHead(id: number, lower: number, upper: number, healpix = -1): string {
  const radians = (arcmin: number) => String((arcmin / 60 / 180) * Math.PI).slice(0, 18);
  const cards = {
    SIMPLE: 'T',
    BITPIX: '8',
    NAXIS: '0',
    AN_FILE: "'QUAD    '",
    SCALE_U: radians(upper),
    SCALE_L: radians(lower),
    INDEXID: String(id),
    HEALPIX: String(healpix),
    HPNSIDE: healpix < 0 ? '0' : '2',
  };
  const lines = Object.entries(cards).map(([keyword, value]) =>
    `${keyword.padEnd(8)}= ${value.padStart(20)}`.padEnd(80),
  );
  return [...lines, 'END'.padEnd(80)].join('').padEnd(2880);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'indexes-'));
  for (const folder of ['auto', 'named', 'more']) await mkdir(join(root, folder));
  await writeFile(join(root, 'auto', 'index-4110.fits'), indexHead(4110, 60, 85));
  await writeFile(join(root, 'auto', 'index-5206-01.fits'), indexHead(5206, 16, 22, 1));
  await writeFile(join(root, 'auto', 'broken.fits'), 'SIMPLE');
  await writeFile(join(root, 'auto', 'README'), 'no index');
  await writeFile(join(root, 'named', 'index-4119.fits'), indexHead(4119, 1400, 2000));
  await writeFile(join(root, 'named', 'index-4118.fits'), indexHead(4118, 1000, 1400));
  await writeFile(join(root, 'more', 'index-4114.fits'), indexHead(4114, 240, 340));
  await writeFile(
    join(root, 'auto.cfg'),
    `# a comment\ncpulimit 300\nadd_path ${join(root, 'auto')}\nautoindex\n`,
  );
  await writeFile(join(root, 'named.cfg'), `add_path named\nindex index-4119\nindex missing\n`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const ids = (found: readonly { id: number }[]) => found.map((index) => index.id);

describe('finding index files', () => {
  it('reads configurations and folders, and sorts by size of quad', async () => {
    expect(ids(await findIndexes({ configs: [join(root, 'auto.cfg')] }))).toEqual([5206, 4110]);
    expect(ids(await findIndexes({ configs: [join(root, 'named.cfg')] }))).toEqual([4119]);
    const all = await findIndexes({
      configs: [join(root, 'auto.cfg'), join(root, 'named.cfg')],
      dirs: [join(root, 'more'), join(root, 'more'), join(root, 'missing')],
    });
    expect(ids(all)).toEqual([5206, 4110, 4114, 4119]);
    expect(all[1]!.lower_arcmin).toBeCloseTo(60, 6);
    expect(all[1]!.upper_arcmin).toBeCloseTo(85, 6);
    expect(all[0]!.cell).toEqual({ nside: 2, healpix: 1 });
    expect(all[1]!.cell).toBeUndefined();
  });

  it('sees within a second or so that a file was replaced', async () => {
    const folder = join(root, 'changing');
    await mkdir(folder);
    await writeFile(join(folder, 'index.fits'), indexHead(1, 10, 20));
    expect(ids(await findIndexes({ configs: [], dirs: [folder] }))).toEqual([1]);
    await writeFile(join(folder, 'index.fits'), `${indexHead(2, 10, 20)}${' '.repeat(2880)}`);
    const found = async () => ids(await findIndexes({ configs: [], dirs: [folder] }));
    await expect.poll(found, { timeout: 5000 }).toEqual([2]);
  });
});

describe('choosing index files', () => {
  const all = [20, 60, 100, 200, 800].map((lower, id) => ({
    path: `${id}.fits`,
    lower_arcmin: lower,
    upper_arcmin: lower * 1.4,
  }));

  it('takes those whose quads can lie in the image', () => {
    // One degree wide: quads of 4 to 72 arcminutes.
    const image = { width: 1500, height: 1000 };
    const degree = { low: 2.4, high: 2.4 };
    expect(indexesForScale(all, degree, image).map((index) => index.path)).toEqual(['0.fits', '1.fits']);
    expect(indexesForScale(all, { low: 0.01, high: 0.02 }, image)).toEqual([]);
    expect(indexesForScale(all, { low: 0.1, high: 400 }, image)).toHaveLength(5);
  });

  it('parts them by size, every one in exactly one part', () => {
    const image = { width: 1500, height: 1000 };
    const of = (indexes: IndexShare) => indexesOf({ scale: { low: 0.1, high: 400 }, indexes }, all, image);
    const parts = (['narrow', 'between', 'medium', 'wide'] as const).map(of);
    expect(parts.map((part) => part.length)).toEqual([2, 1, 1, 1]);
    expect(parts.flat()).toEqual(of('all'));
  });

  it('leaves out the parts of the sky where the field cannot be', () => {
    const image = { width: 1500, height: 1000 };
    const cells = Array.from({ length: 12 }, (_, healpix) => ({ ...all[0]!, cell: { nside: 1, healpix } }));
    const attempt = { scale: { low: 2.4, high: 2.4 }, indexes: 'all' as const };
    const near = (dec_deg: number) =>
      indexesOf({ ...attempt, position: { ra_deg: 45, dec_deg, radius_deg: 1 } }, cells, image);
    expect(near(88).map(({ cell }) => cell.healpix)).toEqual([0, 1, 2, 3]);
    expect(near(41).map(({ cell }) => cell.healpix)).toContain(0);
    expect(near(41).length).toBeLessThan(6);
    expect(indexesOf(attempt, cells, image)).toHaveLength(12);
  });

  it('takes the likely ones of a field, and all when there are none', () => {
    const image = { width: 1500, height: 1000 };
    const of = (arcsec: number) =>
      indexesOf({ scale: { low: arcsec, high: arcsec }, indexes: 'likely' }, all, image).map(
        ({ path }) => path,
      );
    // Five degrees wide: quads of 75 to 240 arcminutes. A seventh of a degree: quads of 6 at most.
    expect(of(12)).toEqual(['1.fits', '2.fits', '3.fits']);
    expect(of(0.9)).toEqual(['0.fits']);
  });

  it('says what is covered, and what would help', () => {
    const image = { width: 1500, height: 1000 };
    const narrow = parseParams({ scale_low: 0.05, scale_high: 0.1 });
    expect(noIndexMessage(all, narrow, image)).toMatch(
      /0\.05° to 0\.1° wide.*0\.28° to 280° wide.*smaller fields/,
    );
    expect(noIndexMessage([], narrow, image)).toContain('astrometry-data-tycho2');
  });
});
