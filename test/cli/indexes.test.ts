import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { fitsOf, imageCards } from '../image/files.js';
import { type Installation, indexFile, makeInstallation } from './index-files.js';
import { useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();
let here: Installation;

interface Inventory {
  sets: {
    kind: string;
    name: string;
    folder: string;
    files: string[];
    lower_arcmin: number;
    upper_arcmin: number;
    fields: { low_deg: number; high_deg: number };
    pieces?: { present: number[]; of: number };
    bytes: number;
  }[];
  damaged: { path: string; problem: string }[];
  folders: { path: string; from: string; writable: boolean }[];
  covered: { low_deg: number; high_deg: number }[];
}

interface Recommendation {
  verdict: string;
  estimates: { low_deg: number; high_deg: number; source: string; reason: string }[];
  series: { name: string; need: string; state: string; missing_pieces?: number[] }[];
  install: { series: string[]; command: string; package?: string; files?: number }[];
}

beforeEach(async () => {
  here = await makeInstallation(cli.dir);
});

const put = (name: string, bytes: Uint8Array) => writeFile(join(here.folder, name), bytes);
const list = (...args: string[]) => cli.json<Inventory>(['indexes', 'list', ...args], 0, { env: here.env });
const recommend = (...args: string[]) =>
  cli.json<Recommendation>(['indexes', 'recommend', ...args], 0, { env: here.env });
const bestOf = ({ series }: Recommendation) =>
  series.filter(({ need }) => need === 'best').map(({ name, state }) => `${name} ${state}`);

describe('indexes list', () => {
  it('tells of the packaged stars where no index file and no solve-field is', async () => {
    const env = { PATH: join(cli.dir, 'no-programs'), ASTRO_SOLVE_FIELD: '', ASTRO_INDEX_DIRS: '' };
    const { sets } = await cli.json<Inventory>(['indexes', 'list'], 0, { env });
    expect(sets[0]).toMatchObject({ kind: 'packaged', name: 'packaged stars' });
    expect(sets[0]!.fields.low_deg).toBeLessThan(1.5);
    expect(sets[0]!.bytes).toBeGreaterThan(1e6);
  });

  it('gathers files by series and folder, with sizes, fields, pieces and bytes', async () => {
    const whole = indexFile({ id: 4107, lower_arcmin: 22, upper_arcmin: 30 });
    await put('index-tycho2-07.littleendian.fits', whole);
    for (const piece of [3, 0])
      await put(
        `index-5206-0${piece}.fits`,
        indexFile({ id: 5206, lower_arcmin: 16, upper_arcmin: 22, piece }),
      );
    const ended = await cli.run(['indexes', 'list'], { env: here.env });
    const { sets, damaged, folders, covered } = JSON.parse(ended.stdout) as Inventory;
    expect(sets.filter(({ kind }) => kind === 'index-files')).toEqual([
      {
        kind: 'index-files',
        name: 'index-5206',
        number: 5206,
        folder: here.folder,
        files: ['index-5206-00.fits', 'index-5206-03.fits'],
        lower_arcmin: 16,
        upper_arcmin: 22,
        fields: { low_deg: 0.267, high_deg: 3.67 },
        pieces: { nside: 2, present: [0, 3], of: 48 },
        bytes: expect.any(Number) as number,
      },
      {
        kind: 'index-files',
        name: 'index-4107',
        number: 4107,
        folder: here.folder,
        files: ['index-tycho2-07.littleendian.fits'],
        lower_arcmin: 22,
        upper_arcmin: 30,
        fields: { low_deg: 0.367, high_deg: 5 },
        bytes: whole.length,
      },
    ]);
    expect(damaged).toEqual([]);
    expect(folders).toEqual([{ path: here.folder, from: 'configuration', writable: true }]);
    expect(covered).toEqual([{ low_deg: 0.267, high_deg: 180 }]);
    expect(ended.stderr).toMatch(/index-5206 +16′ to 22′ +16′ to 3\.67° +2 of 48 pieces +2 /);
    expect(ended.stderr).toContain('packaged stars');
  });

  it('looks into further folders, those of the option in the place of the environment', async () => {
    const more = await makeInstallation(join(cli.dir, 'more'));
    await writeFile(
      join(more.folder, 'index-4110.fits'),
      indexFile({ id: 4110, lower_arcmin: 60, upper_arcmin: 85 }),
    );
    const byOption = await list('--index-dir', more.folder);
    expect(byOption.folders[0]).toEqual({ path: more.folder, from: 'option', writable: true });
    expect(byOption.sets.map(({ name }) => name)).toContain('index-4110');
    const env = { ...here.env, ASTRO_INDEX_DIRS: more.folder };
    const byVariable = await cli.json<Inventory>(['indexes', 'list'], 0, { env });
    expect(byVariable.folders[0]!.from).toBe('ASTRO_INDEX_DIRS');
  });

  it('names damaged index files and leaves them out', async () => {
    const whole = indexFile({ id: 4110, lower_arcmin: 60, upper_arcmin: 85 });
    await put('index-4110.fits', whole.subarray(0, whole.length - 5000));
    await put('index-4111.fits', Buffer.from('<html>not found</html>'));
    await put('picture.fits', fitsOf(imageCards(2, 2), Buffer.alloc(4)));
    const { sets, damaged } = await list();
    expect(sets.map(({ kind }) => kind)).toEqual(['packaged']);
    expect(damaged.map(({ path }) => path).sort()).toEqual(
      ['index-4110.fits', 'index-4111.fits'].map((name) => join(here.folder, name)),
    );
  });

  it('prints the document alone with --json', async () => {
    const ended = await cli.run(['indexes', 'list', '--json'], { env: here.env });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true });
  });

  it('reads every index file that this machine has', async () => {
    const names = await readdir('/usr/share/astrometry').catch((): string[] => []);
    const { sets, damaged } = await list('--index-dir', '/usr/share/astrometry');
    const files = sets.filter(({ folder }) => folder === '/usr/share/astrometry').flatMap((set) => set.files);
    expect(files.sort()).toEqual(names.filter((name) => name.endsWith('.fits')).sort());
    expect(damaged).toEqual([]);
  });
});

