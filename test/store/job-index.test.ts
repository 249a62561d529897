import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import type { JobState } from '../../src/job/status.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { readIndex } from '../../src/store/file-system/index-file.js';
import { layoutOf } from '../../src/store/file-system/layout.js';
import type { JobStore, ListOptions } from '../../src/store/job-store.js';

/** What another program writes shows within so long, milliseconds. */
const SHOWN_MS = 2000;
const STATES: readonly JobState[] = ['queued', 'processing', 'done', 'error'];

/** What another program writes: the fields of the contract, in any combination. */
interface Written {
  job_id: string;
  state: JobState;
  message: string | null;
  params: object;
  created_at: number;
  updated_at: number;
  rate_key?: string;
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'astro-jobs-index-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const indexFile = () => join(dir, '.astro-jobs', 'index');
const statusFile = (id: string) => join(dir, id, 'status.json');

function statusOf(n: number, fields: Partial<Written> = {}): Written {
  const created_at = 1_700_000_000 + n;
  const times = { created_at, updated_at: created_at };
  const state = n % 10 === 3 ? 'error' : 'done';
  return {
    job_id: newJobId(),
    state,
    message: null,
    params: {},
    ...times,
    rate_key: `client-${n % 3}`,
    ...fields,
  };
}

/** As another program does it. */
async function write(status: Written): Promise<void> {
  await mkdir(join(dir, status.job_id), { recursive: true });
  const path = statusFile(status.job_id);
  await writeFile(`${path}.new`, JSON.stringify(status));
  await rename(`${path}.new`, path);
}

/** So many settled jobs, the newest first, and the folder that an index is kept in. */
async function fill(count: number): Promise<Written[]> {
  await mkdir(join(dir, '.astro-jobs', 'scratch'), { recursive: true });
  const made = Array.from({ length: count }, (_, n) => statusOf(n));
  for (const status of made) await write(status);
  return made.reverse();
}

async function listed(store: JobStore, options: ListOptions = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = await store.list({ limit: 37, ...options, ...(after !== undefined && { after }) });
    ids.push(...page.jobs.map((job) => job.job_id));
    after = page.next;
  }
  return ids;
}

/** The list as the folders have it, read without the store. */
async function inFolders(accepts: (status: Written) => boolean = () => true): Promise<string[]> {
  const names = (await readdir(dir)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(statusFile(name), 'utf8')) as Written),
  );
  return found
    .filter(accepts)
    .sort((a, b) => b.created_at - a.created_at || (a.job_id < b.job_id ? 1 : -1))
    .map((status) => status.job_id);
}

async function keepIndex(): Promise<void> {
  const store = new FileSystemJobStore({ dir });
  await store.list();
  await store.close();
}

async function expectTruth(store: JobStore): Promise<void> {
  expect(await listed(store)).toEqual(await inFolders());
  for (const state of STATES)
    expect(await listed(store, { states: [state] })).toEqual(await inFolders((job) => job.state === state));
  const own = (job: Written) => job.rate_key === 'client-1' && job.state !== 'done';
  expect(await listed(store, { rateKey: 'client-1', states: ['error', 'queued', 'processing'] })).toEqual(
    await inFolders(own),
  );
}

