import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newJobId } from '../job/id.js';
import { parseParams } from '../job/params.js';
import { isSettled, type JobStatus, nowSeconds } from '../job/status.js';
import { cancelRequested, claimed } from '../job/transitions.js';
import { isProcessAlive } from '../process/machine.js';
import type { TestRunner } from '../store/contract.js';
import type { JobStore } from '../store/job-store.js';
import type { JobQueue } from './job-queue.js';

/** How the suite wants its queue. */
export interface QueueWanted {
  /** Jobs side by side in all. */
  concurrency: number;
  /** The external extraction script that the workers run; takes `downsample` tenths of a second. */
  extractorBin: string;
  /** Lease of the workers; short, so that the suite is. */
  leaseSeconds: number;
}

/** A queue to test, attached to an empty store, with somebody who runs its jobs. */
export interface QueueUnderTest {
  store: JobStore;
  queue: JobQueue;
  /** Whether `queue.close` stops the jobs; `false` if they run in processes that live on. */
  runsHere: boolean;
  dispose(): Promise<void>;
}

const LEASE_SECONDS = 2;
const PATIENCE_MS = 20_000;

/** Notes when and as which process it ran, waits, and prints a result that names the image's content. */
const EXTRACTOR = `#!/bin/sh
image=$2
while [ $# -gt 0 ]; do [ "$1" = --downsample ] && tenths=$2; shift; done
sum=$(cksum < "$image" | cut -d' ' -f1)
echo "$sum $$" >> "$(dirname "$0")/runs"
sleep $((tenths / 10)).$((tenths % 10))
printf '{"ok": true, "filename": "sky.pgm", "capture": {"object": "%s"}, "astrometry": {"ra_center": 1, "dec_center": 2,
"fov_deg": [3, 2], "pixscale_arcsec": 4, "orientation_deg": 5, "objects": []}}\\n' "$sum"
`;

function image(): Uint8Array {
  return Buffer.concat([Buffer.from('P5 16 16 255\n'), randomBytes(256)]);
}

function newStatus(tenths: number, fields: Partial<JobStatus>): JobStatus {
  const now = nowSeconds();
  return {
    job_id: newJobId(),
    state: 'queued',
    message: null,
    params: parseParams({ solver: 'external', downsample: tenths }),
    created_at: now,
    updated_at: now,
    filename: 'sky.pgm',
    attempts: 0,
    max_attempts: 3,
    ...fields,
  };
}

/**
 * What every `JobQueue` promises, as tests. `make` is given the solver's stand-in and returns the queue with its workers.
 *
 * @example
 * describeQueue({ describe, it }, 'MyQueue', async (wanted) => ({ store, queue, runsHere: true, dispose }));
 */
