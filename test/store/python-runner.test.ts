import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { newJobId } from '../../src/job/id.js';
import type { JobState } from '../../src/job/status.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { isClaimable } from '../../src/worker/lease.js';

// Jobs as the documented Python runner writes them: none of our fields, and nothing of ours beside them.

const NOW = Date.now() / 1000;
const DATES = { now: NOW - 5, 'long ago': NOW - 1e6, 'in the year 2100': 4_102_444_800.5 };

let dir: string;
let jobs: AstroJobs;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astro-jobs-python-'));
  jobs = new AstroJobs({ dir, memory: false });
});
afterEach(async () => {
  await jobs.close({ graceSeconds: 0 });
  await rm(dir, { recursive: true, force: true });
});

async function writeJob(state: JobState, date: number): Promise<string> {
  const id = newJobId();
  const folder = join(dir, id);
  await mkdir(join(folder, 'input'), { recursive: true });
  await mkdir(join(folder, 'output'));
  await writeFile(join(folder, 'input', 'sky.jpg'), 'no image');
  const params = { scale_low: null, scale_high: null, downsample: 2, timeout: 600 };
  const status = { job_id: id, state, message: null, params, created_at: date, updated_at: date };
  await writeFile(join(folder, 'status.json'), JSON.stringify(status));
  const results: Partial<Record<JobState, object>> = { done: { ok: true }, error: { ok: false, error: 'x' } };
  const result = results[state];
  if (result) await writeFile(join(folder, 'output', 'result.json'), JSON.stringify(result));
  return id;
}

const written = async (id: string) =>
  JSON.parse(await readFile(join(dir, id, 'status.json'), 'utf8')) as { state: string };

describe.each(Object.entries(DATES))('a job of the Python runner, dated %s', (_, date) => {
  it.each(['queued', 'processing'] as const)(
    'is cancelled while it is %s',
    { timeout: 10_000 },
    async (state) => {
      const id = await writeJob(state, date);
      expect(await jobs.cancel(id)).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
      expect(await written(id)).toMatchObject({ state: 'error' });
      expect(await jobs.result(id)).toMatchObject({ ok: false, error_code: 'cancelled' });
    },
  );

  it.each(['queued', 'processing', 'done', 'error'] as const)(
    'is removed when it is %s',
    { timeout: 10_000 },
    async (state) => {
      const id = await writeJob(state, date);
      await jobs.remove(id);
      await expect(jobs.status(id)).rejects.toMatchObject({ code: 'not_found' });
    },
  );

  it('is run once more after it failed', { timeout: 10_000 }, async () => {
    const id = await writeJob('error', date);
    expect(await jobs.retry(id)).toMatchObject({ state: 'queued' });
  });
});

describe('a job that the Python runner has left with a date in the future', () => {
  it('is taken up when it waits', async () => {
    const store = new FileSystemJobStore({ dir });
    const record = await store.get(await writeJob('queued', DATES['in the year 2100']));
    expect(record && isClaimable(record, NOW, false)).toBe(true);
  });

  it('is not held for longer than its timeout and a minute when it runs', async () => {
    const store = new FileSystemJobStore({ dir });
    const record = await store.get(await writeJob('processing', DATES['in the year 2100']));
    expect(record?.leaseRemaining).toBeLessThanOrEqual(660);
  });
});
