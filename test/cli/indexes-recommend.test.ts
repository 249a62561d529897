import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { fitsOf, imageCards } from '../image/files.js';
import { type Installation, indexFile, makeInstallation } from './index-files.js';
import { useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();
let here: Installation;

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
const recommend = (...args: string[]) =>
  cli.json<Recommendation>(['indexes', 'recommend', ...args], 0, { env: here.env });
const bestOf = ({ series }: Recommendation) =>
  series.filter(({ need }) => need === 'best').map(({ name, state }) => `${name} ${state}`);

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
