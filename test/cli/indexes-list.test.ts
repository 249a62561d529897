import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fitsOf, imageCards } from '../image/files.js';
import { type Installation, indexFile, makeInstallation } from './index-files.js';
import { useCli } from './process.js';

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

beforeEach(async () => {
  here = await makeInstallation(cli.dir);
});

const put = (name: string, bytes: Uint8Array) => writeFile(join(here.folder, name), bytes);
const list = (...args: string[]) => cli.json<Inventory>(['indexes', 'list', ...args], 0, { env: here.env });

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
