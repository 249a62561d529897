import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseHeader } from '../../src/fits/header.js';
import { readTable } from '../../src/fits/table.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { readWcs } from '../../src/wcs/read.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { describeWith } from '../needs.js';
import {
  ccdciel,
  ekosImage,
  ekosList,
  siril,
  writeEkosImage,
  writeEkosList,
  writeSirilList,
} from './command-lines.js';
import { filesIn, folder, interrupted, missPx, ORION, run, writeFits } from './drop-in.js';

const wcsIn = async (path: string) => parseWcs(parseHeader(await readFile(path)));

const EVERY_FILE = ['-indx.xyls', '.axy', '.corr', '.match', '.new', '.rdls', '.solved', '.wcs'];

describe('astro-jobs-solve-field, called as', () => {
  it('KStars and StellarSolver call solve-field with an image', async () => {
    const cwd = folder();
    const base = join(cwd, 'internal_1');
    await writeEkosImage(base);
    const ended = await run('solve-field', ekosImage(base), { cwd });
    expect(ended).toMatchObject({ code: 0 });
    const kept = ['-indx.xyls', '.axy', '.cfg', '.fits', '.solved', '.wcs', '.xyls'];
    expect(await filesIn(cwd)).toEqual(kept.map((end) => `internal_1${end}`));
    const wcs = await wcsIn(`${base}.wcs`);
    expect(wcs.crpix).toEqual([450.5, 300.5]);
    expect(missPx(wcs, pixelToSky)).toBeLessThan(0.5);
    const found = await readTable(`${base}.xyls`);
    expect(found.column('X').length).toBeGreaterThan(30);
  });

  it('StellarSolver calls it with the stars that it has found', async () => {
    const cwd = folder();
    await writeEkosList(join(cwd, 'stars.xyls'));
    expect(await run('solve-field', ekosList('stars'), { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(missPx(await wcsIn(join(cwd, 'stars.wcs')), pixelToSky)).toBeLessThan(0.5);
  });

  it('Siril calls it with its own list, from its working folder', async () => {
    const cwd = folder();
    await writeSirilList(cwd, 'light.xyls');
    const ended = await run('solve-field', siril('light.xyls'), { cwd });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    // Siril takes the line for the solution, and waits for the end of the output.
    expect(ended.stdout.split('\n').some((line) => line.startsWith('Field center: (RA,Dec)'))).toBe(true);
    expect(await filesIn(cwd)).toEqual(['light.wcs', 'light.xyls']);
    const wcs = await wcsIn(join(cwd, 'light.wcs'));
    expect(wcs.crpix).toEqual([450.5, 300.5]);
    expect(missPx(wcs, pixelToSky)).toBeLessThan(0.5);
    expect((await run('solve-field', ['-h'], { cwd })).code).toBe(0);
  });

  it('CCDciel and hand-held finders call it, and tells what they look for', async () => {
    const cwd = folder();
    await copyFile(ORION, join(cwd, 'orion.jpg'));
    const { code, stdout, stderr } = await run('solve-field', ccdciel('orion.jpg'), { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'Reading input file 1 of 1: "orion.jpg"...',
      'Solving...',
      expect.stringMatching(/^Field 1: solved with index \S.*\.$/),
      'Field 1 solved: writing to file ./orion.solved to indicate this.',
      'Field: orion.jpg',
      expect.stringMatching(/^Field center: \(RA,Dec\) = \(84\.1\d{5}, -[23]\.\d{6}\) deg\.$/),
      expect.stringMatching(
        /^Field center: \(RA H:M:S, Dec D:M:S\) = \(05:36:3\d\.\d{3}, -0[23]:[05]\d:\d\d\.\d{3}\)\.$/,
      ),
      expect.stringMatching(/^Field size: 15\.1\d* x 10\.1\d* degrees$/),
      expect.stringMatching(/^Field rotation angle: up is 16[78][.\d]* degrees E of N$/),
      'Field parity: neg',
      'Creating new FITS file "./orion.new"...',
      '',
      '',
    ]);
    expect(await filesIn(cwd)).toEqual(
      [...EVERY_FILE.slice(0, 3), '.jpg', ...EVERY_FILE.slice(3)].map((end) => `orion${end}`),
    );
    expect(await readFile(join(cwd, 'orion.solved'))).toEqual(Buffer.of(1));
    const centre = pixelToSky(await readWcs(join(cwd, 'orion.new')), 900.5, 600.5);
    expect(centre[0]).toBeCloseTo(84.15, 1);

    // A second run keeps what is there, or takes it away before it begins.
    const again = await run('solve-field', ['orion.jpg'], { cwd });
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('already exists') });
    expect((await run('solve-field', ['-J', 'orion.jpg'], { cwd })).stdout).toContain('already-solved');
  });
});

describe('astro-jobs-solve-field', () => {
  it('says that it did not solve, with 0, and that it could not read, with 255', async () => {
    const cwd = folder();
    const wall = sharp({ create: { width: 400, height: 300, channels: 3, background: '#666' } });
    await writeFile(join(cwd, 'wall.jpg'), await wall.jpeg().toBuffer());
    await writeFile(join(cwd, 'wall.solved'), Buffer.of(1));
    await writeFile(join(cwd, 'words.jpg'), 'no picture at all');
    const unsolved = await run('solve-field', ['-O', '-D', '.', 'wall.jpg'], { cwd });
    expect(unsolved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Did not solve/m) });
    expect(unsolved.stdout).not.toContain('Field center');
    expect(await filesIn(cwd)).toEqual(['wall.jpg', 'words.jpg']);
    for (const args of [
      ['words.jpg'],
      ['gone.jpg'],
      [],
      ['--bogus', 'wall.jpg'],
      ['--scale-low', 'wide', 'wall.jpg'],
    ]) {
      const refused = await run('solve-field', args, { cwd });
      expect(refused.code, args.join(' ')).toBe(255);
      expect(refused.stderr).not.toBe('');
    }
    const replaced = await run('solve-field', ['-O', '-W', 'wall.jpg', 'wall.jpg'], { cwd });
    expect(replaced).toMatchObject({ code: 255, stderr: expect.stringContaining('would replace') });
  });

  it('gives up as soon as its cancel file is there, and at a signal', async () => {
    const cwd = folder();
    await writeFits(join(cwd, 'sky.fits'));
    await writeFile(join(cwd, 'stop'), '');
    const cancelled = await run('solve-field', ['-O', '-C', 'stop', 'sky.fits'], { cwd });
    expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringContaining('Did not solve') });
    expect((await interrupted('solve-field', ['-O', 'sky.fits'], { cwd })).code).toBe(143);
    expect((await filesIn(cwd)).filter((name) => name.includes('part'))).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'says which file it cannot write in a folder that is read-only',
    async () => {
      const cwd = folder();
      await writeFits(join(cwd, 'sky.fits'));
      await mkdir(join(cwd, 'shared'));
      await chmod(cwd, 0o755);
      const env = { HOME: '/nonexistent', ASTRO_CACHE_DIR: '/nonexistent', TMPDIR: '/tmp' };
      const refused = await run('solve-field', ['sky.fits'], { cwd: join(cwd, 'shared'), env, uid: 65534 });
      expect(refused.code).toBe(255);
      const there = await run('solve-field', [join(cwd, 'sky.fits')], { cwd: '/', env, uid: 65534 });
      expect(there).toMatchObject({
        code: 255,
        stderr: expect.stringMatching(/^Writing .*sky\.\w+: permission denied/m),
      });
    },
  );

  it('takes the configuration file for what the command line does not say', async () => {
    const cwd = folder();
    await writeFits(join(cwd, 'sky.fits'));
    const configured = (content: object) =>
      writeFile(join(cwd, 'astro-jobs.config.json'), JSON.stringify(content));
    await configured({ solveField: 'none', params: { ra: 84.2, dec: -3.1, radius: 5 } });
    const area = async (...args: string[]) => {
      const ended = await run('solve-field', ['-O', '-v', ...args, 'sky.fits'], { cwd });
      expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Field center') });
      return / within .* of [-\d., ]+;/.exec(ended.stderr)?.[0];
    };
    expect(await area()).toBe(' within 5.00° of 84.200, -3.100;');
    expect(await area('-3', '84.4', '-4', '-3.4', '-5', '15')).toBe(' within 15.0° of 84.400, -3.400;');
    await configured({ solvefield: 'none' });
    for (const [program, args, code] of [
      ['solve-field', ['-O', 'sky.fits'], 255],
      ['astap', ['-f', 'sky.fits'], 1],
    ] as const)
      expect(await run(program, args, { cwd })).toMatchObject({
        code,
        stderr: expect.stringMatching(/^The configuration .*astro-jobs\.config\.json: .*solvefield/),
      });
  });

  it('does not call itself where it stands on the PATH under the name of solve-field', async () => {
    const cwd = folder();
    const wall = sharp({ create: { width: 300, height: 200, channels: 3, background: '#445' } });
    await writeFile(join(cwd, 'wall.png'), await wall.png().toBuffer());
    await mkdir(join(cwd, 'bin'));
    const program = new URL('../../dist/drop-in/solve-field.js', import.meta.url).pathname;
    await symlink(program, join(cwd, 'bin/solve-field'));
    await chmod(program, 0o755);
    const env = { PATH: join(cwd, 'bin'), ASTRO_INDEX_DIRS: cwd };
    const doctor = new URL('../../dist/cli/main.js', import.meta.url).pathname;
    const told = execFileSync(process.execPath, [doctor, 'doctor', '--jobs-dir', join(cwd, 'jobs')], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(told.toString()).not.toContain(join(cwd, 'bin/solve-field'));
    expect(await run('solve-field', ['wall.png'], { cwd, env })).toMatchObject({ code: 0 });
  });
});

