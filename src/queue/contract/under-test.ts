import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newJobId } from '../../job/id.js';
import { parseParams } from '../../job/params.js';
import { asStatus, isSettled, type JobStatus, nowSeconds } from '../../job/status.js';
import type { JobStore } from '../../store/job-store.js';
import type { JobQueue } from '../job-queue.js';

/** How the suite wants its queue. */
export interface QueueWanted {
  /** Jobs side by side in all. */
  concurrency: number;
  /** The external extraction script that the workers run; takes `downsample` tenths of a second. */
  extractorBin: string;
  /** Lease of the workers; short, so that the suite is. */
  leaseSeconds: number;
}

/** A queue to test, attached to an empty store, with a worker that runs its jobs. */
export interface QueueUnderTest {
  /** The store of its jobs. */
  store: JobStore;
  /** The queue that is tested. */
  queue: JobQueue;
  /** Whether `queue.close` stops the jobs; `false` if they run in processes that live on. */
  runsHere: boolean;
  /** Lets go of what was opened for the test. */
  dispose(): Promise<void>;
}

/** One run of a job: checksum of its image, and the process. */
export interface JobRun {
  sum: string;
  pid: number;
}

/** A queue under test, and what a test does with it. */
export interface Scene extends QueueUnderTest {
  /** Stores a job that takes so many tenths of a second, without telling the queue. */
  create(tenths: number, fields?: Partial<JobStatus>): Promise<JobStatus>;
  /** Stores and enqueues it. */
  submit(tenths: number, fields?: Partial<JobStatus>): Promise<JobStatus>;
  status(id: string): Promise<JobStatus>;
  /** The status when the job is settled. */
  settled(id: string): Promise<JobStatus>;
  /** All runs so far, in the order of their starts. */
  runs(): Promise<JobRun[]>;
  /** The first run, when it has started. */
  firstRun(): Promise<JobRun>;
}

/** Tests by what they show, each with the number of jobs that may run side by side. */
export type Checks = Readonly<
  Record<string, { concurrency: number; check: (scene: Scene) => Promise<void> }>
>;

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

async function* newImage(): AsyncGenerator<Uint8Array> {
  yield Buffer.concat([Buffer.from('P5 16 16 255\n'), randomBytes(256)]);
}

function newStatus(tenths: number, fields: Partial<JobStatus>): JobStatus {
  const now = nowSeconds();
  return asStatus({
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
  });
}

/** Waits for a check to come true; fails with `what` when it does not in 20 seconds. */
export async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await check())) {
    assert.ok(performance.now() < deadline, `within ${PATIENCE_MS / 1000} s ${what}`);
    await sleep(30);
  }
}

export function startOf({ job_id, started_at }: JobStatus): number {
  assert.ok(started_at !== undefined, `job ${job_id} was settled without \`started_at\``);
  return started_at;
}

export function endOf({ job_id, finished_at }: JobStatus): number {
  assert.ok(finished_at !== undefined, `job ${job_id} was settled without \`finished_at\``);
  return finished_at;
}

/** Makes a queue whose jobs run the stand-in, and lets `use` work with it. */
export async function withScene(
  make: (wanted: QueueWanted) => Promise<QueueUnderTest>,
  concurrency: number,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'queue-contract-'));
  const extractorBin = join(folder, 'extractor');
  await writeFile(extractorBin, EXTRACTOR, { mode: 0o755 });
  const under = await make({ concurrency, extractorBin, leaseSeconds: LEASE_SECONDS });
  try {
    await use(sceneOf(under, join(folder, 'runs')));
  } finally {
    await under.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

function sceneOf(under: QueueUnderTest, runsFile: string): Scene {
  const { store, queue } = under;
  const scene: Scene = {
    ...under,
    create: async (tenths, fields = {}) =>
      (await store.create(newStatus(tenths, fields), newImage())).record.status,
    submit: async (tenths, fields) => {
      const status = await scene.create(tenths, fields);
      await queue.enqueue(status);
      return status;
    },
    status: async (id) => {
      const record = await store.get(id);
      assert.ok(record, `the store has lost job ${id}`);
      return record.status;
    },
    settled: async (id) => {
      await until(`job ${id} was not settled`, async () => isSettled(await scene.status(id)));
      return scene.status(id);
    },
    runs: async () => {
      const text = await readFile(runsFile, 'utf8').catch(() => '');
      return [...text.matchAll(/^(\d+) (\d+)$/gm)].map(([, sum = '', pid]) => ({ sum, pid: Number(pid) }));
    },
    firstRun: async () => {
      await until('no job was run', async () => (await scene.runs()).length > 0);
      const [first] = await scene.runs();
      assert.ok(first);
      return first;
    },
  };
  return scene;
}
