import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobs, DetachedQueue, FileSystemJobStore } from 'astro-jobs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Fixture, tinyImage, until, withFixture } from './fixture.js';

/** Ignores TERM, and so does a grandchild in a session of its own that keeps the pipes of its parent. */
const STUBBORN = `trap '' TERM INT HUP
echo 'the solver speaks'
setsid sh -c "trap '' TERM; sleep 600" &
( trap '' TERM; sleep 600 ) &
touch "$TMPDIR/temporary"
touch "$STARTED"
while :; do sleep 600; done`;

const stubborn = (fixture: Fixture) => fixture.solver(`STARTED=${fixture.dir}/started\n${STUBBORN}`);
const started = (fixture: Fixture) => until(() => existsSync(join(fixture.dir, 'started')));

async function nothingIsLeft(fixture: Fixture): Promise<void> {
  // A job is settled, then its scratch folder goes.
  await until(() => fixture.processes().length === 0 && fixture.scratchLeft().length === 0);
  expect(readdirSync(join(fixture.jobsDir, '.astro-jobs', 'scratch'))).toEqual([]);
}

// Processes are started and killed here, on a machine that may be busy.
vi.setConfig({ testTimeout: 600_000 });
afterEach(() => vi.unstubAllEnvs());

describe('a solver that ignores TERM, stays silent and leaves grandchildren with its pipes', () => {
  it('is ended by the timeout, with all that it started', () =>
    withFixture(async (fixture) => {
      await stubborn(fixture);
      await fixture.worker();
      let id = '';
      // A busy machine may not have started the solver when the time is over.
      for (let timeout = 1; !existsSync(join(fixture.dir, 'started')); timeout *= 2) {
        ({ job_id: id } = await fixture.submit(tinyImage(), { timeout }));
        expect(await fixture.jobs.wait(id)).toMatchObject({ ok: false, error_code: 'timeout' });
      }
      expect(await fixture.jobs.status(id)).toMatchObject({ state: 'error', error: { code: 'timeout' } });
      expect(await fixture.jobs.log(id)).toContain('the solver speaks');
      await nothingIsLeft(fixture);
    }));

  it('is ended by a cancel from another process', () =>
    withFixture(async (fixture) => {
      await stubborn(fixture);
      await fixture.worker();
      const { job_id: id } = await fixture.submit();
      await started(fixture);
      expect(await fixture.jobs.cancel(id)).toMatchObject({ state: 'error', error: { code: 'cancelled' } });
      expect(await fixture.jobs.result(id)).toMatchObject({ ok: false, error_code: 'cancelled' });
      expect(await fixture.jobs.log(id)).toContain('the solver speaks');
      await nothingIsLeft(fixture);
    }));

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is ended by a %s to its worker, and the job given back',
    (signal) =>
      withFixture(async (fixture) => {
        await stubborn(fixture);
        const worker = await fixture.worker();
        const { job_id: id } = await fixture.submit();
        await started(fixture);
        worker.kill(signal);
        await worker.ended;
        expect(await fixture.jobs.status(id)).toMatchObject({ state: 'queued', attempts: 0 });
        expect(await fixture.jobs.log(id)).toMatch(/the solver speaks[\s\S]*Given back/);
        await nothingIsLeft(fixture);
        await fixture.solver('');
        await fixture.worker();
        expect(await fixture.jobs.wait(id)).toMatchObject({ ok: true });
      }),
  );

  it('is ended by a SIGTERM to the detached runner, and the job given back', () =>
    withFixture(async (fixture) => {
      await stubborn(fixture);
      vi.stubEnv('ASTRO_EXTRACT_BIN', join(fixture.dir, 'extractor'));
      vi.stubEnv('TMPDIR', fixture.scratchDir);
      await using jobs = new AstroJobs({
        store: new FileSystemJobStore({ dir: fixture.jobsDir }),
        queue: new DetachedQueue(),
      });
      const { job_id: id } = await jobs.submit(tinyImage(), { solver: 'external' }, { filename: 'sky.pgm' });
      await started(fixture);
      const running = await fixture.jobs.status(id);
      process.kill(running.worker!.pid, 'SIGTERM');
      expect(await fixture.reaches(id, ({ state }) => state !== 'processing')).toMatchObject({
        state: 'queued',
        attempts: 0,
      });
      await until(() => !existsSync(`/proc/${running.worker!.pid}`));
      await nothingIsLeft(fixture);
      // Whoever meets the job has it run again.
      await fixture.solver('');
      expect(await jobs.wait(id)).toMatchObject({ ok: true });
      await nothingIsLeft(fixture);
    }));
});

describe('close with a deadline', () => {
  it('lets a job end that can, and takes no other', () =>
    withFixture(async (fixture) => {
      await fixture.solver(
        `touch ${fixture.dir}/started; while [ ! -e ${fixture.dir}/go ]; do sleep 0.1; done`,
      );
      const worker = await fixture.worker({ closeSeconds: 600 });
      const first = await fixture.submit();
      await started(fixture);
      const second = await fixture.submit();
      worker.kill('SIGTERM');
      await writeFile(join(fixture.dir, 'go'), '');
      await worker.ended;
      expect(await fixture.jobs.status(first.job_id)).toMatchObject({ state: 'done' });
      expect(await fixture.jobs.status(second.job_id)).toMatchObject({ state: 'queued', attempts: 0 });
      await nothingIsLeft(fixture);
    }));
});

describe('a solver that floods its output', () => {
  /** Far more than what is kept of it, or may lie in memory. */
  const BYTES = 600_000_000;
  it.each([
    ['lines', `yes 'there is no end to what I have to say' | head -c ${BYTES}`],
    ['one line without an end', `head -c ${BYTES} /dev/zero | tr '\\0' 'x'`],
    ['complaints', `yes 'there is no end to what I complain of' | head -c ${BYTES} >&2`],
  ])('of 600 MB (%s) costs neither memory nor disk', (_what, flood) =>
    withFixture(async (fixture) => {
      await fixture.solver(flood);
      const worker = await fixture.worker({ limits: { maxLogBytes: 1_000_000 } });
      const quiet = peakMebibytes(worker.pid);
      const { job_id: id } = await fixture.submit();
      const result = await fixture.jobs.wait(id);
      expect(result.ok || result.error_code).toSatisfy(
        (end) => end === true || end === 'invalid_solver_output',
      );
      expect(peakMebibytes(worker.pid) - quiet).toBeLessThan(500);
      const log = await fixture.store.log(id);
      expect(log?.size).toBeLessThan(1_100_000);
      expect(await fixture.jobs.log(id)).toMatch(/The log is cut here|too much output/);
      await nothingIsLeft(fixture);
    }),
  );
});

function peakMebibytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
