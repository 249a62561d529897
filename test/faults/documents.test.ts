import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { nowSeconds, statusSchema } from '../../src/job/status.js';
import { claimed, failed, retried } from '../../src/job/transitions.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { newStatus, withFolder } from '../worker/scripted.js';
import { withFixture } from './fixture.js';

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('an image');
}

const long = { filename: `${'x'.repeat(90)}.jpg` };

describe('a status.json that another program has torn', () => {
  it.each([
    ['cut off', (path: string) => truncate(path, 40)],
    ['empty', (path: string) => truncate(path, 0)],
    ['no status', (path: string) => writeFile(path, '{"state": "thinking"}')],
    ['no JSON', (path: string) => writeFile(path, Buffer.from([0xff, 0x00, 0x7b]))],
    [
      'of 50 MB',
      async (path: string) => writeFile(path, `${await readFile(path, 'utf8')}${' '.repeat(50 * 2 ** 20)}`),
    ],
    ['of another job', (path: string) => writeFile(path, JSON.stringify(newStatus()))],
  ])('(%s) is reported, and hides no other job', (_what, tear) =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const statuses = Array.from({ length: 3 }, () => newStatus());
      for (const status of statuses) await store.create(status, bytes());
      const [torn, ...whole] = statuses.map(({ job_id }) => job_id);
      await tear(join(dir, torn!, 'status.json'));
      const fresh = new FileSystemJobStore({ dir });
      const page = await fresh.list();
      expect(page.jobs.map(({ job_id }) => job_id).sort()).toEqual(whole.sort());
      expect(page.damaged).toEqual([{ job_id: torn, problem: expect.any(String) }]);
      await expect(fresh.get(torn!)).rejects.toMatchObject({ code: 'corrupt_document' });
      expect((await fresh.runnable({ now: nowSeconds() + 1, limit: 9 })).sort()).toEqual(whole.sort());
      await fresh.sweep(0);
      expect(existsSync(join(dir, torn!, 'input'))).toBe(true);
      expect(await fresh.remove(torn!)).toBe(true);
      expect((await fresh.list()).damaged).toEqual([]);
    }),
  );

  it('is made whole from the history of the job, if there is one', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const status = newStatus();
      const { record } = await store.create(status, bytes());
      const lease = { token: 'a', worker: { host: 'x', pid: 1 }, leaseSeconds: 9 };
      const running = claimed(status, lease, nowSeconds());
      await store.replace(status.job_id, record.revision, running);
      const path = join(dir, status.job_id, 'status.json');
      await truncate(path, 25);
      expect((await store.get(status.job_id))?.status).toEqual(running);
      expect(statusSchema.parse(JSON.parse(await readFile(path, 'utf8')))).toMatchObject({
        state: 'processing',
      });
    }));
});

describe('a job folder without a status', () => {
  it('is left alone while it is young, and cleared away when it is old', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      await store.create(newStatus(), bytes());
      const [young, old] = [newJobId(), newJobId()];
      for (const id of [young, old]) {
        await mkdir(join(dir, id, 'input'), { recursive: true });
        await writeFile(join(dir, id, 'input', 'sky.jpg'), 'half a copy');
      }
      for (const path of ['input/sky.jpg', 'input', '.']) await utimes(join(dir, old, path), 1, 1);
      await store.sweep(3600);
      expect((await readdir(dir)).filter((name) => name === young || name === old)).toEqual([young]);
      expect((await store.list()).jobs.length).toBe(1);
    }));
});

describe('readers', () => {
  it('never see half a document while many write', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const status = newStatus(long);
      const id = status.job_id;
      await store.create(status, bytes());
      const kept = join(dir, '.kept');
      await writeFile(kept, 'x'.repeat(1000));
      let writing = true;
      const writer = async () => {
        const own = new FileSystemJobStore({ dir });
        for (let change = 0; change < 40; change += 1) {
          const record = (await own.get(id))!;
          const now = nowSeconds();
          const next =
            record.status.state === 'error'
              ? retried(record.status, now)
              : failed(record.status, 'no_solution', `because ${'y'.repeat(change * 50)}`, now);
          const outcome =
            next.state === 'error'
              ? {
                  result: { ok: false, error: next.message!, error_code: 'no_solution' } as const,
                  files: { 'solution.wcs': kept },
                }
              : undefined;
          await own.replace(id, record.revision, next, outcome);
        }
      };
      const seen = { statuses: 0, results: 0 };
      const reader = async () => {
        while (writing) {
          // As any other program reads them: without this library.
          const text = await readFile(join(dir, id, 'status.json'), 'utf8');
          expect(statusSchema.parse(JSON.parse(text)).job_id).toBe(id);
          seen.statuses += 1;
          const result = await readFile(join(dir, id, 'output', 'result.json'), 'utf8').catch(
            () => undefined,
          );
          if (result !== undefined) {
            expect(JSON.parse(result)).toMatchObject({ ok: false });
            seen.results += 1;
          }
          expect((await store.list()).damaged).toEqual([]);
        }
      };
      const readers = [reader(), reader()];
      await Promise.all([writer(), writer(), writer()]).finally(() => {
        writing = false;
      });
      await Promise.all(readers);
      expect(seen.statuses).toBeGreaterThan(10);
      expect(seen.results).toBeGreaterThan(0);
      await rm(kept);
    }));

  it('never see half a document of a worker that is killed', () =>
    withFixture(
      async (fixture) => {
        await fixture.solver('');
        const ids: string[] = [];
        for (let job = 0; job < 4; job += 1) ids.push((await fixture.submit()).job_id);
        let ended = false;
        const reader = (async () => {
          while (!ended) {
            for (const id of ids) {
              statusSchema.parse(
                JSON.parse(await readFile(join(fixture.jobsDir, id, 'status.json'), 'utf8')),
              );
            }
          }
        })();
        for (let kill = 0; kill < 2; kill += 1) {
          const worker = await fixture.worker({ concurrency: 4, maxAttempts: 50 });
          worker.kill('SIGKILL');
          await worker.ended;
        }
        await fixture.worker({ concurrency: 4, maxAttempts: 50 });
        for (const id of ids) expect(await fixture.jobs.wait(id)).toMatchObject({ ok: true });
        ended = true;
        await reader;
      },
      { maxAttempts: 50 },
    ));
});
