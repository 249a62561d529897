import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import type { JobQueue } from '../../src/queue/job-queue.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { useCli } from '../cli/process.js';

const IMAGE = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64, 9)]);
const folder = useCli();

/** What is looked at is what is stored: no worker runs these jobs. */
const none: JobQueue = {
  name: 'none',
  attach() {},
  async enqueue() {},
  wake() {},
  async cancelled() {},
  subscribe: () => () => {},
  async close() {},
};
const idle = (store: JobStore, limits = {}) => new AstroJobs({ store, queue: none, limits });

describe('many images submitted together', () => {
  it.each([
    ['in memory', () => new MemoryJobStore()],
    ['in folders', () => new FileSystemJobStore({ dir: folder.jobsDir })],
  ])('become jobs in their order, and one that is refused costs no other: %s', async (_, store) => {
    await using jobs = idle(store());
    await mkdir(folder.dir, { recursive: true });
    const path = join(folder.dir, 'named.pgm');
    await writeFile(path, IMAGE);
    async function* submissions() {
      for (let index = 0; index < 510; index += 1)
        yield { image: IMAGE, filename: `${index}.pgm`, tags: ['all', `n${index}`] };
      yield { image: path };
      yield { image: join(folder.dir, 'missing.pgm') };
      yield { image: Buffer.from('no image at all') };
      yield { image: IMAGE, params: { scale_low: -1 } };
      yield { image: IMAGE, idempotencyKey: 'same' };
      yield { image: IMAGE, idempotencyKey: 'same' };
    }
    const outcomes = await jobs.submitMany(submissions());
    expect(outcomes).toHaveLength(516);
    expect(outcomes.slice(511, 514).map(({ error }) => error?.code)).toEqual([
      ...['image_not_found', 'unsupported_image', 'invalid_params'],
    ]);
    expect(outcomes[510]?.status?.filename).toBe('named.pgm');
    expect(outcomes[514]?.status?.job_id).toBe(outcomes[515]?.status?.job_id);
    expect(await jobs.store.counts()).toMatchObject({ queued: 512 });
    const { jobs: found } = await jobs.list({ tag: 'n509' });
    expect(found.map(({ filename }) => filename)).toEqual(['509.pgm']);
    const [first = ''] = await jobs.store.runnable({ now: Date.now() / 1000 + 1, limit: 1 });
    expect((await jobs.status(first)).filename).toBe('0.pgm');
  });

  it('are refused as a round when the limit of jobs is reached', async () => {
    await using jobs = idle(new MemoryJobStore(), { maxJobs: 3 });
    const refused = await jobs.submitMany(Array.from({ length: 4 }, () => ({ image: IMAGE })));
    expect(refused.map(({ error }) => error?.code)).toEqual(Array(4).fill('too_many_jobs'));
    const stored = await jobs.submitMany(Array.from({ length: 3 }, () => ({ image: IMAGE })));
    expect(stored.every(({ status }) => status?.state === 'queued')).toBe(true);
  });
});
