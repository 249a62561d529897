import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../../bench/soak/disk-space.mjs';
import type { Analyze } from '../../src/analysis/analysis.js';
import { isJobId } from '../../src/job/id.js';
import { silentLogger } from '../../src/job/logger.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { describeWith } from '../needs.js';
import { endless, newStatus, runnerOf, SOLVED, withFolder } from '../worker/scripted.js';
import { until } from './fixture.js';

const run = promisify(execFile);

async function* bytes(count = 10_000): AsyncGenerator<Uint8Array> {
  for (let left = count; left > 0; left -= 10_000) yield Buffer.alloc(Math.min(left, 10_000), 7);
}

const solve: Analyze = async () => ({ result: SOLVED, files: {} });

async function withSmallDisk(
  use: (disk: SmallDisk, store: FileSystemJobStore) => Promise<void>,
): Promise<void> {
  const disk = await mountSmallDisk({ megabytes: 4 });
  try {
    await use(disk, new FileSystemJobStore({ dir: disk.dir }));
  } finally {
    await disk.dispose();
  }
}

const jobFolders = (dir: string) => readdirSync(dir).filter(isJobId);
const debris = (dir: string) => readdirSync(join(dir, '.astro-jobs', 'scratch'));

describeWith(['small disk'], 'on a full disk', () => {
  it('a submit is refused with storage_full, whole, and the next one is taken', () =>
    withSmallDisk(async (disk, store) => {
      await disk.fill();
      await expect(store.create(newStatus(), bytes())).rejects.toMatchObject({ code: 'storage_full' });
      await disk.empty();
      // Full in the middle of the image.
      await expect(store.create(newStatus(), bytes(8_000_000))).rejects.toMatchObject({
        code: 'storage_full',
      });
      expect(jobFolders(disk.dir)).toEqual([]);
      expect(debris(disk.dir)).toEqual([]);
      expect(await store.runnable({ now: Date.now(), limit: 9 })).toEqual([]);
      await store.create(newStatus(), bytes());
      const runner = runnerOf(store, solve);
      expect(await runner.run((await runner.claimNext())!)).toBe('done');
    }));

  it('a job that cannot be claimed waits, can be read, and is run when there is space', () =>
    withSmallDisk(async (disk, store) => {
      const status = newStatus();
      await store.create(status, bytes());
      await disk.fill();
      const runner = runnerOf(store, solve);
      await expect(runner.claimNext()).rejects.toMatchObject({ code: 'storage_full' });
      expect((await store.get(status.job_id))?.status).toEqual(status);
      expect((await store.list()).jobs).toEqual([status]);
      await disk.empty();
      expect(await runner.run((await runner.claimNext())!)).toBe('done');
      expect(debris(disk.dir)).toEqual([]);
    }));

  it('a job that is running loses lines of its log, but not its result', () =>
    withSmallDisk(async (disk, store) => {
      const { job_id: id } = (await store.create(newStatus(), bytes())).record.status;
      const solveOnFullDisk: Analyze = async (_path, _params, { scratch, log }) => {
        log('before\n');
        await until(async () => ((await store.log(id))?.size ?? 0) > 0);
        await disk.fill();
        log(`while it is full ${'x'.repeat(100_000)}\n`);
        await writeFile(join(scratch, 'a.wcs'), 'wcs');
        return { result: SOLVED, files: { 'solution.wcs': join(scratch, 'a.wcs') } };
      };
      const warnings: string[] = [];
      const logger = {
        ...silentLogger,
        warn: (_fields: object, message: string) => void warnings.push(message),
      };
      const runner = runnerOf(store, solveOnFullDisk, { logger, leaseSeconds: 30 });
      const end = runner.run((await runner.claim(id))!);
      await until(() => warnings.some((line) => line.includes('cannot be settled yet')));
      expect(warnings).toContain('The log of the job cannot be written');
      expect((await store.get(id))?.status.state).toBe('processing');
      expect(await store.result(id)).toBeUndefined();
      await disk.empty();
      expect(await end).toBe('done');
      expect(await store.result(id)).toEqual(SOLVED);
      expect((await store.files(id)).map(({ name, size }) => [name, size > 0])).toEqual([
        ['result.json', true],
        ['solution.wcs', true],
      ]);
      expect((await (await store.log(id))!.read().toArray()).join('')).toContain('before\n');
      expect(debris(disk.dir)).toEqual([]);
    }));

  it('a job without space for its temporary files ends as storage_full, and the next one runs', () =>
    withSmallDisk((disk) =>
      withFolder(async (dir) => {
        const store = new FileSystemJobStore({ dir });
        for (let job = 0; job < 2; job += 1) await store.create(newStatus(), bytes());
        const writing: Analyze = async (_path, _params, { scratch }) => {
          await writeFile(join(scratch, 'stars.xyls'), Buffer.alloc(100_000));
          return { result: SOLVED, files: {} };
        };
        const runner = runnerOf(store, writing, { scratchDir: disk.dir });
        await disk.fill();
        const first = (await runner.claimNext())!;
        expect(await runner.run(first)).toBe('error');
        expect((await store.get(first.id))?.status.error).toMatchObject({ code: 'storage_full' });
        await disk.empty();
        expect(await runner.run((await runner.claimNext())!)).toBe('done');
        expect(readdirSync(disk.dir)).toEqual([]);
      }),
    ));

  it('a disk that is read-only is said to be, and everything on it can be read', () =>
    withSmallDisk(async (disk, store) => {
      const status = newStatus();
      await store.create(status, bytes());
      await run('mount', ['-o', 'remount,ro', disk.dir]);
      await expect(store.create(newStatus(), bytes())).rejects.toMatchObject({
        code: 'storage_failed',
        message: expect.stringContaining('read-only'),
      });
      expect((await store.get(status.job_id))?.status).toEqual(status);
      expect((await store.list()).jobs).toEqual([status]);
      const runner = runnerOf(store, solve);
      expect(await runner.claimNext()).toBeUndefined();
      await run('mount', ['-o', 'remount,rw', disk.dir]);
      expect(await runner.run((await runner.claimNext())!)).toBe('done');
    }));
});

