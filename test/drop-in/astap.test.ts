import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../src/fits/header.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { readWcs } from '../../src/wcs/read.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { encodeSky } from '../sky/write.js';
import { ccdcielAstap, ekosAstap, ninaAstap } from './command-lines.js';
import { filesIn, folder, interrupted, missPx, ORION, run, SKY, writeFits } from './drop-in.js';

/** As N.I.N.A. reads it: every line that is not blank has a key, and no key twice. */
function parseIni(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const entries = lines.map((line) => {
    expect(line).toContain('=');
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)] as const;
  });
  const values = Object.fromEntries(entries);
  expect(Object.keys(values)).toHaveLength(entries.length);
  return values;
}

const NUMBERS = ['CRPIX1', 'CRPIX2', 'CRVAL1', 'CRVAL2', 'CDELT1', 'CDELT2', 'CROTA1', 'CROTA2'];
const KEYS = ['PLTSOLVD', ...NUMBERS, 'CD1_1', 'CD1_2', 'CD2_1', 'CD2_2', 'CMDLINE'];
/** A Pascal program's `str` of a double. */
const NUMBER = /^[ -]\d\.\d{16}E[+-]\d{3}$/;

function wcsOf(ini: Record<string, string>): Wcs {
  const [crval1, crval2, crpix1, crpix2, a, b, c, d] = [
    ...['CRVAL1', 'CRVAL2', 'CRPIX1', 'CRPIX2'],
    ...['CD1_1', 'CD1_2', 'CD2_1', 'CD2_2'],
  ].map((key) => Number(ini[key])) as [number, number, number, number, number, number, number, number];
  return {
    crval: [crval1, crval2],
    crpix: [crpix1, crpix2],
    cd: [
      [a, b],
      [c, d],
    ],
    width: SKY.width,
    height: SKY.height,
  };
}

/** The lines of an `.ini` in ASTAP's order and form, with the true place of the rendered sky. */
async function expectSolution(path: string, command: string): Promise<void> {
  const text = await readFile(path, 'latin1');
  const ini = parseIni(text);
  expect(Object.keys(ini)).toEqual(KEYS);
  expect(
    text.startsWith(
      'PLTSOLVD=T\nCRPIX1= 4.5050000000000000E+002\nCRPIX2= 3.0050000000000000E+002\nCRVAL1= 8.4',
    ),
  ).toBe(true);
  expect(Buffer.from(ini.CMDLINE!, 'latin1').toString('utf8')).toBe(command);
  for (const key of KEYS.slice(1, -1)) expect(ini[key], key).toMatch(NUMBER);
  expect(missPx(wcsOf(ini), pixelToSky)).toBeLessThan(0.5);
  // As the sky is seen: CDELT1 negative, CDELT2 positive, both axes turned alike.
  expect(Number(ini.CDELT1) * 3600).toBeCloseTo(-30, 1);
  expect(Number(ini.CDELT2) * 3600).toBeCloseTo(30, 1);
  expect(Number(ini.CROTA1)).toBeCloseTo(Number(ini.CROTA2), 1);
}

describe('astro-jobs-astap, called as', () => {
  it('N.I.N.A. calls ASTAP', async () => {
    const cwd = folder();
    const image = join(cwd, 'k2v3x1zq.fits');
    await writeFits(image);
    const args = ninaAstap(image);
    expect(await run('astap', args, { cwd })).toMatchObject({ code: 0, stderr: '' });
    await expectSolution(join(cwd, 'k2v3x1zq.ini'), `astap ${args.join(' ')}`);
    expect(await filesIn(cwd)).toEqual(['k2v3x1zq.fits', 'k2v3x1zq.ini', 'k2v3x1zq.wcs']);
  });

  it('KStars and StellarSolver call it, its answer elsewhere and a log beside it', async () => {
    const cwd = folder();
    await writeFits(join(cwd, 'in put.fits'));
    await mkdir(join(cwd, 'aus'));
    const args = ekosAstap('in put.fits', 'aus/sölution.ini');
    expect(await run('astap', args, { cwd })).toMatchObject({ code: 0, stderr: '' });
    await expectSolution(join(cwd, 'aus/sölution.ini'), `astap ${args.join(' ')}`);
    const header = await readFile(join(cwd, 'aus/sölution.wcs'));
    expect(header.length % 2880).toBe(0);
    expect(missPx(parseWcs(parseHeader(header)), pixelToSky)).toBeLessThan(0.5);
    expect(header.toString('latin1')).toMatch(/OBJECT {2}= 'M 42 {4}'/);
    expect(await readFile(join(cwd, 'aus/sölution.log'), 'utf8')).toContain('900 × 600 pixels');
    expect(await filesIn(join(cwd, 'aus'))).toEqual(['sölution.ini', 'sölution.log', 'sölution.wcs']);
  });

  it('CCDciel calls it, which reads the .wcs as lines', async () => {
    const cwd = folder();
    await writeFits(join(cwd, 'ccd.fits'));
    expect(await run('astap', ccdcielAstap(join(cwd, 'ccd.fits')), { cwd })).toMatchObject({ code: 0 });
    const lines = (await readFile(join(cwd, 'ccd.wcs'), 'latin1')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.every((line) => line.length === 80)).toBe(true);
    expect(lines.at(-1)).toBe('END'.padEnd(80));
    const wcs = parseWcs(parseHeader(Buffer.from(lines.join(''), 'latin1')));
    expect(missPx(wcs, pixelToSky)).toBeLessThan(0.5);
  });
});

