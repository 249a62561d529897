import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

const IMAGE = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64)]);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astro-jobs-pages-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe.each(['folder', 'memory'] as const)('pages of a store in %s', (kind) => {
  it('refuse what is no cursor and no limit, and follow what is', async () => {
    const store = kind === 'memory' ? new MemoryJobStore() : new FileSystemJobStore({ dir });
    await using jobs = new AstroJobs({ store, memory: false });
    for (let n = 0; n < 3; n++) await jobs.submit(IMAGE, {}, { delaySeconds: 3600 });
    const invalid = expect.objectContaining({ code: 'invalid_params' });
    for (const limit of [0, -1, 1.5, Number.NaN]) await expect(jobs.list({ limit })).rejects.toEqual(invalid);
    for (const after of ['', 'x', '1', '12345-abc', '../..'])
      await expect(jobs.list({ after })).rejects.toEqual(invalid);
    const first = await jobs.list({ limit: 2 });
    const second = await jobs.list({ limit: 2, after: first.next });
    expect([first.jobs.length, second.jobs.length, second.next]).toEqual([2, 1, undefined]);
  });
});
