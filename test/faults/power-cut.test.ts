import { readdirSync, readFileSync } from 'node:fs';
import type * as FsPromises from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isJobId } from '../../src/job/id.js';
import { nowSeconds, statusSchema } from '../../src/job/status.js';
import { claimed, failed, retried } from '../../src/job/transitions.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { newStatus, withFolder } from '../worker/scripted.js';

// A machine that loses its power cannot be had on demand: here every call into the file system after the nth fails, the
// clean-up of the interrupted verb included, and what is then on the disk is what the next program finds.
const power = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, used: 0 }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FsPromises>();
  const spend = () => {
    power.used += 1;
    power.left -= 1;
    if (power.left < 0) throw new Error('the power is gone');
  };
  const metered =
    (call: (...args: never[]) => unknown) =>
    async (...args: never[]) => {
      spend();
      return call(...args);
    };
  const open = async (...args: Parameters<typeof real.open>) => {
    spend();
    const handle = await real.open(...args);
    const close = handle.close.bind(handle);
    // Closing is free: a dead process keeps no handles, and the test must not leak them.
    return new Proxy(handle, {
      get: (target, name) => {
        if (name === 'close') return close;
        const member = Reflect.get(target, name) as unknown;
        return typeof member === 'function' ? metered(member.bind(target) as never) : member;
      },
    });
  };
  const names = ['rename', 'link', 'rm', 'mkdir', 'chmod', 'utimes', 'readdir', 'lstat', 'stat'] as const;
  return { ...real, open, ...Object.fromEntries(names.map((name) => [name, metered(real[name] as never)])) };
});

async function* image(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(5000, 7);
  yield Buffer.alloc(5000, 8);
}

/** Runs `act` with power for `calls` calls; `true` if it got to its end. */
async function withPower(calls: number, act: () => Promise<unknown>): Promise<boolean> {
  power.left = calls;
  try {
    await act();
    return true;
  } catch {
    return false;
  } finally {
    power.left = Number.POSITIVE_INFINITY;
  }
}

/** Cuts the power after each call in turn, until `act` gets through; `check` looks at what is left each time. */
async function cutEverywhere(
  prepare: (dir: string) => Promise<(store: FileSystemJobStore) => Promise<unknown>>,
  check: (dir: string, finished: boolean) => Promise<void>,
): Promise<number> {
  for (let calls = 0; ; calls += 1) {
    const finished = await withFolder(async (dir) => {
      const act = await prepare(dir);
      const done = await withPower(calls, () => act(new FileSystemJobStore({ dir })));
      for (const id of readdirSync(dir).filter(isJobId)) {
        const text = readFileSync(join(dir, id, 'status.json'), 'utf8');
        expect(statusSchema.safeParse(JSON.parse(text)).success, `status.json after ${calls} calls`).toBe(
          true,
        );
      }
      await check(dir, done);
      return done;
    });
    if (finished) return calls;
  }
}

const RESULT = { ok: false, error: 'no', error_code: 'no_solution', filename: 'sky.jpg' } as const;

