import { describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

const IMAGE = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64, 9)]);

describe('the options of submit', () => {
  it.each([
    [{ priority: 0.5 }, 'priority'],
    [{ priority: Number.NaN }, 'priority'],
    [{ delaySeconds: Number.NaN }, 'delaySeconds'],
    [{ delaySeconds: -1 }, 'delaySeconds'],
    [{ delaySeconds: Number.POSITIVE_INFINITY }, 'delaySeconds'],
    [{ idempotencyKey: '' }, 'idempotencyKey'],
    [{ rateKey: 'x'.repeat(501) }, 'rateKey'],
  ])('are refused before there is a job: %o', async (options, name) => {
    const store = new MemoryJobStore();
    await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
    await expect(jobs.submit(IMAGE, {}, options)).rejects.toMatchObject({
      code: 'invalid_params',
      message: expect.stringContaining(`\`${name}\``) as string,
    });
    expect((await store.list()).jobs).toEqual([]);
  });

  it('are kept with the job', async () => {
    const store = new MemoryJobStore();
    await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
    const job = await jobs.submit(
      IMAGE,
      {},
      { priority: 3, delaySeconds: 60, rateKey: 'me', filename: 'a.pgm' },
    );
    expect(job).toMatchObject({ priority: 3, rate_key: 'me', filename: 'a.pgm' });
    expect(job.not_before! - job.created_at).toBeCloseTo(60, 3);
  });
});