describe('astro-jobs-astap', () => {
  it('counts the rows of pictures from the last, updates beside them, and draws', async () => {
    const cwd = folder();
    await writeFile(join(cwd, 'sky.png'), await encodeSky(SKY, { format: 'png', bits: 16 }));
    expect(
      await run('astap', ['-f', 'sky.png', '-update', '-annotate', '-wcs', '-sip'], { cwd }),
    ).toMatchObject({ code: 0 });
    expect(await filesIn(cwd)).toEqual(['sky.fits', 'sky.ini', 'sky.png', 'sky.wcs', 'sky_annotated.jpg']);
    const ini = wcsOf(parseIni(await readFile(join(cwd, 'sky.ini'), 'latin1')));
    const turned = (wcs: Wcs, x: number, y: number) =>
      pixelToSky(wcs, x, wcs === ini ? SKY.height + 1 - y : y);
    expect(missPx(ini, turned)).toBeLessThan(0.5);
    // The FITS file keeps the rows as they are, and so does its solution.
    expect(missPx(await readWcs(join(cwd, 'sky.fits')), pixelToSky)).toBeLessThan(0.5);
  });

  it('writes the solution into a FITS image that it is to update, its pixels as they were', async () => {
    const cwd = folder();
    const image = join(cwd, 'sky.fits');
    await writeFits(image);
    const before = await readFile(image);
    expect(await run('astap', ['-f', image, '-update'], { cwd })).toMatchObject({ code: 0 });
    const after = await readFile(image);
    expect(missPx(await readWcs(image), pixelToSky)).toBeLessThan(0.5);
    const data = SKY.width * SKY.height * 2;
    expect(
      after.subarray(-Math.ceil(data / 2880) * 2880).equals(before.subarray(-Math.ceil(data / 2880) * 2880)),
    ).toBe(true);
  });

  it('ends as ASTAP documents it, and never leaves an old answer', async () => {
    const cwd = folder();
    const { default: sharp } = await import('sharp');
    const wall = sharp({ create: { width: 400, height: 300, channels: 3, background: '#666' } });
    await writeFile(join(cwd, 'wall.jpg'), await wall.jpeg().toBuffer());
    await writeFile(join(cwd, 'words.fits'), 'no picture at all');
    for (const name of ['wall', 'words', 'gone']) {
      await writeFile(join(cwd, `${name}.ini`), 'PLTSOLVD=T\n');
      await writeFile(join(cwd, `${name}.wcs`), 'old');
    }
    const cases = [
      ['wall.jpg', 2, 'Not enough stars.'],
      ['words.fits', 16, 'Error reading image file.'],
      ['gone.fits', 16, 'Error reading image file.'],
    ] as const;
    for (const [name, code, error] of cases) {
      const ended = await run('astap', ['-f', name, '-fov', '3'], { cwd });
      expect(ended, name).toMatchObject({ code, stdout: '' });
      const [base] = name.split('.');
      expect(await readFile(join(cwd, `${base}.ini`), 'utf8')).toBe(
        `\nPLTSOLVD=F\nCMDLINE=astap -f ${name} -fov 3\nERROR=${error}\n`,
      );
    }
    expect((await filesIn(cwd)).filter((name) => name.endsWith('.wcs'))).toEqual([]);
  });

  it('says no solution where the place is another, and why it cannot write', async () => {
    const cwd = folder();
    await copyFile(ORION, join(cwd, 'orion.jpg'));
    const elsewhere = ['-f', 'orion.jpg', '-fov', '10.2', '-ra', '16', '-spd', '120', '-r', '3'];
    const env = { ASTRO_SOLVE_FIELD: 'none' };
    const lost = await run('astap', elsewhere, { cwd, env });
    expect(lost.code).toBe(1);
    expect(await readFile(join(cwd, 'orion.ini'), 'utf8')).toMatch(/^\nPLTSOLVD=F\nCMDLINE=/);
    const nowhere = await run('astap', ['-f', 'orion.jpg', '-o', '/proc/nowhere'], { cwd });
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toMatch(/^Writing \/proc\/nowhere\.\w+: /);
    for (const args of [
      ['-f'],
      ['-f', 'orion.jpg', '-fov', 'wide'],
      ['-f', 'orion.jpg', '-bogus'],
      ['-f', 'x.ini'],
    ])
      expect(await run('astap', args, { cwd })).toMatchObject({ code: 1, stdout: '' });
    expect((await run('astap', ['-h'], { cwd })).stdout).toContain('-spd');
  });

  it('is ended by a signal and leaves nothing', async () => {
    const cwd = folder();
    await writeFits(join(cwd, 'sky.fits'));
    expect((await interrupted('astap', ['-f', 'sky.fits', '-progress'], { cwd })).code).toBe(143);
    expect((await filesIn(cwd)).filter((name) => name.includes('part'))).toEqual([]);
  });
});
