import assert from 'node:assert/strict';
import { nowSeconds } from '../../job/status.js';
import type { JobStore, ListOptions, NewJob } from '../job-store.js';
import { type Checks, chunks, claim, create, IMAGE, idsOf, newStatus, recordOf } from './under-test.js';

/** More jobs than a page holds. */
const MANY = 300;

/** Makes many jobs as the store likes it best. */
async function createAll(store: JobStore, jobs: readonly NewJob[]): Promise<void> {
  if (!store.createMany) {
    for (const { status, image } of jobs) await store.create(status, image);
    return;
  }
  for (const outcome of await store.createMany(jobs)) if ('error' in outcome) throw outcome.error;
}

/** Ids of all pages, in their order. */
async function allPages(store: JobStore, options: ListOptions & { limit: number }): Promise<string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...options, after });
    assert.ok(page.jobs.length <= options.limit, `a page of ${options.limit} has ${page.jobs.length} jobs`);
    seen.push(...page.jobs.map((job) => job.job_id));
    after = page.next;
  } while (after !== undefined);
  return seen;
}

export const listing: Checks = {
  'pages through all jobs, newest first, each once': async (store) => {
    const now = nowSeconds();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1)
      made.unshift((await create(store, { created_at: now + index / 1000 })).status.job_id);
    assert.deepEqual(
      await allPages(store, { limit: 3 }),
      made,
      'not each job once, by `created_at`, newest first',
    );
  },

  'filters by state and counts': async (store) => {
    const running = await claim(store, await create(store));
    await create(store);
    const { jobs } = await store.list({ states: ['processing'] });
    assert.deepEqual(
      jobs.map((job) => job.job_id),
      idsOf([running]),
      'not the jobs in this state',
    );
    const settled = await store.list({ states: ['done', 'error'] });
    assert.deepEqual(settled.jobs, [], 'jobs in other states are listed');
    const counts = { queued: 1, processing: 1, done: 0, error: 0 };
    assert.deepEqual(await store.counts(), counts, 'not the number of jobs in each state');
    const queued = { queued: 1, processing: 0, done: 0, error: 0 };
    assert.deepEqual(await store.counts(['queued']), queued, 'states that were not asked for are counted');
  },

  'knows the queued job that came first, of however many': async (store) => {
    assert.equal(await store.oldestQueued(), undefined, 'an empty store has a queued job');
    const now = nowSeconds();
    const running = await claim(store, await create(store, { created_at: now - 30 }));
    const delayed = { created_at: now - 20, not_before: now + 3600, priority: -1, rate_key: 'x' };
    const first = await create(store, delayed);
    const statuses = Array.from({ length: MANY }, (_, index) =>
      newStatus({ created_at: now + index / 1000, priority: 5 }),
    );
    await createAll(
      store,
      statuses.map((status) => ({ status, image: chunks(IMAGE.subarray(0, 32)) })),
    );
    assert.equal(
      (await store.oldestQueued())?.job_id,
      first.status.job_id,
      'not the earliest `created_at` of all that are queued',
    );
    await claim(store, first);
    assert.equal(
      (await store.oldestQueued())?.job_id,
      statuses[0]?.job_id,
      'a job that runs is told as queued',
    );
    assert.equal(await store.remove(running.status.job_id), true);
  },

  'filters by rate key before it cuts the page': async (store) => {
    const now = nowSeconds();
    const own: string[] = [];
    for (let index = 0; index < 9; index += 1) {
      const rate_key = index % 3 === 0 ? 'mine' : index % 3 === 1 ? 'theirs' : undefined;
      const fields = { created_at: now + index / 1000, ...(rate_key !== undefined && { rate_key }) };
      const { status } = await create(store, fields);
      if (rate_key === 'mine') own.unshift(status.job_id);
    }
    const first = await store.list({ rateKey: 'mine', limit: 2 });
    assert.deepEqual(
      first.jobs.map((job) => job.job_id),
      own.slice(0, 2),
      'a page is not full of jobs with this key, though there are enough',
    );
    assert.deepEqual(await allPages(store, { rateKey: 'mine', limit: 2 }), own, 'not all jobs with this key');
    const running = { rateKey: 'mine', states: ['processing'] } as const;
    assert.deepEqual((await store.list(running)).jobs, [], 'only one of two filters is applied');
    assert.deepEqual((await store.list({ rateKey: 'unknown' })).jobs, [], 'jobs with other keys are listed');
  },

  'keeps tags and metadata, and filters by a tag before it cuts the page': async (store) => {
    const now = nowSeconds();
    const metadata = { night: 3, Ünïcode: ['✓', { deep: null }] };
    const tagged: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const tags = index % 3 === 0 ? undefined : index % 3 === 1 ? ['M 42', 'ε'] : ['M 4', 'other'];
      const rate_key = index % 2 === 0 ? 'mine' : 'theirs';
      const fields = { created_at: now + index / 1000, rate_key, ...(tags && { tags, metadata }) };
      const { status } = await create(store, fields);
      if (index % 3 === 1) tagged.unshift(status.job_id);
    }
    const [newest = ''] = tagged;
    const record = await claim(store, await recordOf(store, newest));
    assert.deepEqual(record.status.tags, ['M 42', 'ε'], 'a change of the job lost its tags');
    assert.deepEqual(record.status.metadata, metadata, 'the metadata came back changed');
    assert.deepEqual(await allPages(store, { tag: 'M 42', limit: 2 }), tagged, 'not all jobs with this tag');
    assert.deepEqual(
      await allPages(store, { tag: 'ε', limit: 3 }),
      tagged,
      'not all jobs with their second tag',
    );
    const running = await store.list({ tag: 'M 42', states: ['processing'], rateKey: 'mine' });
    assert.deepEqual(
      running.jobs.map((job) => job.job_id),
      [newest],
      'not the jobs that pass all of several filters',
    );
    assert.deepEqual((await store.list({ tag: 'M' })).jobs, [], 'jobs with other tags are listed');
    assert.equal(await store.remove(newest), true);
    assert.deepEqual(
      await allPages(store, { tag: 'ε', limit: 100 }),
      tagged.slice(1),
      'a removed job is found by its tag',
    );
  },
};
