import assert from 'node:assert/strict';
import { nowSeconds } from '../../job/status.js';
import { type Checks, chunks, contentOf, create, IMAGE, newStatus } from './under-test.js';

async function* broken(): AsyncGenerator<Uint8Array> {
  yield IMAGE;
  throw new Error('the connection broke');
}

export const creation: Checks = {
  'is usable': (store) => store.check(),

  'keeps the status and the image byte for byte': async (store) => {
    const status = newStatus({ filename: 'Ünïcode sky (1).jpg', priority: 3 });
    const { record, created } = await store.create(status, chunks(IMAGE));
    assert.equal(created, true, '`created` is false for a new id');
    assert.deepEqual(record.status, status, '`create` returned another status than it was given');
    assert.deepEqual((await store.get(status.job_id))?.status, status, '`get` reads another status');
    const image = await store.image(status.job_id);
    assert.equal(image?.size, IMAGE.length, 'the size of the image is not that of what was submitted');
    assert.equal(image?.name, 'Ünïcode sky (1).jpg', 'the image has another name');
    assert.deepEqual(await contentOf(image), IMAGE, 'the image has other bytes');
    assert.deepEqual(
      await contentOf(image, { start: 999, end: 1000 }),
      IMAGE.subarray(999, 1001),
      '`read` does not return the bytes from `start` up to and including `end`',
    );
  },

  'returns the job that is there already, unchanged': async (store) => {
    const first = await create(store);
    const other = { ...first.status, filename: 'other.jpg' };
    const again = await store.create(other, chunks(Buffer.from('other')));
    assert.equal(again.created, false, '`created` is true for an id that exists');
    assert.deepEqual(
      again.record.status,
      first.status,
      'the second call changed the status, or returned its own',
    );
    const image = await contentOf(await store.image(first.status.job_id));
    assert.deepEqual(image, IMAGE, 'the second call changed the image');
  },

  'makes one job of many simultaneous calls with one id': async (store) => {
    const status = newStatus();
    const all = await Promise.all(Array.from({ length: 5 }, () => store.create(status, chunks(IMAGE))));
    const made = all.filter(({ created }) => created).length;
    assert.equal(made, 1, `${made} of 5 simultaneous calls with one id say that they created the job`);
    const { jobs } = await store.list();
    assert.equal(jobs.length, 1, `5 calls with one id left ${jobs.length} jobs`);
  },

  'makes many jobs in one call, and what is wrong with one image costs no other': async (store) => {
    // A store may leave it out.
    if (!store.createMany) return;
    const there = await create(store);
    const fresh = Array.from({ length: 20 }, (_, index) => newStatus({ tags: [`t${index}`] }));
    const images = fresh.map((_, index) => IMAGE.subarray(index));
    const wrong = newStatus();
    const [twice = newStatus()] = fresh;
    const outcomes = await store.createMany([
      ...fresh.map((status, index) => ({ status, image: chunks(images[index] ?? IMAGE) })),
      { status: wrong, image: broken() },
      { status: there.status, image: chunks(Buffer.from('other')) },
      { status: twice, image: chunks(Buffer.from('other')) },
    ]);
    const made = outcomes.map((outcome) => ('created' in outcome ? outcome.created : outcome.error.code));
    const expected = [...fresh.map(() => true), 'internal', false];
    assert.deepEqual(made.slice(0, 22), expected, 'the outcomes are not in the order of the jobs');
    const ofTwice = [made[0], made[22]].filter((one) => one === true);
    assert.equal(ofTwice.length, 1, 'a job that was given twice was not made once');
    assert.equal(await store.get(wrong.job_id), undefined, 'there is a job whose image failed half-way');
    for (const [index, status] of fresh.entries()) {
      assert.deepEqual((await store.get(status.job_id))?.status, status, 'a job has another status');
      if (index > 0)
        assert.deepEqual(
          await contentOf(await store.image(status.job_id)),
          images[index],
          'an image has other bytes',
        );
      const { jobs } = await store.list({ tag: `t${index}` });
      assert.deepEqual(
        jobs.map((job) => job.job_id),
        [status.job_id],
        'a job is not found by its tag',
      );
    }
    assert.equal((await store.counts()).queued, 21, 'not the number of jobs');
    const ids = await store.runnable({ now: nowSeconds() + 1, limit: 100 });
    assert.equal(ids.length, 21, 'not all of the jobs are to be run');
  },

  'leaves nothing when the image fails half-way': async (store) => {
    const status = newStatus();
    await assert.rejects(store.create(status, broken()), 'it resolved, though the image could not be read');
    assert.equal(await store.get(status.job_id), undefined, 'the job is there');
    assert.deepEqual((await store.list()).jobs, [], 'the job is listed');
    const ids = await store.runnable({ now: nowSeconds() + 1, limit: 10 });
    assert.deepEqual(ids, [], 'the job is to be run');
  },
};
