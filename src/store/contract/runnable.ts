import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JobStatus, nowSeconds } from '../../job/status.js';
import { released } from '../../job/transitions.js';
import { type Checks, claim, claimant, create, idsOf, replaced, settle } from './under-test.js';

export const runnable: Checks = {
  'gives higher priority first, then first in, first out, and nothing before its time': async (store) => {
    const now = nowSeconds();
    const at = (seconds: number, fields: Partial<JobStatus> = {}) =>
      create(store, { created_at: now + seconds, ...fields });
    const second = await at(0.002);
    const first = await at(0.001);
    const urgent = await at(0.003, { priority: 5 });
    const later = await at(0, { not_before: now + 1000 });
    const soon = await store.runnable({ now: now + 1, limit: 10 });
    assert.deepEqual(soon, idsOf([urgent, first, second]), 'not by priority and then by `created_at`');
    assert.deepEqual(
      await store.runnable({ now: now + 1, limit: 1 }),
      idsOf([urgent]),
      'not the first `limit`',
    );
    const all = await store.runnable({ now: now + 1001, limit: 10 });
    assert.deepEqual(
      all,
      idsOf([urgent, first, second, later]),
      'a delayed job has not its place when it is due',
    );
  },

  'lets clients take turns within a priority, those with fewer running jobs first': async (store) => {
    const now = nowSeconds() - 100;
    let order = 0;
    const of = (rate_key: string | undefined, fields: Partial<JobStatus> = {}) => {
      order += 1;
      return create(store, { created_at: now + order / 100, rate_key, ...fields });
    };
    const many = [await of('many'), await of('many'), await of('many')] as const;
    const few = [await of('few'), await of('few')] as const;
    const unnamed = await of(undefined);
    const urgent = await of('many', { priority: 1 });
    const runnable = () => store.runnable({ now: nowSeconds(), limit: 10 });
    const [m1, m2, m3] = many;
    const [f1, f2] = few;
    assert.deepEqual(
      await store.runnable({ now: nowSeconds(), limit: 4, served: ['', 'many'] }),
      idsOf([urgent, f1, unnamed, m1]),
      'who was served last is not the last',
    );
    assert.deepEqual(
      await runnable(),
      idsOf([urgent, m1, f1, unnamed, m2, f2, m3]),
      'one client stands in the way of another, or a priority does not count',
    );
    assert.deepEqual(
      await store.runnable({ now: nowSeconds(), limit: 3 }),
      idsOf([urgent, m1, f1]),
      'not the first `limit`',
    );
    await claim(store, m1);
    await claim(store, urgent);
    assert.deepEqual(
      await runnable(),
      idsOf([f1, unnamed, f2, m2, m3]),
      'what a client has running does not count',
    );
  },

  'gives short jobs before long ones, which wait no longer than they may take themselves': async (store) => {
    const now = nowSeconds() - 1000;
    const long = await create(store, { created_at: now, expected_seconds: 60 });
    const short = await create(store, { created_at: now + 30, expected_seconds: 5 });
    const late = await create(store, { created_at: now + 90, expected_seconds: 5 });
    assert.deepEqual(
      await store.runnable({ now: nowSeconds(), limit: 10 }),
      idsOf([short, long, late]),
      'not by arrival and expected time',
    );
  },

  'leaves running jobs alone until their lease has ended': async (store) => {
    const { status, revision } = await claim(store, await create(store), claimant(1));
    const now = () => store.runnable({ now: nowSeconds(), limit: 10 });
    assert.deepEqual(await now(), [], 'a job is to be run whose lease has not ended');
    await sleep(1200);
    assert.deepEqual(await now(), [status.job_id], 'a job is missing whose lease has ended');
    assert.equal(await store.renew(status.job_id, revision), true, 'its holder could not renew the lease');
    assert.deepEqual(await now(), [], 'a job is to be run whose lease was renewed');
  },

  'gives back what was released, and forgets what is settled': async (store) => {
    const running = await claim(store, await create(store));
    const { job_id } = running.status;
    const waiting = await replaced(store, running, (status) => released(status, nowSeconds()));
    const soon = () => store.runnable({ now: nowSeconds() + 1, limit: 10 });
    assert.deepEqual(await soon(), [job_id], 'a released job is missing');
    await settle(store, await claim(store, waiting));
    assert.deepEqual(await soon(), [], 'a settled job is to be run');
  },
};
