import assert from 'node:assert/strict';
import { nowSeconds } from '../../job/status.js';
import { cancelRequested } from '../../job/transitions.js';
import { isProcessAlive } from '../../process/machine.js';
import { type Checks, until } from './under-test.js';

/** What ends running jobs: a request to cancel, and the end of the queue. */
export const ending: Checks = {
  'ends a running job that is cancelled, its process included': {
    concurrency: 1,
    check: async ({ submit, store, queue, settled, firstRun }) => {
      const { job_id } = await submit(60);
      const { pid } = await firstRun();
      await until('the store took no request to cancel', async () => {
        const record = await store.get(job_id);
        assert.ok(record, 'the store has lost the job');
        const next = cancelRequested(record.status, nowSeconds());
        return (await store.replace(job_id, record.revision, next)) !== undefined;
      });
      await queue.cancelled(job_id);
      const { error } = await settled(job_id);
      assert.equal(error?.code, 'cancelled', 'the job did not end as cancelled');
      await until('the process of a cancelled job did not end', async () => !isProcessAlive(pid));
      const next = await submit(1);
      assert.equal((await settled(next.job_id)).state, 'done', 'the next job failed');
    },
  },

  'gives running jobs back when it is closed': {
    concurrency: 1,
    check: async ({ submit, queue, status, firstRun, runsHere }) => {
      const { job_id } = await submit(60);
      const waiting = await submit(1);
      const { pid } = await firstRun();
      await queue.close({ graceSeconds: 0 });
      const { state, attempts } = await status(job_id);
      if (runsHere) {
        assert.equal(state, 'queued', 'a running job was not given back');
        assert.equal(attempts, 0, 'the attempt of a job that was given back counts');
        await until('the process of a job that was given back did not end', async () => !isProcessAlive(pid));
      } else {
        assert.equal(state, 'processing', 'a job that runs elsewhere was stopped');
        assert.ok(isProcessAlive(pid), 'the process of a job that runs elsewhere was ended');
      }
      assert.equal((await status(waiting.job_id)).state, 'queued', 'a closed queue has run a waiting job');
    },
  },

  'lets running jobs end when it is closed with time': {
    concurrency: 1,
    check: async ({ submit, queue, settled, firstRun }) => {
      const { job_id } = await submit(5);
      await firstRun();
      await queue.close({ graceSeconds: 10 });
      assert.equal((await settled(job_id)).state, 'done', 'a running job had time and did not end');
    },
  },
};
