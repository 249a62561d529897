import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AstroJobs } from '../../src/astro-jobs.js';
import { isJobId } from '../../src/job/id.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { runnerOf, SOLVED, withFolder } from '../worker/scripted.js';
import { tinyImage } from './fixture.js';

const idle = () => new InProcessQueue({ concurrency: 0 });
const image = (bytes: number) => Buffer.concat([tinyImage(), Buffer.alloc(bytes)]);
const codes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'taken' : (one.reason as { code: string }).code));

describe('quotaBytes', () => {
  it('refuses what would go beyond it, keeps what is there, and takes jobs again when there is space', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir, quotaBytes: 1_000_000 });
      await using jobs = new AstroJobs({ store, queue: idle() });
      const first = await jobs.submit(image(400_000));
      await jobs.submit(image(400_000));
      await expect(jobs.submit(image(400_000))).rejects.toMatchObject({
        code: 'storage_full',
        message: expect.stringMatching(/of the 1\.0 MiB.*prune or remove jobs, or raise the quota/),
      });
      expect(readdirSync(dir).filter(isJobId).length).toBe(2);
      expect(readdirSync(join(dir, '.astro-jobs', 'scratch'))).toEqual([]);
      // Another process on the same directory finds it as full.
      await using other = new AstroJobs({
        store: new FileSystemJobStore({ dir, quotaBytes: 1_000_000 }),
        queue: idle(),
      });
      await expect(other.submit(image(400_000))).rejects.toMatchObject({ code: 'storage_full' });
      // What was acknowledged is run all the same.
      const runner = runnerOf(store, async () => ({ result: SOLVED, files: {} }));
      expect(await runner.run((await runner.claimNext())!)).toBe('done');
      await jobs.remove(first.job_id);
      expect(await jobs.submit(image(400_000))).toMatchObject({ state: 'queued' });
    }));

  it('holds for many submits at once', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir, quotaBytes: 1_000_000 });
      await using jobs = new AstroJobs({ store, queue: idle() });
      const ends = codes(
        await Promise.allSettled(Array.from({ length: 30 }, () => jobs.submit(image(90_000)))),
      );
      const taken = ends.filter((end) => end === 'taken').length;
      expect(new Set(ends)).toEqual(new Set(['taken', 'storage_full']));
      expect(taken).toBeGreaterThan(4);
      expect(taken).toBeLessThan(12);
      expect(readdirSync(dir).filter(isJobId).length).toBe(taken);
    }));
});

describe('maxJobs', () => {
  it('holds for many submits at once, and counts anew when jobs have ended', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      await using jobs = new AstroJobs({ store, queue: idle(), limits: { maxJobs: 10 } });
      const ends = codes(
        await Promise.allSettled(Array.from({ length: 60 }, () => jobs.submit(tinyImage()))),
      );
      expect(ends.filter((end) => end === 'taken').length).toBe(10);
      expect(ends.filter((end) => end === 'too_many_jobs').length).toBe(50);
      const runner = runnerOf(store, async () => ({ result: SOLVED, files: {} }));
      await runner.run((await runner.claimNext())!);
      expect(await jobs.submit(tinyImage())).toMatchObject({ state: 'queued' });
      await expect(jobs.submit(tinyImage())).rejects.toMatchObject({ code: 'too_many_jobs' });
    }));
});

describe('maxBytes and maxPixels', () => {
  it('are refused by submit and by the pipeline', () =>
    withFolder(async (dir) => {
      await using jobs = new AstroJobs({ dir, limits: { maxBytes: 100_000, maxPixels: 1000 } });
      async function* endless() {
        yield tinyImage();
        for (;;) yield Buffer.alloc(50_000);
      }
      for (const source of [image(200_000), endless(), new Blob([image(200_000)])])
        await expect(jobs.submit(source)).rejects.toMatchObject({ code: 'image_too_large' });
      expect(readdirSync(dir).filter(isJobId)).toEqual([]);
      const { job_id: id } = await jobs.submit(
        Buffer.concat([Buffer.from('P5 100 100 255\n'), Buffer.alloc(10_000)]),
      );
      expect(await jobs.wait(id)).toMatchObject({ ok: false, error_code: 'image_too_large' });
    }));
});
