import type * as FsPromises from 'node:fs/promises';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nowSeconds } from '../../src/job/status.js';
import { claimed, failed, retried } from '../../src/job/transitions.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { newStatus, withFolder } from '../worker/scripted.js';

const opened = vi.hoisted(() => ({ count: 0 }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FsPromises>();
  const open = (...args: Parameters<typeof real.open>) => {
    opened.count += 1;
    return real.open(...args);
  };
  return { ...real, open };
});

async function* image(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(100, 7);
}

const running = (status: ReturnType<typeof newStatus>) =>
  claimed(status, { token: 'a', worker: { host: 'x', pid: 1 }, leaseSeconds: 30 }, nowSeconds());

describe('a status that was read or written before', () => {
  beforeEach(() => {
    opened.count = 0;
  });

  it('is not read again while nothing has changed', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const { record } = await store.create(newStatus({ attempts: 0 }), image());
      const { job_id } = record.status;
      opened.count = 0;
      expect(await store.get(job_id)).toEqual(record);
      expect(opened.count).toBe(0);
      const held = await store.replace(job_id, record.revision, running(record.status));
      opened.count = 0;
      expect((await store.get(job_id))?.status).toEqual(held?.status);
      expect(opened.count).toBe(0);
    }));

  it('belongs to its caller, who may change it', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const { job_id } = (await store.create(newStatus(), image())).record.status;
      const first = await store.get(job_id);
      first!.status.params.scale_low = 99;
      expect((await store.get(job_id))?.status.params.scale_low).not.toBe(99);
    }));

  it('gives way at once to every change of another program', () =>
    withFolder(async (dir) => {
      const [store, other] = [new FileSystemJobStore({ dir }), new FileSystemJobStore({ dir })];
      const { record } = await store.create(newStatus(), image());
      const { job_id } = record.status;
      const path = join(dir, job_id, 'status.json');
      const state = async () => (await store.get(job_id))?.status.state;
      expect(await state()).toBe('queued');

      const held = await other.replace(job_id, record.revision, running(record.status));
      expect(await state()).toBe('processing');
      expect(await store.replace(job_id, record.revision, running(record.status))).toBeUndefined();
      const end = failed(held!.status, 'no_solution', 'no', nowSeconds());
      const settled = await other.replace(job_id, held!.revision, end);
      expect(await state()).toBe('error');
      await other.replace(job_id, settled!.revision, retried(end, nowSeconds()));
      expect(await state()).toBe('queued');

      const foreign = {
        ...JSON.parse(await readFile(path, 'utf8')),
        state: 'done',
        updated_at: nowSeconds() + 1,
      };
      delete foreign.revision;
      await writeFile(`${path}.new`, JSON.stringify(foreign));
      await rename(`${path}.new`, path);
      expect(await state()).toBe('done');
      await writeFile(
        path,
        JSON.stringify({ ...foreign, state: 'processing', updated_at: nowSeconds() + 2 }),
      );
      expect(await state()).toBe('processing');
      await rm(join(dir, job_id), { recursive: true });
      expect(await store.get(job_id)).toBeUndefined();
    }));

  it('gives way to a change whose maker died before it was published', () =>
    withFolder(async (dir) => {
      const [store, other] = [new FileSystemJobStore({ dir }), new FileSystemJobStore({ dir })];
      const { record } = await store.create(newStatus(), image());
      const { job_id } = record.status;
      const path = join(dir, job_id, 'status.json');
      const before = join(dir, 'before.json');
      await writeFile(before, await readFile(path));
      await other.replace(job_id, record.revision, running(record.status));
      await rename(before, path);
      expect((await store.get(job_id))?.status.state).toBe('processing');
    }));
});
