import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readTable } from '../../../src/fits/table.js';
import { tableFits } from '../../../src/fits/write-table.js';
import { indexStars, type Star } from '../../sky/stars.js';

/*
 * Index files made by astrometry.net's own programs: build-astrometry-index, hpsplit, fits-flip-endian; and query-starkd, which reads them.
 */

const ENVIRONMENT = { ...process.env, LC_ALL: 'C' };
const run = (program: string, args: readonly string[]): void => {
  execFileSync(program, args, { stdio: 'ignore', env: ENVIRONMENT });
};

/** Half a step of the 16-bit numbers in which the programs keep codes, and a little for rounding. */
export const HALF_STEP = 1.08e-5;

/** For one test file, which removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'index-file-'));
}

const within = (folder: string): string => mkdtempSync(join(folder, 'work-'));

/** Tycho-2 stars within `radius_deg`, as a catalogue for build-astrometry-index. */
export function writeCatalogue(path: string, ra_deg: number, dec_deg: number, radius_deg: number): void {
  const stars = indexStars(ra_deg, dec_deg, radius_deg);
  writeFileSync(
    path,
    tableFits([
      { name: 'RA', format: 'D', values: stars.map((star) => star.ra_deg) },
      { name: 'DEC', format: 'D', values: stars.map((star) => star.dec_deg) },
      { name: 'MAG_VT', format: 'E', values: stars.map((star) => star.mag) },
    ]),
  );
}

/** Quads of 1° to 1.4°. */
const PRESET = '10';

/** @param more arguments beside those for input, output, sort column and quad size. */
export function buildIndex(catalogue: string, path: string, more: readonly string[] = []): void {
  run('build-astrometry-index', ['-i', catalogue, '-o', path, '-S', 'MAG_VT', '-P', PRESET, '-E', ...more]);
}

const BLOCK = 2880;

/**
 * An index whose trees are permuted: build-astrometry-index makes it on its way, in files of its own for quads, codes and stars; this puts
 * them into one file as it does at the end.
 */
export function buildPermutedIndex(catalogue: string, path: string, more: readonly string[] = []): void {
  const folder = within(dirname(path));
  buildIndex(catalogue, join(folder, 'index.fits'), ['-T', '-t', folder, ...more]);
  const [quads, codes, stars] = ['quad', 'ckdt', 'skdt'].map((kind) => {
    const name = readdirSync(folder).find((file) => file.startsWith(`tmp.${kind}.`));
    if (name === undefined) throw new Error(`build-astrometry-index left no file of ${kind}`);
    return readFileSync(join(folder, name));
  });
  // Three files were read; the primary headers of the trees' are one block.
  writeFileSync(path, Buffer.concat([quads!, codes!.subarray(BLOCK), stars!.subarray(BLOCK)]));
}

/** Some five hundred stars. */
const LEAST_PIECE_BYTES = 15_000;

/** Splits a catalogue into cells of HEALPix; paths by the number of the cell, of those with enough stars for an index. */
export function splitCatalogue(catalogue: string, nside: number): Map<number, string> {
  const folder = within(dirname(catalogue));
  run('hpsplit', ['-o', join(folder, 'cell-%i.fits'), '-n', `${nside}`, catalogue]);
  const pieces = readdirSync(folder).filter((name) => statSync(join(folder, name)).size > LEAST_PIECE_BYTES);
  return new Map(pieces.map((name) => [Number(/\d+/.exec(name)![0]), join(folder, name)]));
}

/** The same file in the other byte order, by fits-flip-endian, which leaves the headers as they are. */
export function flipIndex(path: string, flipped: string): void {
  const file = readFileSync(path);
  const extensions = [...file.toString('latin1').matchAll(/XTENSION=.*?TTYPE1 *= '(\w+) *'/gs)].map(
    ([, name]) => name!,
  );
  const isStars = (name: string): boolean => name.endsWith('_stars');
  const sizes = extensions.flatMap((name, i) => {
    const bytes = /^kdtree_(data|split)/.test(name)
      ? isStars(name)
        ? 4
        : 2
      : name.startsWith('kdtree_range')
        ? 8
        : 4;
    return /header|sweep|MAG_VT|RA|splitdim/.test(name) ? [] : ['-e', String(i + 1), '-s', String(bytes)];
  });
  run('fits-flip-endian', ['-i', path, '-o', flipped, ...sizes]);
  const text = readFileSync(flipped, 'latin1').replaceAll("'04:03:02:01'", "'01:02:03:04'");
  writeFileSync(flipped, text, 'latin1');
}

/**
 * The stars of an index file within a circle, by query-starkd, in order of right ascension.
 * @param folder for temporary files.
 */
export async function queryStars(
  folder: string,
  path: string,
  ra_deg: number,
  dec_deg: number,
  radius_deg: number,
): Promise<Star[]> {
  const table = join(within(folder), 'stars.fits');
  const circle = ['-r', String(ra_deg), '-d', String(dec_deg), '-R', String(radius_deg)];
  run('query-starkd', [...circle, '-T', '-o', table, path]);
  const stars = await readTable(table);
  const [ra, dec, mag] = [stars.column('RA'), stars.column('DEC'), stars.column('MAG_VT')];
  const list = Array.from(ra, (_, i) => ({ ra_deg: ra[i]!, dec_deg: dec[i]!, mag: mag[i]! }));
  return list.sort((a, b) => a.ra_deg - b.ra_deg);
}
