import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageHints } from '../../src/capture/hints.js';
import { parseHeader } from '../../src/fits/header.js';
import { emptyPrimary } from '../../src/fits/write-header.js';
import { sourceListFits } from '../../src/fits/write-table.js';
import { openImage } from '../../src/image/open.js';
import type { SolveParamsInput } from '../../src/job/param-table.js';
import { parseParams } from '../../src/job/params.js';
import { findProgram } from '../../src/process/program.js';
import { findIndexes } from '../../src/solver/indexes/installed.js';
import { indexesOf } from '../../src/solver/indexes/select.js';
import type { Attempt } from '../../src/solver/search/attempts.js';
import { planAttempts } from '../../src/solver/search/plan.js';
import { runEngine } from '../../src/solver/solve-field/run-engine.js';
import { SolveField, type SolveFieldOptions } from '../../src/solver/solve-field/solve-field.js';
import { StarLists } from '../../src/solver/solve-field/star-lists.js';
import type { PlateOutcome, SolvedPlate } from '../../src/solver/solver.js';
import { readOutcomeFile } from '../../src/store/outcome-file.js';
import { wcsCards } from '../../src/wcs/cards.js';
import { parseWcs } from '../../src/wcs/parse.js';
import { skyToPixel } from '../../src/wcs/tan-sip.js';
import { projection } from '../sky/projection.js';
import { seededRandom } from '../sky/random.js';
import { renderSky, type Sky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

let folder: string;
let sky: Sky;
let photo: string;
let program: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solve-'));
  sky = renderSky({
    ra_deg: 83,
    dec_deg: 4,
    width: 900,
    height: 600,
    pixscale_arcsec: 24,
    orientation_deg: 35,
  });
  photo = join(folder, 'sky.jpg');
  program = (await findProgram('solve-field'))!;
  await writeSky(photo, sky, { format: 'jpeg' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const none: ImageHints = { scales: [], positions: [] };

interface Asked {
  path?: string;
  params?: SolveParamsInput;
  hints?: ImageHints;
  signal?: AbortSignal;
  options?: SolveFieldOptions;
  cores?: number;
}

async function solve({ path = photo, params = {}, hints = none, signal, options, cores = 2 }: Asked = {}) {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const outcome = await new SolveField(options).solve(
    { image: await openImage(path), params: parseParams(params), hints },
    {
      scratch,
      cores,
      signal: signal ?? new AbortController().signal,
      log: () => undefined,
      onProgress: () => undefined,
    },
  );
  return { outcome, scratch };
}

function solved(outcome: PlateOutcome): SolvedPlate {
  if (outcome.kind === 'failed') throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome;
}

/** Pixels by which the solution misplaces what is truly at the centre. */
function offCentre(plate: SolvedPlate, truth = sky): number {
  const centre: [number, number] = [(truth.width + 1) / 2, (truth.height + 1) / 2];
  const [ra, dec] = projection(truth.truth).toSky(...centre);
  const [x, y] = skyToPixel(plate.wcs, ra, dec)!;
  return Math.hypot(x - centre[0], y - centre[1]);
}

const SCALE = { scale_low: 22, scale_high: 26, scale_units: 'arcsecperpix' } as const;

describe('a sky with a known truth', () => {
  it('is solved blindly, to a fraction of a pixel, and told in full', async () => {
    const { outcome, scratch } = await solve();
    const plate = solved(outcome);
    expect(offCentre(plate)).toBeLessThan(0.2);
    expect(plate.sources.matched).toBeGreaterThan(10);
    expect(plate.sources.detected).toBeGreaterThanOrEqual(plate.sources.matched);
    expect(plate.quality.rms_arcsec).toBeLessThan(24);
    expect(plate.quality.log_odds).toBeGreaterThan(20);
    expect(plate.quality.index).toMatch(/^index-.*\.fits$/);
    expect(plate.report.attempts?.some(({ outcome: how }) => how === 'solved')).toBe(true);
    expect(plate.report.command?.[0]).toMatch(/solve-field$/);
    expect(plate.report.version).toMatch(/^\d/);
    expect(Object.keys(plate.files).sort()).toEqual(
      ['axy', 'corr', 'match', 'wcs'].map((extension) => `solution.${extension}`),
    );
    for (const path of Object.values(plate.files)) expect((path as string).startsWith(scratch)).toBe(true);
  });

  it('is solved within bounds, in each format', async () => {
    for (const [name, format] of [
      ['sky.png', { format: 'png', bits: 16 }],
      ['sky.fits', { format: 'fits', bitpix: -32 }],
      ['sky.webp', { format: 'webp' }],
    ] as const) {
      const path = join(folder, name);
      await writeSky(path, sky, format);
      const plate = solved((await solve({ path, params: SCALE })).outcome);
      expect(offCentre(plate)).toBeLessThan(0.2);
      expect(plate.report.hints?.scale).toMatchObject({ source: 'user' });
    }
  });

  it('is solved whatever the search is bounded to, as long as it is true', async () => {
    const [ra, dec] = [83.5, 4.5];
    const plate = solved((await solve({ params: { ...SCALE, ra, dec, radius: 3, parity: 1 } })).outcome);
    expect(offCentre(plate)).toBeLessThan(0.2);
  });

  it('has sources beside its stars that do not hurt', async () => {
    const noisy = renderSky({
      ra_deg: 83,
      dec_deg: 4,
      width: 900,
      height: 600,
      pixscale_arcsec: 24,
      hotPixels: 200,
      trees: 0.2,
      background: {},
    });
    const path = join(folder, 'trees.jpg');
    await writeSky(path, noisy, { format: 'jpeg' });
    expect(offCentre(solved((await solve({ path, params: SCALE })).outcome), noisy)).toBeLessThan(0.3);
  });

  it('is solved from a list of its stars', async () => {
    const path = join(folder, 'stars.xyls');
    const stars = sky.stars.slice(0, 150);
    const list = {
      x: stars.map(({ x }) => x),
      y: stars.map(({ y }) => y),
      flux: stars.map(({ mag }) => 10 ** (-0.4 * mag)),
    };
    await writeFile(path, sourceListFits(list));
    const image = { ...(await openImage(path)), width: 900, height: 600 };
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    const outcome = await new SolveField().solve(
      { image, params: parseParams(SCALE), hints: none },
      {
        scratch,
        cores: 1,
        signal: new AbortController().signal,
        log: () => undefined,
        onProgress: () => undefined,
      },
    );
    expect(offCentre(solved(outcome))).toBeLessThan(0.2);
  });
});

describe('hints', () => {
  it('that are true find it first', async () => {
    const hints: ImageHints = {
      scales: [
        { low_arcsec_per_pixel: 23, high_arcsec_per_pixel: 25, source: 'exif', reason: 'FocalLength' },
      ],
      positions: [{ ra_deg: 82, dec_deg: 3, radius_deg: 5, source: 'fits', reason: 'RA, DEC' }],
    };
    const plate = solved((await solve({ hints })).outcome);
    const winner = plate.report.attempts?.find(({ outcome }) => outcome === 'solved');
    expect(winner?.name).toMatch(/^exif-scale/);
    expect(plate.report.hints).toMatchObject({ scale: { source: 'exif' }, position: { source: 'fits' } });
  });

  it('that lie never cost the solution', async () => {
    const hints: ImageHints = {
      scales: [{ low_arcsec_per_pixel: 1.4, high_arcsec_per_pixel: 1.6, source: 'fits', reason: 'FOCALLEN' }],
      positions: [{ ra_deg: 250, dec_deg: -60, radius_deg: 5, source: 'fits', reason: 'RA, DEC' }],
      headerWcs: {
        crval: [250, -60],
        crpix: [450, 300],
        cd: [
          [-4e-4, 0],
          [0, 4e-4],
        ],
        width: 900,
        height: 600,
      },
    };
    expect(offCentre(solved((await solve({ hints })).outcome))).toBeLessThan(0.2);
  });

  it('of a solution in the header are verified first, without a search', async () => {
    const image = await openImage(photo);
    const hints: ImageHints = { ...none, headerWcs: sky.truth };
    const [attempt] = planAttempts({ image, params: parseParams({}), hints }) as [Attempt];
    expect(attempt.name).toBe('header-wcs');
    const scratch = await mkdtemp(join(folder, 'scratch-'));
    const log = () => undefined;
    const signal = new AbortController().signal;
    const stars = await new StarLists({ image, program, scratch, log }).get(attempt.input, signal);
    const indexes = indexesOf(attempt, await findIndexes({ program }), image);
    const setting = { program, width: image.width, height: image.height, scratch, log };
    const run = { attempt, stars, indexes, cpuLimitSeconds: 20 };
    const verified = await runEngine(run, setting, signal);
    expect(verified.kind === 'solved' && verified.solution.quad === undefined).toBe(true);
    const elsewhere = { ...sky.truth, crval: [250, -60] as [number, number] };
    const lying = { ...run, attempt: { ...attempt, name: 'lying', verify: elsewhere } };
    expect(await runEngine(lying, setting, signal)).toEqual({ kind: 'no_solution' });
  });
});

describe('what cannot be solved', () => {
  it('never solves outside the bounds that the caller gave', async () => {
    const params = { scale_low: 60, scale_high: 90, scale_units: 'arcsecperpix', timeout: 12 } as const;
    const { outcome } = await solve({ params });
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(outcome.report.attempts?.length).toBeGreaterThan(1);
  });

  it('has too few stars', async () => {
    const empty = renderSky({
      ra_deg: 10,
      dec_deg: 10,
      width: 300,
      height: 200,
      pixscale_arcsec: 60,
      stars: [],
    });
    const path = join(folder, 'empty.png');
    await writeSky(path, empty, { format: 'png' });
    const { outcome } = await solve({ path, params: { timeout: 60 } });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'too_few_stars' });
  });

  it('has no index for its scale', async () => {
    const { outcome } = await solve({
      params: { scale_low: 0.001, scale_high: 0.002, scale_units: 'arcsecperpix' },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'no_index_for_scale',
      message: expect.stringContaining('ASTRO_INDEX_DIRS'),
    });
  });

  it('runs out of time, and says what was learned', async () => {
    const shuffled = renderSky({
      ra_deg: 83,
      dec_deg: 4,
      width: 900,
      height: 600,
      pixscale_arcsec: 24,
      shuffled: true,
    });
    const path = join(folder, 'shuffled.png');
    await writeSky(path, shuffled, { format: 'png' });
    const { outcome } = await solve({ path, params: { timeout: 2 } });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'timeout' });
    if (outcome.kind === 'failed') expect(outcome.sources?.detected).toBeGreaterThan(20);
    expect(outcome.report.attempts?.every(({ outcome: how }) => how !== 'solved')).toBe(true);
  });
});