export function describeQueue(
  runner: TestRunner,
  name: string,
  make: (wanted: QueueWanted) => Promise<QueueUnderTest>,
): void {
  interface Scene extends QueueUnderTest {
    submit(tenths: number, fields?: Partial<JobStatus>): Promise<JobStatus>;
    store: JobStore;
    settled(id: string): Promise<JobStatus>;
    /** Checksum and process id of each run, in the order of their starts. */
    runs(): Promise<{ sum: string; pid: number }[]>;
  }
  const it = (what: string, concurrency: number, body: (scene: Scene) => Promise<void>) =>
    runner.it(what, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'queue-contract-'));
      const extractorBin = join(folder, 'extractor');
      await writeFile(extractorBin, EXTRACTOR, { mode: 0o755 });
      const under = await make({ concurrency, extractorBin, leaseSeconds: LEASE_SECONDS });
      const { store, queue } = under;
      const create = async (tenths: number, fields: Partial<JobStatus>) => {
        const bytes = image();
        return (await store.create(newStatus(tenths, fields), one(bytes))).record.status;
      };
      try {
        await body({
          ...under,
          submit: async (tenths, fields = {}) => {
            const status = await create(tenths, fields);
            await queue.enqueue(status);
            return status;
          },
          settled: (id) => settled(store, id),
          runs: async () => {
            const text = await readFile(join(folder, 'runs'), 'utf8').catch(() => '');
            const lines = text.split('\n').filter((line) => line !== '');
            return lines.map((line) => ({ sum: line.split(' ')[0]!, pid: Number(line.split(' ')[1]) }));
          },
        });
      } finally {
        await under.dispose();
        await rm(folder, { recursive: true, force: true });
      }
    });

  runner.describe(`${name} keeps the promises of a JobQueue`, () => {
    it('runs what was enqueued, each job once, each with its own image', 2, async (scene) => {
      const jobs = await Promise.all(Array.from({ length: 6 }, () => scene.submit(1)));
      for (const job of jobs) await scene.queue.enqueue(job);
      const sums = new Set<string>();
      for (const { job_id } of jobs) {
        const status = await scene.settled(job_id);
        assert.equal(status.state, 'done', status.message ?? '');
        assert.equal(status.attempts, 1);
        const result = (await scene.store.result(job_id)) as { capture: { object: string } };
        sums.add(result.capture.object);
      }
      assert.equal(sums.size, jobs.length);
      assert.deepEqual(new Set((await scene.runs()).map(({ sum }) => sum)), sums);
      assert.equal((await scene.runs()).length, jobs.length);
    });

    it('runs no more jobs side by side than it may', 2, async (scene) => {
      const jobs = await Promise.all(Array.from({ length: 6 }, () => scene.submit(3)));
      const ends = await Promise.all(jobs.map(({ job_id }) => scene.settled(job_id)));
      for (const at of ends) {
        const beside = ends.filter(
          (job) => job.started_at! <= at.started_at! && job.finished_at! > at.started_at!,
        );
        assert.ok(beside.length <= 2, `${beside.length} ran at once`);
      }
    });

    it('runs higher priority first, then first in, first out', 1, async (scene) => {
      const first = await scene.submit(8);
      await until(async () => (await scene.runs()).length === 1);
      const order = [];
      for (const priority of [0, 0, 9, -9]) order.push(await scene.submit(1, { priority }));
      const ends = await Promise.all(order.map(({ job_id }) => scene.settled(job_id)));
      assert.equal((await scene.settled(first.job_id)).state, 'done');
      const [a, b, high, low] = ends.map((status) => status.started_at!);
      assert.ok(high! < a! && a! < b! && b! < low!, `started at ${[high, a, b, low].join(' ')}`);
    });

    it('runs nothing before its time', 1, async (scene) => {
      const due = nowSeconds() + 1.5;
      const later = await scene.submit(1, { not_before: due });
      const now = await scene.submit(1);
      assert.equal((await scene.settled(now.job_id)).state, 'done');
      assert.equal((await scene.store.get(later.job_id))?.status.state, 'queued');
      const end = await scene.settled(later.job_id);
      assert.ok(end.started_at! >= due, `started ${due - end.started_at!} s early`);
    });

    it('runs a job that nobody enqueued, once it is woken', 1, async (scene) => {
      const status = newStatus(1, {});
      await scene.store.create(status, one(image()));
      await until(async () => {
        scene.queue.wake();
        return isSettled((await scene.store.get(status.job_id))!.status);
      });
      assert.equal((await scene.settled(status.job_id)).state, 'done');
    });

    it('takes up the job of a worker that is gone, after its lease', 1, async (scene) => {
      const status = newStatus(1, {});
      const { record } = await scene.store.create(status, one(image()));
      const gone = { token: newJobId(), worker: { host: 'elsewhere', pid: 1 }, leaseSeconds: 1 };
      const held = claimed(record.status, gone, nowSeconds());
      assert.equal(await scene.store.replace(status.job_id, record.revision, held), true);
      await until(async () => {
        scene.queue.wake();
        return isSettled((await scene.store.get(status.job_id))!.status);
      });
      const end = await scene.settled(status.job_id);
      assert.equal(end.state, 'done');
      assert.equal(end.attempts, 2);
      assert.ok(end.started_at! - held.started_at! >= 0.9, 'not before the lease ended');
    });

    it('ends a running job that is cancelled, its process included', 1, async (scene) => {
      const { job_id } = await scene.submit(60);
      await until(async () => (await scene.runs()).length === 1);
      await until(async () => {
        const record = (await scene.store.get(job_id))!;
        return scene.store.replace(job_id, record.revision, cancelRequested(record.status, nowSeconds()));
      });
      await scene.queue.cancelled(job_id);
      const end = await scene.settled(job_id);
      assert.equal(end.error?.code, 'cancelled');
      const [run] = await scene.runs();
      await until(async () => !isProcessAlive(run!.pid));
      const next = await scene.submit(1);
      assert.equal((await scene.settled(next.job_id)).state, 'done');
    });

    it('gives running jobs back when it is closed', 1, async (scene) => {
      const { job_id } = await scene.submit(60);
      const waiting = await scene.submit(1);
      await until(async () => (await scene.runs()).length === 1);
      await scene.queue.close({ deadlineMs: 0 });
      const { status } = (await scene.store.get(job_id))!;
      const [run] = await scene.runs();
      if (scene.runsHere) {
        assert.deepEqual([status.state, status.attempts], ['queued', 0]);
        await until(async () => !isProcessAlive(run!.pid));
      } else {
        assert.equal(status.state, 'processing');
        assert.ok(isProcessAlive(run!.pid));
      }
      assert.equal((await scene.store.get(waiting.job_id))?.status.state, 'queued');
    });

    it('lets running jobs end when it is closed with time', 1, async (scene) => {
      const { job_id } = await scene.submit(5);
      await until(async () => (await scene.runs()).length === 1);
      await scene.queue.close({ deadlineMs: 10_000 });
      assert.equal((await scene.settled(job_id)).state, 'done');
    });
  });
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await check())) {
    assert.ok(Date.now() < deadline, 'It did not happen in time');
    await sleep(30);
  }
}

async function settled(store: JobStore, id: string): Promise<JobStatus> {
  let status: JobStatus | undefined;
  await until(async () => {
    status = (await store.get(id))?.status;
    return status !== undefined && isSettled(status);
  });
  return status!;
}
