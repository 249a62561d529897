import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Analyze } from '../../src/analysis/analysis.js';
import { silentLogger } from '../../src/job/logger.js';
import { isSettled } from '../../src/job/status.js';
import { Submitter } from '../../src/jobs/submit/submitter.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { runnerOf, SOLVED } from './scripted.js';

const IMAGE = Buffer.from('P5 16 16 255\n'.padEnd(300, 'x'));

/** A store that notes the name of each method that is called, until the swap that settles a job has returned. */
function counting(store: JobStore) {
  const calls: string[] = [];
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let counts = true;
  const counted = new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        if (counts) calls.push(String(name));
        const answer: unknown = await Reflect.apply(value, target, args);
        const next = args[2] as { state?: 'done' } | undefined;
        if (name === 'replace' && next?.state === 'done' && answer !== undefined) {
          counts = false;
          settle();
        }
        return answer;
      };
    },
  });
  return { store: counted, calls, settled };
}

/** Submits a photograph to a queue that has nothing else to do, and counts until the job is done. */
async function callsOfOneJob(inner: JobStore): Promise<string[]> {
  const { store, calls, settled } = counting(inner);
  const analyze: Analyze = async (_path, _params, { log, onProgress }) => {
    onProgress({ stage: 'solving' });
    log('the solver prints a line\n');
    return { result: SOLVED, files: {} };
  };
  const queue = new InProcessQueue({ concurrency: 1, pollMs: 3_600_000 });
  const runner = runnerOf(store, analyze, { leaseSeconds: 30 });
  // The clearing up that a worker does every ten minutes is no call of this job.
  runner.sweep = async () => {};
  queue.attach({ store, runner, logger: silentLogger });
  const submitter = new Submitter(store, { maxAttempts: 3, solverNames: ['auto'] });
  const status = await submitter.submit(IMAGE, {}, {});
  await queue.enqueue();
  await settled;
  await queue.close({ graceSeconds: 0 });
  const record = await inner.get(status.job_id);
  expect(record && isSettled(record.status)).toBe(true);
  return calls;
}

describe('one job asks the store at most six times from submit to done', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'store-calls-'));
    // The clock of the worker stands still: what it does every so often while a job runs (look whether the job was cancelled,
    // renew the lease, write what the programs have printed) is not counted.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await rm(dir, { recursive: true, force: true });
  });

  const EXPECTED = ['create', 'runnable', 'get', 'replace', 'image', 'replace'];

  it('in memory', async () => {
    const calls = await callsOfOneJob(new MemoryJobStore());
    expect(calls.length).toBeLessThanOrEqual(6);
    expect(calls).toEqual(EXPECTED);
  });

  it('in folders', async () => {
    const calls = await callsOfOneJob(new FileSystemJobStore({ dir }));
    expect(calls.length).toBeLessThanOrEqual(6);
    expect(calls).toEqual(EXPECTED);
  });
});