describe('when the power goes between any two system calls', () => {
  it('a job is there whole or not at all, and what was acknowledged is run', async () => {
    const status = newStatus();
    const cuts = await cutEverywhere(
      async () => (store) => store.create(status, image()),
      async (dir, finished) => {
        const store = new FileSystemJobStore({ dir });
        const record = await store.get(status.job_id);
        if (finished) expect(record).toBeDefined();
        if (!record) {
          expect(await store.list()).toEqual({ jobs: [], damaged: [] });
          expect(await store.runnable({ now: nowSeconds() + 100, limit: 5 })).toEqual([]);
          return;
        }
        expect((await store.image(status.job_id))?.size).toBe(10_000);
        expect(await store.runnable({ now: nowSeconds() + 1, limit: 5 })).toEqual([status.job_id]);
      },
    );
    expect(cuts).toBeGreaterThan(20);
  });

  it('a claim was made or was not, and the job can be run either way', async () => {
    const status = newStatus();
    const token = 'the first';
    const cuts = await cutEverywhere(
      async (dir) => {
        const { record } = await new FileSystemJobStore({ dir }).create(status, image());
        const next = claimed(
          status,
          { token, worker: { host: 'x', pid: 1 }, leaseSeconds: 0.001 },
          nowSeconds(),
        );
        return (store) => store.replace(status.job_id, record.revision, next);
      },
      async (dir) => {
        const store = new FileSystemJobStore({ dir });
        const record = (await store.get(status.job_id))!;
        expect(['queued', 'processing']).toContain(record.status.state);
        await new Promise((resolve) => setTimeout(resolve, 3));
        expect(await store.runnable({ now: nowSeconds() + 1, limit: 5 })).toEqual([status.job_id]);
        const again = claimed(
          record.status,
          { token: 'b', worker: { host: 'y', pid: 1 }, leaseSeconds: 9 },
          nowSeconds(),
        );
        expect(await store.replace(status.job_id, record.revision, again)).toBeDefined();
        expect((await store.get(status.job_id))?.status.lease?.token).toBe('b');
      },
    );
    expect(cuts).toBeGreaterThan(8);
  });

  it('a result is there with its status or not at all', async () => {
    const status = newStatus();
    await cutEverywhere(
      async (dir) => {
        const store = new FileSystemJobStore({ dir });
        const { record } = await store.create(status, image());
        const running = claimed(
          status,
          { token: 'a', worker: { host: 'x', pid: 1 }, leaseSeconds: 0.001 },
          nowSeconds(),
        );
        await store.replace(status.job_id, record.revision, running);
        const end = failed(running, 'no_solution', 'no', nowSeconds());
        return (cut) => cut.replace(status.job_id, record.revision + 1, end, { result: RESULT, files: {} });
      },
      async (dir, finished) => {
        const store = new FileSystemJobStore({ dir });
        const { state } = (await store.get(status.job_id))!.status;
        if (finished) expect(state).toBe('error');
        expect(await store.result(status.job_id)).toEqual(state === 'error' ? RESULT : undefined);
        await new Promise((resolve) => setTimeout(resolve, 3));
        const runnable = await store.runnable({ now: nowSeconds() + 1, limit: 5 });
        expect(runnable).toEqual(state === 'error' ? [] : [status.job_id]);
        await store.sweep(0);
        expect(readdirSync(join(dir, '.astro-jobs', 'scratch'))).toEqual([]);
        expect(await store.result(status.job_id)).toEqual(state === 'error' ? RESULT : undefined);
      },
    );
  });

  it('a retried job waits in the queue, or is still the failed one with its result', async () => {
    const status = newStatus();
    await cutEverywhere(
      async (dir) => {
        const store = new FileSystemJobStore({ dir });
        const { record } = await store.create(status, image());
        const end = failed(status, 'no_solution', 'no', nowSeconds());
        await store.replace(status.job_id, record.revision, end, { result: RESULT, files: {} });
        return (cut) => cut.replace(status.job_id, record.revision + 1, retried(end, nowSeconds()));
      },
      async (dir) => {
        const store = new FileSystemJobStore({ dir });
        const { state } = (await store.get(status.job_id))!.status;
        expect(await store.result(status.job_id)).toEqual(state === 'error' ? RESULT : undefined);
        const runnable = await store.runnable({ now: nowSeconds() + 1, limit: 5 });
        expect(runnable).toEqual(state === 'queued' ? [status.job_id] : []);
      },
    );
  });

  it('a removed job is there whole or gone, and its rest is swept', async () => {
    const status = newStatus();
    await cutEverywhere(
      async (dir) => {
        await new FileSystemJobStore({ dir }).create(status, image());
        return (store) => store.remove(status.job_id);
      },
      async (dir) => {
        const store = new FileSystemJobStore({ dir });
        const there = (await store.get(status.job_id)) !== undefined;
        expect((await store.image(status.job_id)) !== undefined).toBe(there);
        await store.sweep(0);
        expect(readdirSync(join(dir, '.astro-jobs', 'scratch'))).toEqual([]);
        expect((await store.get(status.job_id)) !== undefined).toBe(there);
      },
    );
  });
});