describe('indexes recommend', () => {
  it('needs nothing where the packaged stars have quads of the best sizes', async () => {
    const advice = await recommend('--fov', '10');
    expect(advice).toMatchObject({ verdict: 'good', install: [] });
    expect(bestOf(advice)).toContain('index-4113 packaged');
    expect(advice.series.every(({ need, state }) => need === 'useful' || state === 'packaged')).toBe(true);
  });

  it('names series, packages and commands for a narrower field', async () => {
    const bin = join(cli.dir, 'bin');
    await makeApt(bin);
    const env = { ...here.env, PATH: `${bin}:${process.env.PATH}` };
    const advice = await cli.json<Recommendation>(['indexes', 'recommend', '--fov', '0.6-0.65'], 0, { env });
    expect(bestOf(advice)).toEqual([
      'index-5204 missing',
      'index-5205 missing',
      'index-5206 missing',
      'index-4107 missing',
      'index-4108 missing',
    ]);
    expect(advice.verdict).toBe('missing');
    expect(advice.install[0]).toMatchObject({
      series: ['index-4108'],
      package: 'astrometry-data-tycho2-08',
      command: 'astro-jobs indexes install tycho2-08',
    });
    expect(advice.install.at(-1)).toMatchObject({ series: ['index-5204'], files: 48 });
    expect(advice.install.at(-1)!.command).toMatch(/^astro-jobs indexes install index-5204 --from https:/);
  });

  it('counts what is installed', async () => {
    await put('index-4107.fits', indexFile({ id: 4107, lower_arcmin: 22, upper_arcmin: 30 }));
    const advice = await recommend('--scale', '1.0-1.1', '--width', '2100');
    expect(advice.estimates[0]!.low_deg).toBeCloseTo(0.583, 3);
    expect(advice.estimates[0]!.high_deg).toBeCloseTo(0.642, 3);
    expect(advice).toMatchObject({ verdict: 'good', install: [] });
    expect(bestOf(advice)).toContain('index-4107 here');
    expect((await recommend('--fov', '0.3')).verdict).toBe('missing');
    expect((await recommend('--fov', '0.4')).verdict).toBe('possible');
    expect((await recommend('--fov', '0.3-0.6')).verdict).toBe('partly');
  });

  it('reads the width of the field and its place from the header, and asks for the pieces there only', async () => {
    const image = join(cli.dir, 'm13.fits');
    const cards = ["RA      = '16:41:41'", "DEC     = '+36:27:35'", 'FOCALLEN= 2000', 'XPIXSZ  = 3.76'];
    await writeFile(image, fitsOf(imageCards(1600, 1200, cards), Buffer.alloc(1600 * 1200)));
    const advice = await recommend(image);
    // 206265 · 3.76 / 2,000,000 arcseconds a pixel, give or take 5 %.
    expect(advice.estimates[0]!.low_deg).toBeCloseTo(0.1638, 3);
    expect(advice.estimates[0]!.high_deg).toBeCloseTo(0.181, 3);
    expect(advice.estimates[0]!.reason).toContain('2000 mm');
    expect(advice.verdict).toBe('missing');
    const { missing_pieces } = advice.series.find(({ name }) => name === 'index-5202')!;
    expect(missing_pieces!.length).toBeGreaterThan(0);
    expect(missing_pieces!.length).toBeLessThan(16);
    expect(advice.install[0]!.command).toMatch(/ --pieces [\d,]+$/);

    for (const piece of missing_pieces!)
      await put(
        `index-5202-${String(piece).padStart(2, '0')}.fits`,
        indexFile({ id: 5202, lower_arcmin: 4, upper_arcmin: 5.6, piece }),
      );
    const then = await recommend(image);
    expect(bestOf(then)).toContain('index-5202 here');
    expect(then.verdict).toBe('good');
    // Elsewhere in the sky they are of no use.
    const elsewhere = await recommend('--fov', '0.17');
    expect(bestOf(elsewhere)).toContain('index-5202 incomplete');
    expect(elsewhere.verdict).toBe('missing');
  });

  it('reads EXIF', async () => {
    const image = join(cli.dir, 'wide.jpg');
    const exif = { IFD2: { FocalLengthIn35mmFilm: '35' } };
    const picture = sharp({ create: { width: 90, height: 60, channels: 3, background: 'black' } });
    await picture.withExif(exif).jpeg().toFile(image);
    const { estimates, verdict } = await recommend(image);
    expect(estimates[0]).toMatchObject({ source: 'exif' });
    expect(estimates[0]!.low_deg).toBeLessThan(54.4);
    expect(estimates[0]!.high_deg).toBeGreaterThan(54.4);
    expect(verdict).toBe('good');
    // What the user says outweighs it.
    expect((await recommend(image, '--fov', '2')).estimates).toEqual([
      { low_deg: 2, high_deg: 2, source: 'user', reason: '--fov' },
    ]);
  });

  it('says what is unknown where the image tells nothing, and what covers what', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const ended = await cli.run(['indexes', 'recommend', image], { env: here.env });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: true,
      verdict: 'unknown',
      estimates: [],
      install: [],
    });
    expect(ended.stderr).toContain('is not known');
    expect(ended.stderr).toContain('--fov');
    expect(ended.stderr).toMatch(
      /index-4107 +quads 22′ to 30′ +images 27\.5′ to 2° +astrometry-data-tycho2-07/,
    );
  });

  it('refuses what is no image by its code, and wrong usage by the usage', async () => {
    const page = join(cli.dir, 'page.jpg');
    await writeFile(page, '<html>not found</html>');
    const missing = join(cli.dir, 'missing.jpg');
    for (const [image, error_code] of [
      [page, 'unsupported_image'],
      [missing, 'image_not_found'],
    ] as const)
      expect(await cli.json(['indexes', 'recommend', image], 1)).toMatchObject({ ok: false, error_code });
    const wrong = [
      [],
      ['--fov', '200'],
      ['--fov', 'wide'],
      ['--fov', '2-1'],
      ['--scale', '1.2'],
      ['--scale', '1', '--width', '0'],
      ['--scale', '1', '--width', '100', '--fov', '2'],
    ];
    for (const args of wrong) {
      const ended = await cli.run(['indexes', 'recommend', ...args]);
      expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('Usage: astro-jobs indexes recommend');
    }
  });
});

/** A package manager that does nothing. */
async function makeApt(bin: string): Promise<void> {
  await mkdir(bin);
  await writeFile(join(bin, 'apt-get'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
}

describe('help', () => {
  it('teaches each command by examples', async () => {
    expect((await cli.run(['--help'])).stdout).toMatch(/^ {2}indexes /m);
    for (const name of ['list', 'recommend', 'install']) {
      const help = await cli.run(['indexes', name, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toContain(`$ astro-jobs indexes ${name}`);
    }
    expect(await cli.run(['indexes'])).toMatchObject({ code: 2, stdout: '' });
  });
});
