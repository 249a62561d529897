import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Analyze } from '../../src/analysis/analysis.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { nowSeconds } from '../../src/job/status.js';
import { cancelRequested } from '../../src/job/transitions.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { addJob, endless, runnerOf, SOLVED } from './scripted.js';

const solve: Analyze = async () => ({ result: SOLVED, files: {} });

async function logText(store: JobStore, id: string): Promise<string> {
  return (await (await store.log(id))!.read().toArray()).join('');
}

describe('JobRunner', () => {
  it('runs a job to its result, with files, log and progress', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const seen: string[] = [];
    const analyze: Analyze = async (path, params, { scratch, log, onProgress, filename }) => {
      expect(filename).toBe('sky.jpg');
      expect(params.timeout).toBe(600);
      expect(path.startsWith(scratch)).toBe(true);
      onProgress({ stage: 'solving', fraction: 0.5 });
      await new Promise((resolve) => setTimeout(resolve, 400));
      seen.push((await store.get(id))?.status.progress?.stage ?? '');
      log('the solver speaks\n');
      await writeFile(join(scratch, 'a.wcs'), 'wcs');
      return { result: SOLVED, files: { 'solution.wcs': join(scratch, 'a.wcs') } };
    };
    const runner = runnerOf(store, analyze);
    const claim = await runner.claimNext();
    expect(await runner.run(claim!)).toBe('done');
    const record = await store.get(id);
    expect(record?.status).toMatchObject({ state: 'done', attempts: 1 });
    expect(record?.status.lease).toBeUndefined();
    expect(seen).toEqual(['solving']);
    expect((await store.files(id)).map((file) => file.name)).toEqual(['result.json', 'solution.wcs']);
    expect(await logText(store, id)).toContain('the solver speaks\n');
  });

  it('claims each job once, however many ask', async () => {
    const store = new MemoryJobStore();
    for (let index = 0; index < 5; index += 1) await addJob(store);
    const runners = Array.from({ length: 4 }, () => runnerOf(store, solve));
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) => runners[index % 4]!.claimNext()),
    );
    const ids = claims.filter((claim) => claim !== undefined).map((claim) => claim.id);
    expect(ids.length).toBe(5);
    expect(new Set(ids).size).toBe(5);
  });

  it('settles as cancelled when a caller asks in the store, and ends the analysis first', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, endless);
    const claim = (await runner.claim(id))!;
    const run = runner.run(claim);
    const { status, revision } = (await store.get(id))!;
    await store.replace(id, revision, cancelRequested(status, nowSeconds()));
    expect(await run).toBe('error');
    expect((await store.get(id))?.status).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
    expect(await store.result(id)).toMatchObject({ ok: false, error_code: 'cancelled', filename: 'sky.jpg' });
  });

  it('gives the job back when it is stopped, without counting the attempt', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, endless);
    const stop = new AbortController();
    const run = runner.run((await runner.claim(id))!, { signal: stop.signal });
    stop.abort(new Error('stopping'));
    expect(await run).toBe('released');
    expect((await store.get(id))?.status).toMatchObject({ state: 'queued', attempts: 0 });
    expect(await runnerOf(store, solve).claimNext()).toMatchObject({ id });
  });

  it('stops without a trace when the job is taken over', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const first = runnerOf(store, endless, { leaseSeconds: 0.3 });
    const claim = (await first.claim(id))!;
    await new Promise((resolve) => setTimeout(resolve, 400));
    const second = runnerOf(store, solve, { leaseSeconds: 30 });
    const taken = (await second.claim(id))!;
    expect(await first.run(claim)).toBe('lost');
    expect((await store.get(id))?.status.lease?.token).toBe(taken.token);
    expect(await second.run(taken)).toBe('done');
    expect((await store.get(id))?.status).toMatchObject({ state: 'done', attempts: 2 });
  });

  it('stops by its own clock when the store cannot be reached for a whole lease', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, endless, { leaseSeconds: 0.6 });
    const claim = (await runner.claim(id))!;
    const away = async () => {
      throw new AstroJobsError('storage_failed', 'the network is away');
    };
    store.get = away;
    store.renew = away;
    expect(await runner.run(claim)).toBe('lost');
  });

  it('gives up on a job whose workers die every time', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store, { max_attempts: 2 });
    const dying = runnerOf(store, solve, { leaseSeconds: 0.05 });
    for (let death = 0; death < 2; death += 1) {
      expect(await dying.claim(id)).toBeDefined();
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(await dying.claim(id)).toBeUndefined();
    expect((await store.get(id))?.status).toMatchObject({ state: 'error', error: { code: 'worker_lost' } });
    expect(await store.result(id)).toMatchObject({ ok: false, error_code: 'worker_lost' });
  });

  it('keeps trying to settle while the disk is full', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, solve);
    const claim = (await runner.claim(id))!;
    const replace = store.replace.bind(store);
    let refusals = 2;
    store.replace = async (...change) => {
      if (refusals-- > 0) throw new AstroJobsError('storage_full', 'no space is left');
      return replace(...change);
    };
    expect(await runner.run(claim)).toBe('done');
    expect(await store.result(id)).toEqual(SOLVED);
  });

  it('turns a fault of the machine into an error of the job', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const runner = runnerOf(store, async () => {
      throw new TypeError('a bug');
    });
    expect(await runner.run((await runner.claim(id))!)).toBe('error');
    expect((await store.get(id))?.status.error).toMatchObject({ code: 'internal' });
  });

  it('caps the log with a note', async () => {
    const store = new MemoryJobStore();
    const id = await addJob(store);
    const flood: Analyze = async (_path, _params, { log }) => {
      for (let line = 0; line < 1000; line += 1) log(`${'x'.repeat(99)}\n`);
      return { result: SOLVED, files: {} };
    };
    const runner = runnerOf(store, flood, { maxLogBytes: 10_000 });
    await runner.run((await runner.claim(id))!);
    const text = await logText(store, id);
    expect(text.length).toBeLessThan(11_000);
    expect(text).toContain('The log is cut here');
    expect(text).toContain('Solved');
  });
});
