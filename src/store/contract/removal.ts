import assert from 'node:assert/strict';
import { nowSeconds } from '../../job/status.js';
import { type Checks, claim, contentOf, create, IMAGE, recordOf } from './under-test.js';

export const removal: Checks = {
  'takes everything with it, once': async (store) => {
    const { job_id } = (await create(store)).status;
    assert.equal(await store.remove(job_id), true, '`remove` does not find the job');
    assert.equal(await store.remove(job_id), false, '`remove` finds a job that was removed');
    assert.equal(await store.get(job_id), undefined, 'the status is left');
    assert.equal(await store.image(job_id), undefined, 'the image is left');
    assert.equal(await store.log(job_id), undefined, 'the log is left');
    assert.deepEqual(await store.files(job_id), [], 'files are left');
    assert.deepEqual((await store.list()).jobs, [], 'the job is listed');
    const ids = await store.runnable({ now: nowSeconds() + 1, limit: 10 });
    assert.deepEqual(ids, [], 'the job is to be run');
  },

  'leaves jobs alone when it sweeps': async (store) => {
    const waiting = await create(store);
    const running = await claim(store, await create(store));
    await store.sweep(0);
    for (const { status } of [waiting, running])
      assert.deepEqual((await recordOf(store, status.job_id)).status, status, '`sweep` has changed a job');
    const image = await contentOf(await store.image(waiting.status.job_id));
    assert.deepEqual(image, IMAGE, '`sweep` has changed an image');
  },
};
