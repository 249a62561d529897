import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobs, DetachedQueue, FileSystemJobStore } from 'astro-jobs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type House, tinyImage, until, withHouse } from './house.js';

/** Ignores TERM, and so does a grandchild in a session of its own that keeps the pipes of its parent. */
const STUBBORN = `trap '' TERM INT HUP
echo 'the solver speaks'
setsid sh -c "trap '' TERM; sleep 600" &
( trap '' TERM; sleep 600 ) &
touch "$TMPDIR/temporary"
touch "$STARTED"
while :; do sleep 600; done`;

const stubborn = (house: House) => house.solver(`STARTED=${house.dir}/started\n${STUBBORN}`);
const started = (house: House) => until(() => existsSync(join(house.dir, 'started')));

async function nothingIsLeft(house: House): Promise<void> {
  // A job is settled, then its scratch folder goes.
  await until(() => house.processes().length === 0 && house.scratchLeft().length === 0);
  expect(readdirSync(join(house.jobsDir, '.astro-jobs', 'scratch'))).toEqual([]);
}

// Processes are started and killed here, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });
afterEach(() => vi.unstubAllEnvs());

describe('a solver that ignores TERM, stays silent and leaves grandchildren with its pipes', () => {
  it('is ended by the timeout, with all that it started', () =>
    withHouse(async (house) => {
      await stubborn(house);
      await house.worker();
      const { job_id: id } = await house.submit(tinyImage(), { timeout: 1 });
      expect(await house.jobs.wait(id)).toMatchObject({ ok: false, error_code: 'timeout' });
      expect(await house.jobs.status(id)).toMatchObject({ state: 'error', error: { code: 'timeout' } });
      expect(await house.jobs.log(id)).toContain('the solver speaks');
      await nothingIsLeft(house);
    }));

  it('is ended by a cancel from another process', () =>
    withHouse(async (house) => {
      await stubborn(house);
      await house.worker();
      const { job_id: id } = await house.submit();
      await started(house);
      expect(await house.jobs.cancel(id)).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
      expect(await house.jobs.result(id)).toMatchObject({ ok: false, error_code: 'cancelled' });
      expect(await house.jobs.log(id)).toContain('the solver speaks');
      await nothingIsLeft(house);
    }));

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is ended by a %s to its worker, and the job given back',
    (signal) =>
      withHouse(async (house) => {
        await stubborn(house);
        const worker = await house.worker();
        const { job_id: id } = await house.submit();
        await started(house);
        worker.kill(signal);
        await worker.ended;
        expect(await house.jobs.status(id)).toMatchObject({ state: 'queued', attempts: 0 });
        expect(await house.jobs.log(id)).toMatch(/the solver speaks[\s\S]*Given back/);
        await nothingIsLeft(house);
        await house.solver('');
        await house.worker();
        expect(await house.jobs.wait(id)).toMatchObject({ ok: true });
      }),
  );

  it('is ended by a SIGTERM to the detached runner, and the job given back', () =>
    withHouse(async (house) => {
      await stubborn(house);
      vi.stubEnv('ASTRO_EXTRACT_BIN', join(house.dir, 'extractor'));
      vi.stubEnv('TMPDIR', house.scratchDir);
      await using jobs = new AstroJobs({
        store: new FileSystemJobStore({ dir: house.jobsDir }),
        queue: new DetachedQueue(),
      });
      const { job_id: id } = await jobs.submit(tinyImage(), { solver: 'external' }, { filename: 'sky.pgm' });
      await started(house);
      const running = await house.jobs.status(id);
      process.kill(running.worker!.pid, 'SIGTERM');
      expect(await house.reaches(id, ({ state }) => state !== 'processing')).toMatchObject({
        state: 'queued',
        attempts: 0,
      });
      await until(() => !existsSync(`/proc/${running.worker!.pid}`));
      await nothingIsLeft(house);
      // Whoever meets the job has it run again.
      await house.solver('');
      expect(await jobs.wait(id)).toMatchObject({ ok: true });
      await nothingIsLeft(house);
    }));
});

describe('close with a deadline', () => {
  it('lets a job end that can, and takes no other', () =>
    withHouse(async (house) => {
      await house.solver(`touch ${house.dir}/started; while [ ! -e ${house.dir}/go ]; do sleep 0.1; done`);
      const worker = await house.worker({ closeSeconds: 60 });
      const first = await house.submit();
      await started(house);
      const second = await house.submit();
      worker.kill('SIGTERM');
      await writeFile(join(house.dir, 'go'), '');
      await worker.ended;
      expect(await house.jobs.status(first.job_id)).toMatchObject({ state: 'done' });
      expect(await house.jobs.status(second.job_id)).toMatchObject({ state: 'queued', attempts: 0 });
      await nothingIsLeft(house);
    }));
});

describe('a solver that floods its output', () => {
  const GIGABYTE = 1_000_000_000;
  it.each([
    ['lines', `yes 'there is no end to what I have to say' | head -c ${GIGABYTE}`],
    ['one line without an end', `head -c ${GIGABYTE} /dev/zero | tr '\\0' 'x'`],
    ['complaints', `yes 'there is no end to what I complain of' | head -c ${GIGABYTE} >&2`],
  ])(
    'of a gigabyte (%s) costs neither memory nor disk',
    (_what, flood) =>
      withHouse(async (house) => {
        await house.solver(flood);
        const worker = await house.worker({ limits: { maxLogBytes: 1_000_000 } });
        const quiet = peakMebibytes(worker.pid);
        const { job_id: id } = await house.submit();
        const result = await house.jobs.wait(id);
        expect(result.ok || result.error_code).toSatisfy(
          (end) => end === true || end === 'invalid_solver_output',
        );
        expect(peakMebibytes(worker.pid) - quiet).toBeLessThan(500);
        const log = await house.store.log(id);
        expect(log?.size).toBeLessThan(1_100_000);
        expect(await house.jobs.log(id)).toMatch(/The log is cut here|too much output/);
        await nothingIsLeft(house);
      }),
    180_000,
  );
});

function peakMebibytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