describeWith(['solve-field'], 'beside solve-field itself', () => {
  it('the same files, the same lines and the same place come out', async () => {
    const ours = folder();
    // solve-field itself wants a plain path.
    const plain = await mkdtemp(join(tmpdir(), 'drop-in-'));
    onTestFinished(() => rm(plain, { recursive: true, force: true }));
    const leftovers = await mkdtemp(join(tmpdir(), 'drop-in-'));
    onTestFinished(() => rm(leftovers, { recursive: true, force: true }));
    await copyFile(ORION, join(ours, 'o.jpg'));
    await copyFile(ORION, join(plain, 'o.jpg'));
    const args = [
      '--overwrite',
      '--no-plots',
      '--downsample',
      '2',
      '--scale-low',
      '12',
      '--scale-high',
      '18',
      'o.jpg',
    ];
    const mine = (await run('solve-field', args, { cwd: ours })).stdout;
    const original = execFileSync('solve-field', args, {
      cwd: plain,
      // It leaves a temporary file behind.
      env: { ...process.env, TMP: leftovers, TMPDIR: leftovers },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    expect(await filesIn(ours)).toEqual(await filesIn(plain));
    const shape = (text: string) =>
      text
        .split('\n')
        .filter(
          (line) => /^(Field|Creating|Reading input)/.test(line) && !/did not solve|solved with/.test(line),
        )
        .map((line) => line.replace(/\d+(\.\d+)?/g, '#'));
    expect(shape(mine)).toEqual(shape(original));
    const value = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);
    for (const pattern of [/= \((8[\d.]+),/, /, (-[\d.]+)\) deg/, /size: ([\d.]+)/, /up is ([\d.-]+)/])
      expect(value(mine, pattern)).toBeCloseTo(value(original, pattern), 0);
    for (const [name, columns] of [
      ['o.axy', ['X', 'Y', 'FLUX', 'BACKGROUND']],
      ['o-indx.xyls', ['X', 'Y']],
      ['o.rdls', ['RA', 'DEC']],
      ['o.corr', ['FIELD_X', 'FIELD_Y', 'INDEX_X', 'INDEX_RA', 'INDEX_DEC', 'FLUX']],
      ['o.match', ['LOGODDS', 'NMATCH', 'PARITY']],
    ] as const)
      for (const column of columns)
        for (const dir of [ours, plain])
          expect((await readTable(join(dir, name))).column(column).length).toBeGreaterThan(0);
    const parity = async (dir: string) => (await readTable(join(dir, 'o.match'))).column('PARITY')[0];
    expect(await parity(ours)).toBe(await parity(plain));
  });
});
