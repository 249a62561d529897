import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newJobId } from '../job/id.js';
import { parseParams } from '../job/params.js';
import type { JobResult } from '../job/result.js';
import { type JobStatus, nowSeconds } from '../job/status.js';
import { claimed, failed, released, retried, solved } from '../job/transitions.js';
import type { JobRecord, JobStore, StoredFile } from './job-store.js';

/** The two verbs of a test runner that the suite needs; vitest, node:test, mocha and jest all have them. */
export interface TestRunner {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** A store to test, empty, and how to let go of it. */
export interface StoreUnderTest {
  store: JobStore;
  dispose(): Promise<void>;
}

const IMAGE = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));

async function* chunks(data: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

async function contentOf(
  file: StoredFile | undefined,
  range?: { start?: number; end?: number },
): Promise<Buffer> {
  assert.ok(file, 'the file is there');
  const parts: Buffer[] = [];
  for await (const part of file.read(range)) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

function newStatus(fields: Partial<JobStatus> = {}): JobStatus {
  const now = nowSeconds();
  return {
    job_id: newJobId(),
    state: 'queued',
    message: null,
    params: parseParams({}),
    created_at: now,
    updated_at: now,
    filename: 'sky.jpg',
    max_attempts: 3,
    ...fields,
  };
}

function claimant(leaseSeconds = 60, token: string = newJobId()) {
  return { token, worker: { host: 'elsewhere', pid: 1 }, leaseSeconds };
}

const RESULT: JobResult = {
  ok: false,
  error: 'nothing there',
  error_code: 'no_solution',
  filename: 'sky.jpg',
};

/**
 * What every `JobStore` promises, as tests. For authors of stores:
 *
 * @example
 * describeStore({ describe, it }, 'MyStore', async () => ({ store: new MyStore(), dispose: async () => {} }));
 */
export function describeStore(runner: TestRunner, name: string, make: () => Promise<StoreUnderTest>): void {
  const { describe } = runner;
  const it = (what: string, body: (store: JobStore) => Promise<void>) =>
    runner.it(what, async () => {
      const { store, dispose } = await make();
      try {
        await body(store);
      } finally {
        await dispose();
      }
    });
  const create = async (store: JobStore, fields?: Partial<JobStatus>): Promise<JobRecord> =>
    (await store.create(newStatus(fields), chunks(IMAGE))).record;
  const claim = async (store: JobStore, record: JobRecord, lease = claimant()): Promise<JobRecord> => {
    const { job_id } = record.status;
    assert.equal(
      await store.replace(job_id, record.revision, claimed(record.status, lease, nowSeconds())),
      true,
    );
    return (await store.get(job_id))!;
  };

  describe(`${name} keeps the promises of a JobStore`, () => {
    describe('create', () => {
      it('keeps the status and the image byte for byte', async (store) => {
        const status = newStatus({ filename: 'Ünïcode sky (1).jpg', priority: 3 });
        const { record, created } = await store.create(status, chunks(IMAGE));
        assert.equal(created, true);
        assert.deepEqual(record.status, status);
        assert.deepEqual((await store.get(status.job_id))?.status, status);
        const image = await store.image(status.job_id);
        assert.equal(image?.size, IMAGE.length);
        assert.equal(image?.name, 'Ünïcode sky (1).jpg');
        assert.deepEqual(await contentOf(image), IMAGE);
        assert.deepEqual(await contentOf(image, { start: 999, end: 1000 }), IMAGE.subarray(999, 1001));
      });

      it('returns the job that is there already, unchanged', async (store) => {
        const first = await create(store);
        const again = await store.create(
          { ...first.status, filename: 'other.jpg' },
          chunks(Buffer.from('other')),
        );
        assert.equal(again.created, false);
        assert.deepEqual(again.record.status, first.status);
        assert.deepEqual(await contentOf(await store.image(first.status.job_id)), IMAGE);
      });

      it('makes one job of many simultaneous calls with one id', async (store) => {
        const status = newStatus();
        const all = await Promise.all(Array.from({ length: 5 }, () => store.create(status, chunks(IMAGE))));
        assert.equal(all.filter(({ created }) => created).length, 1);
        assert.equal((await store.list()).jobs.length, 1);
      });

      it('leaves nothing when the image fails half-way', async (store) => {
        const status = newStatus();
        async function* broken(): AsyncGenerator<Uint8Array> {
          yield IMAGE;
          throw new Error('the connection broke');
        }
        await assert.rejects(store.create(status, broken()));
        assert.equal(await store.get(status.job_id), undefined);
        assert.deepEqual((await store.list()).jobs, []);
        assert.deepEqual(await store.runnable({ now: nowSeconds() + 1, limit: 10 }), []);
      });
    });

    describe('replace', () => {
      it('lets exactly one of many simultaneous changes through', async (store) => {
        const record = await create(store);
        const { job_id } = record.status;
        const claims = Array.from({ length: 10 }, () => claimed(record.status, claimant(), nowSeconds()));
        const won = await Promise.all(claims.map((next) => store.replace(job_id, record.revision, next)));
        assert.equal(won.filter(Boolean).length, 1);
        const now = (await store.get(job_id))!;
        assert.equal(now.status.lease?.token, claims[won.indexOf(true)]?.lease?.token);
        assert.ok(now.revision > record.revision);
        assert.ok(now.leaseRemaining! > 50 && now.leaseRemaining! <= 60);
      });

      it('refuses a worker whose job was taken over, result and files included', async (store) => {
        const first = await claim(store, await create(store));
        const second = await claim(store, first);
        const outcome = { result: RESULT, files: {} };
        const late = failed(first.status, 'no_solution', 'late', nowSeconds());
        assert.equal(await store.replace(first.status.job_id, first.revision, late, outcome), false);
        assert.deepEqual(
          await store.get(first.status.job_id).then((record) => record?.status),
          second.status,
        );
        assert.equal(await store.result(first.status.job_id), undefined);
        assert.deepEqual(await store.files(first.status.job_id), []);
      });

      it('publishes result and files together with the status, and takes them away on retry', async (store) => {
        const folder = await mkdtemp(join(tmpdir(), 'store-contract-'));
        try {
          const wcs = join(folder, 'a.wcs');
          await writeFile(wcs, 'SIMPLE  =                    T');
          const { status, revision } = await claim(store, await create(store));
          const settled = failed(status, 'no_solution', 'nothing there', nowSeconds());
          const outcome = { result: RESULT, files: { 'solution.wcs': wcs } };
          assert.equal(await store.replace(status.job_id, revision, settled, outcome), true);
          assert.deepEqual(await store.result(status.job_id), RESULT);
          const files = await store.files(status.job_id);
          assert.deepEqual(
            files.map((file) => file.name),
            ['result.json', 'solution.wcs'],
          );
          assert.equal((await contentOf(files[1])).toString(), 'SIMPLE  =                    T');
          const record = (await store.get(status.job_id))!;
          assert.equal(record.leaseRemaining, undefined);
          assert.equal(
            await store.replace(status.job_id, record.revision, retried(record.status, nowSeconds())),
            true,
          );
          assert.equal(await store.result(status.job_id), undefined);
          assert.deepEqual(await store.files(status.job_id), []);
          assert.deepEqual(await contentOf(await store.image(status.job_id)), IMAGE);
        } finally {
          await rm(folder, { recursive: true });
        }
      });

      it('says no for a job that is gone', async (store) => {
        const { status, revision } = await claim(store, await create(store));
        assert.equal(await store.remove(status.job_id), true);
        assert.equal(
          await store.replace(status.job_id, revision, solved(status, 'late', nowSeconds())),
          false,
        );
        assert.equal(await store.get(status.job_id), undefined);
      });

      it('never uses a revision twice, not even for an id that was removed', async (store) => {
        const first = await claim(store, await create(store));
        await store.remove(first.status.job_id);
        const again = await create(store, { job_id: first.status.job_id, created_at: nowSeconds() + 1 });
        assert.notEqual(again.revision, first.revision);
        const late = solved(first.status, 'late', nowSeconds());
        assert.equal(await store.replace(first.status.job_id, first.revision, late), false);
        assert.equal((await store.get(first.status.job_id))?.status.state, 'queued');
      });
    });

    describe('renew', () => {
      it('starts the lease anew and shows progress', async (store) => {
        const { status, revision } = await claim(store, await create(store), claimant(2));
        await new Promise((resolve) => setTimeout(resolve, 700));
        assert.equal(await store.renew(status.job_id, revision, { stage: 'solving', fraction: 0.5 }), true);
        const record = await store.get(status.job_id);
        assert.deepEqual(record?.status.progress, { stage: 'solving', fraction: 0.5 });
        assert.equal(record?.revision, revision);
        assert.ok(record.leaseRemaining! > 1.5, `renewed, ${record.leaseRemaining} s left`);
      });

      it('says no once somebody else has the job, and changes nothing', async (store) => {
        const first = await claim(store, await create(store));
        const second = await claim(store, first);
        assert.equal(await store.renew(first.status.job_id, first.revision, { stage: 'late' }), false);
        assert.deepEqual((await store.get(first.status.job_id))?.status, second.status);
        assert.equal(await store.renew(newJobId(), first.revision), false);
      });
    });

    describe('runnable', () => {
      it('gives higher priority first, then first in, first out, and nothing before its time', async (store) => {
        const now = nowSeconds();
        const at = (seconds: number, fields: Partial<JobStatus> = {}) =>
          create(store, { created_at: now + seconds, ...fields });
        const second = await at(0.002);
        const first = await at(0.001);
        const urgent = await at(0.003, { priority: 5 });
        const later = await at(0, { not_before: now + 1000 });
        const ids = (records: JobRecord[]) => records.map((record) => record.status.job_id);
        assert.deepEqual(await store.runnable({ now: now + 1, limit: 10 }), ids([urgent, first, second]));
        assert.deepEqual(await store.runnable({ now: now + 1, limit: 1 }), ids([urgent]));
        assert.deepEqual(
          await store.runnable({ now: now + 1001, limit: 10 }),
          ids([urgent, first, second, later]),
        );
      });

      it('leaves running jobs alone until their lease has ended', async (store) => {
        const { status, revision } = await claim(store, await create(store), claimant(0.4));
        assert.deepEqual(await store.runnable({ now: nowSeconds(), limit: 10 }), []);
        await new Promise((resolve) => setTimeout(resolve, 600));
        assert.deepEqual(await store.runnable({ now: nowSeconds(), limit: 10 }), [status.job_id]);
        assert.equal(await store.renew(status.job_id, revision), true);
        assert.deepEqual(await store.runnable({ now: nowSeconds(), limit: 10 }), []);
      });

      it('gives back what was released, and forgets what is settled', async (store) => {
        const running = await claim(store, await create(store));
        const { job_id } = running.status;
        assert.equal(
          await store.replace(job_id, running.revision, released(running.status, nowSeconds())),
          true,
        );
        assert.deepEqual(await store.runnable({ now: nowSeconds() + 1, limit: 10 }), [job_id]);
        const again = await claim(store, (await store.get(job_id))!);
        const end = failed(again.status, 'no_solution', 'no', nowSeconds());
        assert.equal(await store.replace(job_id, again.revision, end, { result: RESULT, files: {} }), true);
        assert.deepEqual(await store.runnable({ now: nowSeconds() + 1, limit: 10 }), []);
      });
    });

    describe('list and counts', () => {
      it('pages through all jobs, newest first, each once', async (store) => {
        const now = nowSeconds();
        const made: string[] = [];
        for (let index = 0; index < 7; index += 1) {
          made.unshift((await create(store, { created_at: now + index / 1000 })).status.job_id);
        }
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.list({ limit: 3, after });
          assert.ok(page.jobs.length <= 3);
          seen.push(...page.jobs.map((job) => job.job_id));
          after = page.next;
        } while (after !== undefined);
        assert.deepEqual(seen, made);
      });

      it('filters by state and counts', async (store) => {
        const running = await claim(store, await create(store));
        await create(store);
        const { jobs } = await store.list({ states: ['processing'] });
        assert.deepEqual(
          jobs.map((job) => job.job_id),
          [running.status.job_id],
        );
        assert.equal((await store.list({ states: ['done', 'error'] })).jobs.length, 0);
        assert.deepEqual(await store.counts(), { queued: 1, processing: 1, done: 0, error: 0 });
      });
    });

    describe('log', () => {
      it('keeps every call whole and in order', async (store) => {
        const { status } = await create(store);
        for (let line = 0; line < 20; line += 1) await store.appendLog(status.job_id, `line ${line} ✓\n`);
        const expected = Array.from({ length: 20 }, (_, line) => `line ${line} ✓\n`).join('');
        assert.equal((await contentOf(await store.log(status.job_id))).toString(), expected);
        assert.equal((await contentOf(await store.log(status.job_id), { start: 5, end: 5 })).toString(), '0');
      });

      it('takes nothing for a job that is not there', async (store) => {
        const id = newJobId();
        await store.appendLog(id, 'nobody reads this');
        assert.equal(await store.log(id), undefined);
        assert.equal(await store.get(id), undefined);
      });
    });

    describe('remove', () => {
      it('takes everything with it, once', async (store) => {
        const { status } = await create(store);
        assert.equal(await store.remove(status.job_id), true);
        assert.equal(await store.remove(status.job_id), false);
        assert.equal(await store.get(status.job_id), undefined);
        assert.equal(await store.image(status.job_id), undefined);
        assert.equal(await store.log(status.job_id), undefined);
        assert.deepEqual(await store.files(status.job_id), []);
        assert.deepEqual((await store.list()).jobs, []);
        assert.deepEqual(await store.runnable({ now: nowSeconds() + 1, limit: 10 }), []);
      });
    });

    it('leaves jobs alone when it sweeps', async (store) => {
      const waiting = await create(store);
      const running = await claim(store, await create(store));
      await store.sweep(0);
      assert.deepEqual((await store.get(waiting.status.job_id))?.status, waiting.status);
      assert.deepEqual((await store.get(running.status.job_id))?.status, running.status);
      assert.deepEqual(await contentOf(await store.image(waiting.status.job_id)), IMAGE);
    });
  });
}
