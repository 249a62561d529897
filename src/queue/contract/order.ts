import assert from 'node:assert/strict';
import { nowSeconds } from '../../job/status.js';
import { type Checks, endOf, startOf } from './under-test.js';

/** What is run, when, and beside what. */
export const order: Checks = {
  'runs what was enqueued, each job once, each with its own image': {
    concurrency: 2,
    check: async ({ submit, queue, settled, store, runs }) => {
      const jobs = await Promise.all(Array.from({ length: 6 }, () => submit(1)));
      for (const job of jobs) await queue.enqueue(job);
      const sums = new Set<string>();
      for (const { job_id } of jobs) {
        const status = await settled(job_id);
        assert.equal(status.state, 'done', `a job failed: ${status.message}`);
        assert.equal(status.attempts, 1, 'a job was taken up more than once');
        const result = (await store.result(job_id)) as { capture: { object: string } };
        sums.add(result.capture.object);
      }
      assert.equal(sums.size, jobs.length, 'two jobs have the result of one image');
      const ran = await runs();
      assert.deepEqual(new Set(ran.map(({ sum }) => sum)), sums, 'the images that were solved are others');
      assert.equal(
        ran.length,
        jobs.length,
        `${jobs.length} jobs, each enqueued twice, were run ${ran.length} times`,
      );
    },
  },

  'runs no more jobs side by side than it may': {
    concurrency: 2,
    check: async ({ submit, settled }) => {
      const jobs = await Promise.all(Array.from({ length: 6 }, () => submit(3)));
      const ends = await Promise.all(jobs.map(({ job_id }) => settled(job_id)));
      for (const at of ends) {
        const beside = ends.filter((job) => startOf(job) <= startOf(at) && endOf(job) > startOf(at));
        assert.ok(beside.length <= 2, `${beside.length} jobs ran at once; 2 are allowed`);
      }
    },
  },

  'runs higher priority first, then first in, first out': {
    concurrency: 1,
    check: async ({ submit, settled, firstRun }) => {
      const first = await submit(8);
      await firstRun();
      const a = await submit(1, { priority: 0 });
      const b = await submit(1, { priority: 0 });
      const high = await submit(1, { priority: 9 });
      const low = await submit(1, { priority: -9 });
      const starts: number[] = [];
      for (const { job_id } of [high, a, b, low]) starts.push(startOf(await settled(job_id)));
      assert.equal((await settled(first.job_id)).state, 'done', 'the job that ran meanwhile failed');
      const sorted = starts.toSorted((one, other) => one - other);
      assert.deepEqual(starts, sorted, 'priorities 9, 0, 0, -9 did not start in this order');
      assert.equal(new Set(starts).size, starts.length, 'two jobs started at once; 1 is allowed');
    },
  },

  'lets clients take turns, however many jobs one of them has': {
    concurrency: 1,
    check: async ({ submit, settled, firstRun }) => {
      const first = await submit(8, { rate_key: 'many' });
      await firstRun();
      const many = [];
      for (let n = 0; n < 4; n++) many.push(await submit(1, { rate_key: 'many' }));
      const few = await submit(1, { rate_key: 'few' });
      const start = startOf(await settled(few.job_id));
      await settled(first.job_id);
      const ends = await Promise.all(many.map(({ job_id }) => settled(job_id)));
      const before = ends.filter((job) => startOf(job) < start);
      assert.ok(
        before.length <= 1,
        `${before.length} jobs of another client went before the first of this one`,
      );
    },
  },

  'runs nothing before its time': {
    concurrency: 1,
    check: async ({ submit, settled }) => {
      const due = nowSeconds() + 1.5;
      const later = await submit(1, { not_before: due });
      const now = await settled((await submit(1)).job_id);
      assert.equal(now.state, 'done', 'the job that was due failed');
      const start = startOf(await settled(later.job_id));
      assert.ok(startOf(now) < start, 'a job that was due did not pass a delayed one');
      assert.ok(start >= due, `a delayed job started ${due - start} s before its time`);
    },
  },
};
