import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AstroJobs,
  type AstroJobsOptions,
  analyze,
  MemoryJobStore,
  ProcessOpticsMemory,
  type SolvedResult,
} from 'astro-jobs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { separation_deg } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

const FIELD = { dec_deg: 40.3, width: 1000, height: 800, pixscale_arcsec: 20, limit_mag: 9 } as const;
const CENTRES = { first: 305, next: 307 };

let images: string;
let dir: string;

const imageOf = (name: keyof typeof CENTRES) => join(images, `${name}.jpg`);

beforeAll(async () => {
  images = await mkdtemp(join(tmpdir(), 'optics-images-'));
  for (const [i, name] of (['first', 'next'] as const).entries()) {
    const dateTimeOriginal = `2024:08:21 23:4${i}:00`;
    const exif = { make: 'Canon', model: 'Canon EOS R6', dateTimeOriginal };
    const sky = renderSky({ ...FIELD, ra_deg: CENTRES[name] });
    await writeSky(imageOf(name), sky, { format: 'jpeg', exif });
  }
});
afterAll(() => rm(images, { recursive: true, force: true }));
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'optics-jobs-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true, force: true });
});

/** Solves an image as a job of an `AstroJobs` of its own, as another process would. */
async function solve(
  name: keyof typeof CENTRES,
  options: AstroJobsOptions = {},
  solver = 'solve-field',
): Promise<SolvedResult> {
  await using jobs = new AstroJobs({ dir, concurrency: 1, ...options });
  const { job_id } = await jobs.submit(imageOf(name), { solver, timeout: 60 });
  const result = await jobs.wait(job_id);
  if (!result.ok) throw new Error(result.error);
  const { ra_center, dec_center } = result.astrometry;
  expect(separation_deg([ra_center, dec_center], [CENTRES[name], FIELD.dec_deg])).toBeLessThan(0.02);
  return result;
}

const sources = ({ solve }: SolvedResult) => Object.values(solve?.hints ?? {}).map(({ source }) => source);
const remembered = () => readdir(join(dir, '.astro-jobs', 'optics')).catch(() => []);

describe('jobs', () => {
  it.each(['solve-field', 'builtin'])(
    'remember beside them what %s has solved, for every process on their directory',
    async (solver) => {
      expect(sources(await solve('first', {}, solver))).toEqual([]);
      const [name, ...others] = await remembered();
      expect(others).toEqual([]);
      expect(JSON.parse(await readFile(join(dir, '.astro-jobs', 'optics', name!), 'utf8'))).toMatchObject({
        optics: 'Canon, Canon EOS R6, 1000 × 800',
        arcsec_per_pixel: expect.closeTo(20, 0),
        position: { ra_deg: expect.closeTo(305, 0), taken_at: '2024-08-21T23:40:00' },
      });
      const after = await solve('next', {}, solver);
      expect(sources(after)).toEqual(['remembered', 'remembered']);
      const winner = after.solve?.attempts?.find(({ outcome }) => outcome === 'solved');
      expect(winner?.name).toMatch(/^remembered-scale/);
    },
  );

  it.each<[string, AstroJobsOptions, string]>([
    ['the option', { memory: false }, ''],
    ['the environment', {}, 'off'],
  ])('remember and recall nothing where %s says so', async (_, options, variable) => {
    await solve('first');
    const [name] = await remembered();
    const read = () => readFile(join(dir, '.astro-jobs', 'optics', name!), 'utf8');
    const before = await read();
    vi.stubEnv('ASTRO_JOBS_MEMORY', variable);
    expect(sources(await solve('next', options))).toEqual([]);
    expect(await read()).toBe(before);
    expect(await remembered()).toEqual([name]);
  });

  it('remember where the environment says no and the caller gives a memory', async () => {
    vi.stubEnv('ASTRO_JOBS_MEMORY', 'off');
    const memory = new ProcessOpticsMemory();
    await solve('first', { memory });
    expect(sources(await solve('next', { memory }))).toContain('remembered');
    expect(await remembered()).toEqual([]);
    await using jobs = new AstroJobs({ dir, memory });
    expect(await jobs.cameras.forget()).toBe(1);
  });

  it('forget, also where they remember nothing new', async () => {
    await solve('first');
    await using jobs = new AstroJobs({ dir, memory: false });
    expect(await jobs.cameras.forget()).toBe(1);
    expect(await remembered()).toEqual([]);
    expect(await jobs.cameras.forget()).toBe(0);
    expect((await jobs.list()).jobs).toHaveLength(1);
    expect(sources(await solve('next'))).toEqual([]);
  });

  it('that are in memory remember in the process, each AstroJobs for itself', async () => {
    await using jobs = new AstroJobs({ store: new MemoryJobStore(), concurrency: 1 });
    const params = { solver: 'solve-field', timeout: 60 };
    for (const expected of [[], ['remembered', 'remembered']]) {
      const { job_id } = await jobs.submit(imageOf('next'), params);
      expect(sources((await jobs.wait(job_id)) as SolvedResult)).toEqual(expected);
    }
    expect(await jobs.cameras.forget()).toBe(1);
  });

  it('of one rate key teach nothing to those of another', async () => {
    await using jobs = new AstroJobs({ dir, concurrency: 1 });
    for (const [rateKey, expected] of [
      ['alice', 0],
      ['bob', 0],
      ['alice', 2],
    ] as const) {
      const { job_id } = await jobs.submit(imageOf('first'), { solver: 'solve-field' }, { rateKey });
      expect(sources((await jobs.wait(job_id)) as SolvedResult)).toHaveLength(expected);
    }
  });
});

describe('analyze', () => {
  it('remembers only in a memory that it is given', async () => {
    const params = { solver: 'solve-field' };
    const memory = new ProcessOpticsMemory();
    await analyze(imageOf('first'), params);
    expect(sources((await analyze(imageOf('first'), params, { memory })) as SolvedResult)).toEqual([]);
    expect(sources((await analyze(imageOf('next'), params)) as SolvedResult)).toEqual([]);
    expect(sources((await analyze(imageOf('next'), params, { memory })) as SolvedResult)).toEqual([
      'remembered',
      'remembered',
    ]);
  });
});
