import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { nowSeconds } from '../../src/job/status.js';
import { claimed } from '../../src/job/transitions.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { newStatus, withFolder } from '../worker/scripted.js';
import { tinyImage, until, withFixture } from './fixture.js';

// Processes are started and killed here, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const shaOf = (image: Uint8Array) => createHash('sha256').update(image).digest('hex');

describe('leases', () => {
  it('take up every job again, whatever moment its worker is killed at', () =>
    withFixture(
      async (fixture) => {
        await fixture.solver('sleep 0.1');
        const images = Array.from({ length: 5 }, tinyImage);
        const ids: string[] = [];
        for (const image of images) {
          const { job_id } = await fixture.jobs.submit(
            image,
            { solver: 'external' },
            { filename: 'sky.pgm' },
          );
          ids.push(job_id);
        }
        const settled = async () => (await fixture.store.counts()).done === images.length;
        // Moments from the first system calls of a claim to those of the settlement.
        for (let moment = 0; moment < 8 && !(await settled()); moment += 1) {
          const worker = await fixture.worker({ concurrency: 2, maxAttempts: 100 });
          await sleep(moment * 60);
          worker.kill('SIGKILL');
          await worker.ended;
        }
        await fixture.worker({ concurrency: 2, maxAttempts: 100 });
        for (const [index, id] of ids.entries()) {
          expect(await fixture.jobs.wait(id)).toMatchObject({
            ok: true,
            astrometry: { sha256: shaOf(images[index]!) },
          });
        }
        await until(() => fixture.processes().length === 0 && fixture.scratchLeft().length === 0);
        expect(await fixture.store.counts(['queued', 'processing'])).toMatchObject({
          queued: 0,
          processing: 0,
        });
      },
      { maxAttempts: 100 },
    ));

  it('let a worker that was stopped past its lease settle nothing', () =>
    withFixture(async (fixture) => {
      // The first to come waits until it is told; all others are quick.
      await fixture.solver(
        `if mkdir ${fixture.dir}/first 2>/dev/null; then while [ ! -e ${fixture.dir}/go ]; do sleep 0.1; done; fi`,
      );
      const { job_id: id } = await fixture.submit();
      const slow = await fixture.worker({ leaseSeconds: 1 });
      await fixture.reaches(id, () => existsSync(join(fixture.dir, 'first')));
      slow.kill('SIGSTOP');
      const quick = await fixture.worker({ leaseSeconds: 1 });
      const kept = await fixture.jobs.wait(id);
      const settled = await fixture.jobs.status(id);
      expect(settled).toMatchObject({ state: 'done', attempts: 2 });
      quick.kill('SIGKILL');
      await quick.ended;
      // Awake again, with its own result at hand.
      await writeFile(join(fixture.dir, 'go'), '');
      slow.kill('SIGCONT');
      await until(() => slow.said().includes('Lost the lease'));
      expect(await fixture.jobs.status(id)).toEqual(settled);
      expect(await fixture.jobs.result(id)).toEqual(kept);
      slow.kill('SIGTERM');
      await slow.ended;
      expect(fixture.processes()).toEqual([]);
      expect(fixture.scratchLeft()).toEqual([]);
    }));

  it('end a job that kills its worker every time, and say so', () =>
    withFixture(
      async (fixture) => {
        // The script's parent is the guard of its process group, and the guard's parent is the worker.
        await fixture.solver(`kill -KILL "$(awk '{print $4}' /proc/$PPID/stat)"; sleep 30`);
        const { job_id: id } = await fixture.submit();
        for (let death = 0; death < 2; death += 1) {
          const worker = await fixture.worker({ leaseSeconds: 1 });
          await worker.ended;
        }
        await fixture.worker({ leaseSeconds: 1 });
        const status = await fixture.reaches(id, ({ state }) => state === 'error');
        expect(status).toMatchObject({ attempts: 2, error: { code: 'worker_lost' } });
        expect(status.message).toMatch(/died 2 times.*retry/);
        expect(await fixture.jobs.result(id)).toMatchObject({
          ok: false,
          error_code: 'worker_lost',
          filename: 'sky.pgm',
        });
        expect((await fixture.jobs.log(id)).match(/Attempt \d/g)).toEqual(['Attempt 1', 'Attempt 2']);
        await until(() => fixture.processes().length === 0 && fixture.scratchLeft().length === 0);
      },
      { maxAttempts: 2 },
    ));

  it('hold on while the clock of the worker jumps', () =>
    withFixture(async (fixture) => {
      for (const clockJumpSeconds of [-3600, 3600]) {
        await fixture.solver(
          `touch ${fixture.dir}/started; while [ ! -e ${fixture.dir}/go ]; do sleep 0.1; done`,
        );
        const { job_id: id } = await fixture.submit();
        const worker = await fixture.worker({ leaseSeconds: 1, clockJumpSeconds });
        await until(() => existsSync(join(fixture.dir, 'started')));
        worker.kill('SIGUSR2');
        await sleep(1500);
        expect(await fixture.jobs.status(id)).toMatchObject({ state: 'processing', attempts: 1 });
        await writeFile(join(fixture.dir, 'go'), '');
        expect(await fixture.jobs.wait(id)).toMatchObject({ ok: true });
        expect(worker.said()).not.toContain('error');
        worker.kill('SIGTERM');
        await worker.ended;
        await Promise.all(['go', 'started'].map((name) => rm(join(fixture.dir, name))));
      }
    }));

  it('end for whoever watches, even if the clock was set back after the last renewal', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const status = newStatus();
      const { record } = await store.create(status, (async function* () {})());
      const lease = { token: 'a', worker: { host: 'another', pid: 1 }, leaseSeconds: 1 };
      await store.replace(status.job_id, record.revision, claimed(status, lease, nowSeconds()));
      // Seen from a clock that was set back, the last renewal lies an hour ahead.
      const renewal = join(dir, '.astro-jobs', 'revisions', status.job_id, `${record.revision + 1}.json`);
      await utimes(renewal, nowSeconds() + 3600, nowSeconds() + 3600);
      const watcher = new FileSystemJobStore({ dir });
      expect(await watcher.runnable({ now: nowSeconds(), limit: 5 })).toEqual([]);
      await until(async () => (await watcher.runnable({ now: nowSeconds(), limit: 5 })).length === 1);
    }));

  it('run a job that was submitted before the clock was set back', () =>
    withFolder(async (dir) => {
      const store = new FileSystemJobStore({ dir });
      const hourAhead = newStatus({ created_at: nowSeconds() + 3600 });
      const delayed = newStatus({ not_before: nowSeconds() + 3600 });
      for (const status of [hourAhead, delayed]) await store.create(status, (async function* () {})());
      expect(await store.runnable({ now: nowSeconds(), limit: 5 })).toEqual([hourAhead.job_id]);
    }));
});
