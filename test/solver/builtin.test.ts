import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { AstroJobs, analyze, BuiltinSolver, MemoryJobStore } from 'astro-jobs';
import { describeSolver } from 'astro-jobs/testing';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../src/export/exported-file.js';
import { readTable } from '../../src/fits/table.js';
import { readSolution } from '../../src/solver/solve-field/solution.js';
import { noSky } from '../sky/no-sky.js';
import { writeSky } from '../sky/write.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
/** The threads that the engine starts; they serve all tests of this process. */
const threads: Worker[] = [];
process.on('worker', (thread) => threads.push(thread));
const TRUTH = { ra_deg: 84.15, dec_deg: -3 };

describeSolver({ describe, it }, 'BuiltinSolver', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'builtin-images-'));
  const [blank, shuffled] = [join(folder, 'blank.png'), join(folder, 'shuffled.png')];
  await sharp({ create: { width: 300, height: 200, channels: 3, background: '#101018' } })
    .png()
    .toFile(blank);
  await writeSky(shuffled, noSky('shuffled stars', 7), { format: 'png' });
  return {
    solver: new BuiltinSolver(),
    unavailable: 'never',
    solvable: {
      path: EXAMPLE,
      params: { scale_low: 10, scale_high: 20, downsample: 4 },
      ...TRUTH,
      within_deg: 0.05,
    },
    unsolvable: { path: blank, params: { timeout: 20 } },
    slow: { path: shuffled, params: { timeout: 60, downsample: 1 } },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('the builtin solver', () => {
  it('measures the stars of the picture unless it is told not to', async () => {
    await using jobs = new AstroJobs({ store: new MemoryJobStore() });
    const { job_id } = await jobs.submit(EXAMPLE, { solver: 'builtin' });
    const result = await jobs.wait(job_id);
    if (!result.ok) throw new Error(result.error);
    const { fwhm_px, stars, grid = [] } = result.image_quality ?? {};
    expect(fwhm_px).toBeGreaterThan(1);
    const text = async (kind: 'quality-map' | 'stars-csv') =>
      (await jobs.export(job_id, kind).then((file) => bytesOf(file))).toString('utf8');
    const shapes = grid.filter((part) => part.fwhm_px !== undefined);
    expect(shapes.length).toBeGreaterThan(4);
    expect((await text('quality-map')).match(/<ellipse/g)).toHaveLength(shapes.length);
    expect((await text('stars-csv')).trim().split('\r\n')).toHaveLength(1 + (stars?.measured ?? 0));
    const { job_id: plain } = await jobs.submit(EXAMPLE, { solver: 'builtin', measure: false });
    expect(await jobs.wait(plain)).not.toHaveProperty('image_quality');
    await expect(jobs.export(plain, 'stars-csv')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves the files that solve-field leaves, read by the same code', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'builtin-'));
    try {
      await using jobs = new AstroJobs({ dir });
      const { job_id } = await jobs.submit(EXAMPLE, { solver: 'builtin', scale_low: 10, scale_high: 20 });
      const result = await jobs.wait(job_id);
      if (!result.ok) throw new Error(result.error);
      const output = join(dir, job_id, 'output');
      const solution = ['solution.axy', 'solution.corr', 'solution.match', 'solution.wcs'];
      expect((await readdir(output)).sort()).toEqual(['result.json', ...solution, 'stars.fits']);
      const read = await readSolution(output, []);
      expect(read.matched).toBe(result.astrometry.sources?.matched);
      expect(read.quality.rms_arcsec).toBeCloseTo(result.astrometry.quality?.rms_arcsec ?? Number.NaN, 6);
      const axy = await readTable(await readFile(join(output, 'solution.axy')));
      expect(axy.rows).toBeGreaterThan(100);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('solves the example without any other program, hinted by its metadata and blind', async () => {
    for (const use_metadata of [true, false]) {
      const result = await analyze(EXAMPLE, { solver: 'builtin', use_metadata });
      if (!result.ok) throw new Error(result.error);
      expect(result.solve?.solver).toBe('builtin');
      expect(result.astrometry.ra_center).toBeCloseTo(TRUTH.ra_deg, 2);
      expect(result.astrometry.dec_center).toBeCloseTo(TRUTH.dec_deg, 2);
      expect(result.solve?.attempts?.at(-1)?.outcome).toBe('solved');
    }
  });

  it('solves the next image when its threads have died while they waited', async () => {
    for (let round = 0; round < 2; round++) {
      expect(await analyze(EXAMPLE, { solver: 'builtin' })).toMatchObject({ ok: true });
      const waiting = threads.filter(({ threadId }) => threadId !== -1);
      expect(waiting.length).toBeGreaterThan(0);
      // Memory cannot be made to run out on demand: what the host hears of it first is the thread's 'error'.
      for (const thread of waiting) thread.emit('error', new Error('the thread ran out of memory'));
      await Promise.all(waiting.map((thread) => thread.terminate()));
    }
    expect(await analyze(EXAMPLE, { solver: 'builtin' })).toMatchObject({ ok: true });
  });
});