/** Does something as a user who may not write to `dir`, nor enter it if that can be had. */
async function withoutPermission<T>(dir: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() === 0) {
    await chown(dir, 0, 0);
    process.seteuid!(65534);
    try {
      return await act();
    } finally {
      process.seteuid!(0);
    }
  }
  await chmod(dir, 0o500);
  try {
    return await act();
  } finally {
    await chmod(dir, 0o700);
  }
}

describe('without permission, folder or file handles', () => {
  it('who may not write is told so, and nothing is left', () =>
    withFolder(async (parent) => {
      await chmod(parent, 0o755);
      const dir = join(parent, 'jobs');
      await mkdir(dir, { mode: 0o700 });
      const store = new FileSystemJobStore({ dir });
      await withoutPermission(dir, () =>
        expect(store.create(newStatus(), bytes())).rejects.toMatchObject({
          code: 'storage_failed',
          message: expect.stringMatching(/permission denied; check the owner and mode/),
        }),
      );
      expect(readdirSync(dir)).toEqual([]);
      expect((await store.create(newStatus(), bytes())).created).toBe(true);
    }));

  it('a folder that vanishes under a running job ends the solve and not the worker', () =>
    withFolder(async (parent) => {
      const dir = join(parent, 'jobs');
      const store = new FileSystemJobStore({ dir });
      await store.create(newStatus(), bytes());
      const runner = runnerOf(store, endless, { leaseSeconds: 2 });
      const end = runner.run((await runner.claimNext())!);
      await rm(dir, { recursive: true, force: true });
      expect(await end).toBe('lost');
      expect(await runner.claimNext()).toBeUndefined();
      await store.create(newStatus(), bytes());
      const next = runnerOf(store, solve);
      expect(await next.run((await next.claimNext())!)).toBe('done');
    }));

  it(
    'a process without file handles refuses with storage_failed, and goes on when it has some',
    () =>
      withFolder(async (dir) => {
        const program = fileURLToPath(new URL('./no-handles.mjs', import.meta.url));
        const limited = ['-c', 'ulimit -n 1024; exec "$@"', 'sh', process.execPath, program, dir];
        const { stdout } = await run('/bin/sh', limited);
        const { refused, acknowledged, done } = JSON.parse(stdout) as Record<string, string[]>;
        expect(new Set(refused)).toEqual(new Set(['storage_failed']));
        expect(acknowledged!.length).toBeGreaterThan(0);
        expect(jobFolders(dir).sort()).toEqual(acknowledged!.sort());
        expect(done!.sort()).toEqual(acknowledged);
        // To clear away half a job takes a handle, too; what was left is hidden, and swept by age.
        await new FileSystemJobStore({ dir }).sweep(0);
        expect(debris(dir)).toEqual([]);
      }),
    180_000,
  );
});
