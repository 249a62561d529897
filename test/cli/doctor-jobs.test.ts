import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import type { Solver } from '../../src/solver/solver.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';
import { until, useCli } from './process.js';
import { writeImage } from './scripted.js';

const cli = useCli();

interface Diagnosis {
  ok: boolean;
  checks: { name: string; state: string; found: string; advice?: string }[];
  store: { schema_version?: number };
  queue: {
    counts: Record<string, number>;
    oldest?: { job_id: string; seconds: number };
    workers: { pid: number; state: string; jobs: string[] }[];
  };
}

/** Stands in for a long solve. */
const endless: Solver = {
  name: 'endless',
  inspect: async () => ({ name: 'endless', available: true }),
  solve: (_, { signal }) => sleep(600_000, undefined as never, { signal }),
};

describeWith(['postgres'], 'doctor on a database', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const diagnose = async () => {
    const env = { ASTRO_JOBS_STORE_URL: server.url };
    // It gives a server 1.2 s to answer, which is not always enough beside other tests.
    const ask = () => cli.json<Diagnosis>(['doctor'], 0, { env });
    const { checks, ...rest } = await vi.waitFor(ask, { timeout: 60_000, interval: 500 });
    return { ...rest, found: (name: string) => checks.find((check) => check.name === name) };
  };

  it('tells the version of the schema, the jobs by state, how long the oldest waits, and who runs what', {
    timeout: 150_000,
  }, async () => {
    const empty = await diagnose();
    expect(empty.store.schema_version).toBeGreaterThanOrEqual(5);
    expect(empty.found('jobs store')?.found).toContain(`schema version ${empty.store.schema_version}`);
    expect(empty.found('jobs')?.found).toBe('0 queued; 0 processing, 0 done, 0 failed');
    expect(empty.found('workers')?.found).toBe('none at work');

    const store = new PostgresJobStore({ connectionString: server.url });
    await using jobs = new AstroJobs({ store, solver: endless, concurrency: 1 });
    const image = await writeImage(`${cli.dir}/sky.png`);
    const { job_id: running } = await jobs.submit(image);
    await until(async () => (await jobs.status(running)).state === 'processing');
    const { job_id: waiting } = await jobs.submit(image);
    const { queue, found } = await diagnose();
    expect(queue.counts).toEqual({ queued: 1, processing: 1, done: 0, error: 0 });
    expect(queue.oldest).toEqual({ job_id: waiting, seconds: expect.any(Number) });
    expect(queue.workers).toEqual([
      expect.objectContaining({ pid: process.pid, state: 'busy', jobs: [running] }),
    ]);
    expect(found('jobs')?.found).toMatch(/^1 queued, the oldest for \d+ s; 1 processing, 0 done, 0 failed$/);
    expect(found('workers')?.found).toBe('1 busy, 0 idle, 0 lost');
    await jobs.close({ graceSeconds: 0 });
  });
});
