import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flood } from '../../bench/soak/flood.mjs';
import type { Analyze } from '../../src/analysis/analysis.js';
import { AstroJobs } from '../../src/astro-jobs.js';
import { nowSeconds } from '../../src/job/status.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { addJob, newStatus, runnerOf, SOLVED, withFolder } from '../worker/scripted.js';
import { tinyImage } from './fixture.js';

const solve: Analyze = async () => ({ result: SOLVED, files: {} });

describe('many submits at once', () => {
  it(
    'cost few file handles and little memory, keep their order, and are all run',
    () =>
      withFolder(async (dir) => {
        const counts = await flood({ dir, jobs: 300 });
        expect(counts).toMatchObject({ acknowledged: 300, done: 300, out_of_order: 0 });
        // Sixteen are written at a time; the rest is what any process has open.
        expect(counts.most_handles).toBeLessThan(counts.handles_before + 64);
        expect(counts.heap_growth_mib).toBeLessThan(100);
      }),
    240_000,
  );

  it('leave no file open when they are refused', () =>
    withFolder(async (dir) => {
      const path = join(dir, 'sky.pgm');
      await writeFile(path, Buffer.concat([tinyImage(), Buffer.alloc(1_000_000)]));
      const store = new MemoryJobStore();
      store.create = async () => {
        throw new Error('refused before a byte was read');
      };
      await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
      const before = readdirSync('/proc/self/fd').length;
      await Promise.allSettled(Array.from({ length: 200 }, () => jobs.submit(path)));
      expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 20);
    }));
});

describe.each<[string, (dir: string) => JobStore]>([
  ['FileSystemJobStore', (dir) => new FileSystemJobStore({ dir })],
  ['MemoryJobStore', () => new MemoryJobStore()],
])('the queue of a %s', (_name, open) => {
  it('is first in, first out, and priority goes before', () =>
    withFolder(async (dir) => {
      const store = open(dir);
      await using jobs = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
      const submitted: { id: string; priority: number }[] = [];
      // More than are taken from the queue at a time.
      await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const priority = index % 20 === 7 ? 5 : 0;
          const place = submitted.push({ id: '', priority }) - 1;
          submitted[place]!.id = (await jobs.submit(tinyImage(), {}, { priority })).job_id;
        }),
      );
      const runner = runnerOf(store, solve, { leaseSeconds: 60 });
      const taken: string[] = [];
      for (let claim = await runner.claimNext(); claim; claim = await runner.claimNext())
        taken.push(claim.id);
      const expected = [...submitted].sort((a, b) => b.priority - a.priority).map(({ id }) => id);
      expect(taken).toEqual(expected);
    }));

  it('is not held up by jobs at its head that cannot be claimed', () =>
    withFolder(async (dir) => {
      const store = open(dir);
      // Another program has put them here a moment ago, and will start them itself.
      for (let job = 0; job < 40; job += 1) {
        await addJob(store, { max_attempts: undefined, created_at: nowSeconds() - 10 });
      }
      const ours = await addJob(store);
      const runner = runnerOf(store, solve, { leaseSeconds: 60 });
      expect(await runner.claimNext()).toMatchObject({ id: ours });
      expect(await runner.claimNext()).toBeUndefined();
    }));

  it('soon gives way to a job of higher priority', () =>
    withFolder(async (dir) => {
      const store = open(dir);
      for (let job = 0; job < 5; job += 1) await addJob(store);
      const runner = runnerOf(store, solve, { leaseSeconds: 60 });
      await runner.claimNext();
      const urgent = newStatus({ priority: 9 });
      await store.create(urgent, (async function* () {})());
      let claims = 0;
      for (
        let claim = await runner.claimNext();
        claim?.id !== urgent.job_id;
        claim = await runner.claimNext()
      ) {
        claims += 1;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expect(claims).toBeLessThan(4);
    }));
});
