import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nowSeconds } from '../../job/status.js';
import { claimed, failed, retried, solved } from '../../job/transitions.js';
import {
  type Checks,
  claim,
  claimant,
  contentOf,
  create,
  IMAGE,
  RESULT,
  recordOf,
  replaced,
  settle,
} from './under-test.js';

const HEADER = 'SIMPLE  =                    T';

export const replacement: Checks = {
  'returns the new record as `get` reads it': async (store) => {
    const first = await create(store);
    const by = claimant();
    const record = await claim(store, first, by);
    const { job_id } = first.status;
    assert.equal(record.status.lease?.token, by.token, 'the record is not the one that was swapped in');
    const { status, revision } = await recordOf(store, job_id);
    assert.deepEqual(record.status, status, 'the returned status is not the one that `get` reads');
    assert.equal(record.revision, revision, 'the returned revision is not the one that `get` reads');
    assert.ok(revision > first.revision, `the revision went from ${first.revision} to ${revision}`);
    const { leaseRemaining = 0 } = record;
    assert.ok(
      leaseRemaining > 50 && leaseRemaining <= 60,
      `a lease of 60 s has ${leaseRemaining} s left at its start`,
    );
  },

  'lets exactly one of many simultaneous changes through': async (store) => {
    const record = await create(store);
    const { job_id } = record.status;
    const claims = Array.from({ length: 10 }, () => claimed(record.status, claimant(), nowSeconds()));
    const won = await Promise.all(claims.map((next) => store.replace(job_id, record.revision, next)));
    const winners = won.filter((result) => result !== undefined);
    assert.equal(winners.length, 1, `${winners.length} of 10 changes against one revision took effect`);
    const token = (await recordOf(store, job_id)).status.lease?.token;
    assert.equal(
      winners[0]?.status.lease?.token,
      token,
      'the job has another lease than the winner was told',
    );
    assert.equal(
      claims[won.findIndex(Boolean)]?.lease?.token,
      token,
      'a refused change is the one that is stored',
    );
  },

  'refuses a worker whose job was taken over, result and files included': async (store) => {
    const first = await claim(store, await create(store));
    const second = await claim(store, first);
    const { job_id } = first.status;
    const late = failed(first.status, 'no_solution', 'late', nowSeconds());
    const taken = await store.replace(job_id, first.revision, late, { result: RESULT, files: {} });
    assert.equal(taken, undefined, 'a change against an old revision took effect');
    assert.deepEqual(
      (await recordOf(store, job_id)).status,
      second.status,
      'a refused change has changed the status',
    );
    assert.equal(await store.result(job_id), undefined, 'the result of a refused change is there');
    assert.deepEqual(await store.files(job_id), [], 'files of a refused change are there');
  },

  'publishes result and files together with the status, and takes them away on retry': async (store) => {
    const folder = await mkdtemp(join(tmpdir(), 'store-contract-'));
    try {
      const wcs = join(folder, 'a.wcs');
      await writeFile(wcs, HEADER);
      const record = await settle(store, await claim(store, await create(store)), { 'solution.wcs': wcs });
      const { job_id } = record.status;
      assert.equal(record.leaseRemaining, undefined, 'a settled job has a lease');
      assert.deepEqual(await store.result(job_id), RESULT, 'the result is another one');
      const files = await store.files(job_id);
      const names = files.map((file) => file.name);
      assert.deepEqual(
        names,
        ['result.json', 'solution.wcs'],
        'the files are not those of the outcome, by name',
      );
      assert.equal((await contentOf(files[1])).toString(), HEADER, 'a file has other content');
      await replaced(store, record, (status) => retried(status, nowSeconds()));
      assert.equal(await store.result(job_id), undefined, 'the result outlived a change to `queued`');
      assert.deepEqual(await store.files(job_id), [], 'files outlived a change to `queued`');
      assert.deepEqual(await contentOf(await store.image(job_id)), IMAGE, 'the image did not outlive it');
    } finally {
      await rm(folder, { recursive: true });
    }
  },

  'refuses changes of a job that is gone': async (store) => {
    const { status, revision } = await claim(store, await create(store));
    assert.equal(await store.remove(status.job_id), true, '`remove` does not find the job');
    const late = await store.replace(status.job_id, revision, solved(status, 'late', nowSeconds()));
    assert.equal(late, undefined, 'a removed job was changed');
    assert.equal(await store.get(status.job_id), undefined, 'the change has brought a removed job back');
  },

  'never uses a revision twice, not even for an id that was removed': async (store) => {
    const first = await claim(store, await create(store));
    const { job_id } = first.status;
    await store.remove(job_id);
    const again = await create(store, { job_id, created_at: nowSeconds() + 1 });
    assert.notEqual(
      again.revision,
      first.revision,
      'a new job has the revision of a removed one with its id',
    );
    const late = await store.replace(job_id, first.revision, solved(first.status, 'late', nowSeconds()));
    assert.equal(late, undefined, 'a change of the removed job took effect on the new one');
    assert.equal((await recordOf(store, job_id)).status.state, 'queued', 'the new job was changed');
  },
};
