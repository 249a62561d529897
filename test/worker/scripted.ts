import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Analyze } from '../../src/analysis/analysis.js';
import { newJobId } from '../../src/job/id.js';
import { silentLogger } from '../../src/job/logger.js';
import { parseParams } from '../../src/job/params.js';
import type { JobResult } from '../../src/job/result.js';
import { asStatus, type JobStatus, nowSeconds } from '../../src/job/status.js';
import type { JobStore } from '../../src/store/job-store.js';
import { JobRunner, type JobRunnerOptions } from '../../src/worker/job-runner.js';
import { createTracer } from '../../src/worker/tracing.js';

/** A result without an image, for tests of what happens around the pipeline. */
export const SOLVED: JobResult = {
  ok: true,
  filename: 'sky.jpg',
  capture: {},
  astrometry: {
    ra_center: 1,
    dec_center: 2,
    fov_deg: [3, 4],
    pixscale_arcsec: 5,
    orientation_deg: 6,
    objects: [],
  },
};

export function newStatus(fields: Partial<JobStatus> = {}): JobStatus {
  const now = nowSeconds();
  return asStatus({
    job_id: newJobId(),
    state: 'queued',
    message: null,
    params: parseParams({}),
    created_at: now,
    updated_at: now,
    filename: 'sky.jpg',
    max_attempts: 3,
    ...fields,
  });
}

async function* oneChunk(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('not looked at');
}

export async function addJob(store: JobStore, fields: Partial<JobStatus> = {}): Promise<string> {
  return (await store.create(newStatus(fields), oneChunk())).record.status.job_id;
}

export function runnerOf(
  store: JobStore,
  analyze: Analyze,
  options: Partial<JobRunnerOptions> = {},
): JobRunner {
  return new JobRunner({
    store,
    analyze,
    prepare() {},
    leaseSeconds: 1,
    maxAttempts: 3,
    logger: silentLogger,
    tracer: createTracer(),
    ...options,
  });
}

/** An analysis that goes on until it is stopped, as a solver on a hopeless image does. */
export const endless: Analyze = (_path, _params, { signal }) =>
  new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

export async function withFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-test-'));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
