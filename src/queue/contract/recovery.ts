import assert from 'node:assert/strict';
import { newJobId } from '../../job/id.js';
import { isSettled, nowSeconds } from '../../job/status.js';
import { claimed } from '../../job/transitions.js';
import { type Checks, type Scene, startOf, until } from './under-test.js';

/** Wakes the queue until the job is settled, as callers that meet the job do. */
async function wakenUntilSettled({ queue, status, settled }: Scene, id: string) {
  await until(`job ${id} was not settled, though the queue was woken`, async () => {
    queue.wake();
    return isSettled(await status(id));
  });
  return settled(id);
}

/** What happens to jobs that the queue was not told of, or whose worker is gone. */
export const recovery: Checks = {
  'runs a job that was not enqueued, once it is woken': {
    concurrency: 1,
    check: async (scene) => {
      const { job_id } = await scene.create(1);
      const { state, message } = await wakenUntilSettled(scene, job_id);
      assert.equal(state, 'done', `the job failed: ${message}`);
    },
  },

  'takes up the job of a worker that is gone, after its lease': {
    concurrency: 1,
    check: async (scene) => {
      const { job_id } = await scene.create(1);
      const record = await scene.store.get(job_id);
      assert.ok(record, 'the store has lost the job');
      const gone = { token: newJobId(), worker: { host: 'elsewhere', pid: 1 }, leaseSeconds: 1 };
      const next = claimed(record.status, gone, nowSeconds());
      const held = await scene.store.replace(job_id, record.revision, next);
      assert.ok(held, 'the store did not take the claim of the worker that is gone');
      const end = await wakenUntilSettled(scene, job_id);
      assert.equal(end.state, 'done', `the job failed: ${end.message}`);
      assert.equal(end.attempts, 2, 'the attempt of the worker that is gone does not count, or counts twice');
      const after = startOf(end) - startOf(held.status);
      assert.ok(after >= 0.9, `the job was taken up after ${after} s; its lease lasted 1 s`);
    },
  },
};
