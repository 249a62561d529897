import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { newJobId } from '../../job/id.js';
import { type Checks, claim, claimant, create, recordOf } from './under-test.js';

export const leases: Checks = {
  'starts the lease anew and shows progress': async (store) => {
    const { status, revision } = await claim(store, await create(store), claimant(2));
    await sleep(700);
    const progress = { stage: 'solving', fraction: 0.5 };
    assert.equal(
      await store.renew(status.job_id, revision, progress),
      true,
      'the holder could not renew its lease',
    );
    const record = await recordOf(store, status.job_id);
    assert.deepEqual(record.status.progress, progress, 'the progress is not in the status');
    assert.equal(
      record.revision,
      revision,
      'the renewal made a new revision, so its holder could not settle',
    );
    const { leaseRemaining = 0 } = record;
    assert.ok(leaseRemaining > 1.5, `a lease of 2 s has ${leaseRemaining} s left after its renewal`);
  },

  'refuses once another worker has the job, and changes nothing': async (store) => {
    const first = await claim(store, await create(store));
    const second = await claim(store, first);
    const { job_id } = first.status;
    assert.equal(
      await store.renew(job_id, first.revision, { stage: 'late' }),
      false,
      'a lost lease was renewed',
    );
    assert.deepEqual(
      (await recordOf(store, job_id)).status,
      second.status,
      'a refused renewal has changed the status',
    );
    assert.equal(
      await store.renew(newJobId(), first.revision),
      false,
      'the lease of an unknown job was renewed',
    );
  },
};
