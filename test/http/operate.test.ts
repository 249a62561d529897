import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.js';
import {
  AstroJobs,
  AstroJobWorker,
  DetachedQueue,
  issueKey,
  MemoryJobStore,
  MemoryKeyStore,
} from '../../src/index.js';
import { scriptedSolver, smallPicture, testServer, WCS } from './support.js';

describe('what an operator sees', () => {
  it('who runs what, what waits, and for how long', async () => {
    const { url, jobs, solver } = await testServer({}, { concurrency: 1 });
    const client = createClient({ baseUrl: url });
    expect(await client.queue()).toMatchObject({
      queue: 'in-process',
      counts: { queued: 0, processing: 0, done: 0, error: 0 },
      workers: [{ pid: process.pid, state: 'idle', jobs: [] }],
      more: false,
    });
    solver.behaviour = 'hang';
    const [running, waiting] = [
      await jobs.submit(await smallPicture(), {}, { filename: 'first.png' }),
      await jobs.submit(await smallPicture(), {}, { filename: 'second.png' }),
    ];
    await expect.poll(async () => (await client.queue()).workers[0]?.state, { timeout: 10_000 }).toBe('busy');
    const state = await client.queue();
    expect(state.workers).toMatchObject([{ jobs: [{ job_id: running.job_id, filename: 'first.png' }] }]);
    expect(state).toMatchObject({ counts: { queued: 1, processing: 1 }, oldest: { job_id: waiting.job_id } });
    expect(state.oldest!.seconds).toBeGreaterThan(0);
    // What only the service needs is told to no operator either.
    expect(state.workers[0]!.jobs[0]).not.toHaveProperty('lease');
    await client.cancel(running.job_id);
    await client.cancel(waiting.job_id);
  });

  it('workers of other processes that wait for jobs, as long as they live', async () => {
    const { url, jobs } = await testServer({}, { concurrency: 1 });
    const elsewhere = { host: 'other', pid: 7, machine: 'm', concurrency: 4 };
    await jobs.store.workers?.announce(elsewhere, 60);
    const client = createClient({ baseUrl: url });
    const others = async () => (await client.queue()).workers.filter(({ host }) => host === 'other');
    expect(await others()).toEqual([{ host: 'other', pid: 7, state: 'idle', concurrency: 4, jobs: [] }]);
    await jobs.store.workers?.withdraw(elsewhere);
    expect(await others()).toEqual([]);
  });

  it('a worker that takes jobs out of the store by itself, until it is closed', async () => {
    const store = new MemoryJobStore();
    await using jobs = new AstroJobs({ store, queue: new DetachedQueue({ dir: '/nowhere' }) });
    const worker = new AstroJobWorker({ store, solver: scriptedSolver(), concurrency: 3 });
    await worker.start();
    const workers = async () => (await jobs.queueState()).workers;
    await expect.poll(workers).toMatchObject([{ pid: process.pid, state: 'idle', concurrency: 3 }]);
    await worker.close();
    expect(await workers()).toEqual([]);
  });

  it('is for administrators', async () => {
    const keys = new MemoryKeyStore();
    const { key } = await issueKey(keys, { name: 'club', scopes: ['submit', 'read:all'] });
    const { key: admin } = await issueKey(keys, { name: 'chief', scopes: ['admin'] });
    const { url } = await testServer({ keys });
    const ask = (token: string) => createClient({ baseUrl: url, token }).queue();
    await expect(ask(key)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect(await ask(admin)).toMatchObject({ workers: [{ state: 'idle' }] });
  });
});

describe('the solved fields', () => {
  it('are told page by page, and drawn on a map', async () => {
    const { url, api, settle, solver } = await testServer();
    const ids = [await settle('a.png'), await settle('<b>.png'), await settle('c.png')];
    solver.behaviour = 'fail';
    await settle('clouds.png');
    const client = createClient({ baseUrl: url });
    const first = await client.fields({ limit: 2 });
    const { fields } = await client.fields({ limit: 2, after: first.next });
    const all = [...first.fields, ...fields];
    expect(all.map(({ job_id }) => job_id)).toEqual(ids.toReversed());
    expect(all[0]).toMatchObject({
      filename: 'c.png',
      ra_center: expect.closeTo(WCS.crval[0], 2),
      dec_center: expect.closeTo(WCS.crval[1], 2),
      corners: expect.objectContaining({ length: 4 }),
      subject: { name: expect.any(String) },
    });
    const map = await fetch(`${api}/sky.svg`);
    const etag = map.headers.get('etag')!;
    const svg = await map.text();
    expect(svg.match(/data-job="[0-9a-f]{32}"/g)).toHaveLength(3);
    expect(svg.includes('b_.png')).toBe(true);
    expect((await fetch(`${api}/sky.svg`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await fetch(`${api}/sky.svg?palette=loud`)).status).toBe(400);
    expect((await fetch(`${api}/fields?limit=0`)).status).toBe(400);
  });

  it('of others are not shown to a key for its own', async () => {
    const keys = new MemoryKeyStore();
    const { key } = await issueKey(keys, { name: 'guest', scopes: ['submit', 'read:own'] });
    const { url, settle } = await testServer({ keys });
    await settle('of the host.png');
    const client = createClient({ baseUrl: url, token: key });
    await client.wait((await client.submit(await smallPicture(), {}, { filename: 'mine.png' })).job_id);
    expect((await client.fields()).fields.map(({ filename }) => filename)).toEqual(['mine.png']);
    expect((await client.skyMap()).match(/class="field"/g)).toHaveLength(1);
  });
});

it('objects are found by their names', async () => {
  const { url, api } = await testServer();
  const client = createClient({ baseUrl: url });
  expect(await client.object('m 42')).toMatchObject({
    ra_deg: expect.closeTo(83.82, 1),
    names: expect.any(Array),
  });
  await expect(client.object('nothing of that name')).rejects.toMatchObject({ status: 404 });
  expect((await fetch(`${api}/objects`)).status).toBe(400);
});