describe('the index of a jobs directory', () => {
  it('lists what the folders hold, also in a process that finds it kept by another', async () => {
    const made = await fill(150);
    const first = new FileSystemJobStore({ dir });
    await expectTruth(first);
    await first.close();
    expect(await readdir(join(dir, '.astro-jobs'))).toContain('index');
    // Gone, come and changed since.
    await rm(join(dir, made[5]!.job_id), { recursive: true });
    await write(statusOf(1000));
    await write({ ...made[20]!, state: 'queued' });
    await write({
      ...made.find(({ state }) => state === 'error')!,
      state: 'processing',
      updated_at: Date.now() / 1000,
    });
    const second = new FileSystemJobStore({ dir });
    await second.list();
    // Jobs that were done are compared last.
    await expect
      .poll(() => listed(second, { states: ['queued'] }), { timeout: SHOWN_MS })
      .toEqual([made[20]!.job_id]);
    await expectTruth(second);
    await second.close();
  });

  it('shows what another program writes within two seconds, whatever it writes', async () => {
    const made = await fill(300);
    const store = new FileSystemJobStore({ dir });
    await store.list();
    const [first, second, third] = [made[0]!, made[150]!, made[299]!];
    await write({ ...first, message: 'Looked at by hand' });
    await write({ ...second, state: 'queued' });
    await writeFile(statusFile(third.job_id), '{');
    await write(statusOf(2000, { state: 'processing', updated_at: Date.now() / 1000 }));
    await rm(join(dir, made[1]!.job_id), { recursive: true });
    await sleep(SHOWN_MS);
    const page = await store.list({ limit: 3 });
    expect(page.jobs.map(({ state }) => state)).toEqual(['processing', first.state, made[2]!.state]);
    expect(page.jobs[1]?.message).toBe('Looked at by hand');
    expect(page.damaged).toEqual([expect.objectContaining({ job_id: third.job_id })]);
    expect(await listed(store, { states: ['queued'] })).toEqual([second.job_id]);
    expect(await store.counts()).toMatchObject({ queued: 1, processing: 1 });
    await write(third);
    await sleep(SHOWN_MS);
    expect((await store.list()).damaged).toEqual([]);
    await expectTruth(store);
  });

  it('is kept with the time of a directory that has come to rest, so that it need not be read again', async () => {
    await mkdir(join(dir, '.astro-jobs', 'scratch'), { recursive: true });
    for (let n = 0; n < 70; n += 1) await write(statusOf(n));
    const keptTime = async () => (await readIndex(layoutOf(dir)))?.directoryChanged;
    const listOnce = async () => {
      const store = new FileSystemJobStore({ dir });
      expect((await store.list({ limit: 100 })).jobs).toHaveLength(70);
      await store.close();
    };
    await listOnce();
    // Just now changed: another job could have come since.
    expect(await keptTime()).toBeNaN();
    await sleep(1100);
    await listOnce();
    expect(await keptTime()).toBe((await stat(dir)).mtimeMs);
  });

  it('gives what no caller can change for others', async () => {
    await fill(3);
    const store = new FileSystemJobStore({ dir });
    const [job] = (await store.list()).jobs;
    expect(() => Object.assign(job!.params, { timeout: 1 })).toThrow(TypeError);
    expect(() => Object.assign(job!, { message: 'Changed' })).toThrow(TypeError);
    await expectTruth(store);
    await store.close();
  });

  it('hides nothing from a sweep that is to be run', async () => {
    const made = await fill(80);
    await keepIndex();
    const failed = made.find(({ state }) => state === 'error')!;
    const waiting = statusOf(500, { state: 'queued' });
    await write({ ...failed, state: 'queued', updated_at: Date.now() / 1000 });
    await write(waiting);
    const store = new FileSystemJobStore({ dir });
    await store.sweep(3600);
    const runnable = await store.runnable({ now: Date.now() / 1000, limit: 10 });
    expect(runnable.sort()).toEqual([failed.job_id, waiting.job_id].sort());
    await store.close();
  });

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['empty', () => Buffer.alloc(0)],
    ['with a bit that has changed', (whole: Buffer) => whole.fill(whole[700]! ^ 4, 700, 701)],
    ['of another kind', () => Buffer.from('{"jobs": []}')],
  ])('is read from the folders where its file is %s, and is made anew', async (_, damaged) => {
    await fill(80);
    await keepIndex();
    const whole = await readFile(indexFile());
    await writeFile(indexFile(), damaged(Buffer.from(whole)));
    const store = new FileSystemJobStore({ dir });
    await expectTruth(store);
    await store.close();
    expect((await readFile(indexFile())).length).toBeGreaterThan(whole.length / 2);
  });

  it('of no use where a folder, a link or nothing at all stands in its place', async () => {
    await fill(80);
    await mkdir(indexFile());
    const store = new FileSystemJobStore({ dir });
    await expectTruth(store);
    await store.close();
    await rm(join(dir, '.astro-jobs'), { recursive: true });
    const other = new FileSystemJobStore({ dir });
    await expectTruth(other);
    await other.close();
    // Who only looks leaves nothing behind.
    expect(await readdir(dir)).not.toContain('.astro-jobs');
  });

  it('knows no jobs in an empty directory, and passes over what is none', async () => {
    const store = new FileSystemJobStore({ dir });
    expect(await store.list()).toEqual({ jobs: [], damaged: [] });
    await mkdir(join(dir, newJobId()));
    await mkdir(join(dir, 'not-a-job'));
    await writeFile(join(dir, newJobId()), 'a file with the name of a job');
    const [early, late, whole] = [
      statusOf(0, { created_at: -5 }),
      statusOf(1, { created_at: 1.7e12 }),
      statusOf(2, { rate_key: 'λ\n"' }),
    ];
    for (const status of [early, late, whole]) await write(status);
    await cp(join(dir, whole.job_id), join(dir, newJobId()), { recursive: true });
    await expect.poll(async () => (await store.list()).jobs.length, { timeout: SHOWN_MS }).toBe(3);
    expect(await listed(store, { limit: 1 })).toEqual([late, whole, early].map((job) => job.job_id));
    expect(await listed(store, { rateKey: 'λ\n"' })).toEqual([whole.job_id]);
    expect((await store.list()).damaged).toHaveLength(1);
  });

  it('is right while several processes create, change and remove jobs, and are killed', {
    timeout: 120_000,
  }, async () => {
    await fill(100);
    const program = fileURLToPath(new URL('./changing.mjs', import.meta.url));
    const store = new FileSystemJobStore({ dir });
    const start = () => fork(program, [dir], { execArgv: [] });
    const children = Array.from({ length: 3 }, start);
    await Promise.all(children.map((child) => once(child, 'message')));
    for (let round = 0; round < 12; round++) {
      const ids = await listed(store);
      expect(new Set(ids).size).toBe(ids.length);
      await sleep(100);
      // In the middle of a change, or of writing the index.
      children[round % 3]!.kill('SIGKILL');
      children[round % 3] = start();
    }
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    // A change that its process did not live to publish is found in the history by whoever reads the job.
    for (const id of await listed(store)) await store.get(id);
    await sleep(SHOWN_MS);
    await expectTruth(store);
    const fresh = new FileSystemJobStore({ dir });
    await fresh.counts();
    await expectTruth(fresh);
    await Promise.all([store.close(), fresh.close()]);
  });
});