describe('the program', () => {
  async function fake(name: string, body: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  }

  it('is inspected', async () => {
    const info = await new SolveField().inspect();
    expect(info).toMatchObject({
      name: 'solve-field',
      available: true,
      version: expect.stringMatching(/^0\.\d+/),
    });
    expect(info.indexes.length).toBeGreaterThan(0);
    const missing = await new SolveField({ program: join(folder, 'nowhere') }).inspect();
    expect(missing).toMatchObject({ available: false, problem: expect.stringContaining('apt-get install') });
  });

  it('is missed with an error that says what to install', async () => {
    const options = { program: join(folder, 'nowhere') };
    await expect(solve({ options })).rejects.toMatchObject({ code: 'solver_unavailable' });
  });

  it('may leave less than solve-field does: what it says is taken as it is', async () => {
    const answer = join(folder, 'answer.wcs');
    await writeFile(answer, emptyPrimary(wcsCards(sky.truth)));
    const program = await fake(
      'terse',
      `case "$1" in --version) echo 7.1;; *) cp ${answer} solution.wcs;; esac`,
    );
    const folders = (await new SolveField().inspect()).indexes.map(({ path }) => join(path, '..'));
    const plate = solved((await solve({ options: { program, indexDirs: folders } })).outcome);
    expect(plate.wcs).toEqual(sky.truth);
    expect(plate).toMatchObject({ sources: { matched: 0 }, quality: {}, report: { version: '7.1' } });
    expect(Object.keys(plate.files)).toEqual(['solution.wcs']);
  });

  it('may crash', async () => {
    const program = await fake('crash', 'echo "out of luck" >&2; kill -SEGV $$');
    const folders = (await new SolveField().inspect()).indexes.map(({ path }) => join(path, '..'));
    const { outcome } = await solve({ options: { program, indexDirs: folders }, params: { timeout: 60 } });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'solver_crashed' });
    expect(outcome.report.attempts?.every(({ outcome: how }) => how === 'crashed')).toBe(true);
  });

  it('is ended with everything it started when the job is cancelled', async () => {
    const reason = new Error('cancelled');
    const stop = new AbortController();
    const shuffled = join(folder, 'to-cancel.png');
    await writeSky(
      shuffled,
      renderSky({ ra_deg: 83, dec_deg: 4, width: 900, height: 600, pixscale_arcsec: 24, shuffled: true }),
      {
        format: 'png',
      },
    );
    setTimeout(() => stop.abort(reason), 1500);
    await expect(solve({ path: shuffled, signal: stop.signal })).rejects.toBe(reason);
    const processes = execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
    const ours = processes.filter((line) => line.includes('astrometry-engine') && !line.includes(' Z '));
    const folders = await Promise.all(ours.map((line) => workingFolder(line.trim().split(' ')[0]!)));
    expect(folders.filter((path) => path.startsWith(folder))).toEqual([]);
  });

  it('has no other program look for stars where there is nothing above the noise', async () => {
    const random = seededRandom(5);
    const pixels = Uint8Array.from({ length: 40 * 30 }, () => 20 + 30 * random.uniform());
    const path = join(folder, 'noise.png');
    await sharp(pixels, { raw: { width: 40, height: 30, channels: 1 } })
      .png()
      .toFile(path);
    const { outcome, scratch } = await solve({ path });
    expect(outcome).toMatchObject({ kind: 'failed', code: 'too_few_stars', sources: { detected: 0 } });
    expect(outcome.report.attempts?.map(({ name }) => name)).toContain('blind-extracted');
    expect(await readdir(scratch)).toEqual([]);
  });

  it('leaves the solution as it was read', async () => {
    const plate = solved((await solve({ params: SCALE })).outcome);
    expect(parseWcs(parseHeader(await readOutcomeFile(plate.files['solution.wcs']!)))).toEqual(plate.wcs);
  });
});

async function workingFolder(pid: string): Promise<string> {
  return readlink(`/proc/${pid}/cwd`).catch(() => '');
}
