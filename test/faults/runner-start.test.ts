import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AstroJobs, DetachedQueue, FileSystemJobStore } from 'astro-jobs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useCli } from '../cli/process.js';
import { writeImage } from '../cli/scripted.js';
import { tinyImage } from './fixture.js';

const cli = useCli();

/** A package of which only the program of the runner is looked at; a process looks once where it is. */
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'runner-start-'));
  await mkdir(join(dir, 'data'), { recursive: true });
  await mkdir(join(dir, 'dist'));
  await writeFile(join(dir, 'data/stars.bin'), '');
  await writeFile(join(dir, 'package.json'), '{"version":"0.0.0"}');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('a runner that cannot start', () => {
  it.each([
    ['is not there', undefined, /Cannot find module .*runner-process\.js/],
    ['throws', "throw new Error('no more threads')", /no more threads/],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", /SIGKILL/],
  ])('keeps no caller waiting for ever when it %s, and the job stays', async (_, program, reason) => {
    if (program !== undefined) await writeFile(join(dir, 'dist/runner-process.js'), program);
    vi.stubEnv('ASTRO_JOBS_PACKAGE_DIR', dir);
    await using jobs = new AstroJobs({
      store: new FileSystemJobStore({ dir: await mkdtemp(join(dir, 'jobs-')) }),
      queue: new DetachedQueue(),
    });
    const { job_id: id } = await jobs.submit(tinyImage());
    await expect(jobs.wait(id)).rejects.toMatchObject({
      code: 'solver_unavailable',
      message: expect.stringMatching(reason),
    });
    expect(await jobs.status(id)).toMatchObject({ state: 'queued' });
  });

  it('ends `wait` with the reason', async () => {
    await writeFile(join(dir, 'dist/runner-process.js'), "throw new Error('no more threads')");
    const env = { ASTRO_JOBS_PACKAGE_DIR: dir };
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const { job_id } = await cli.json<{ job_id: string }>(['submit', '--image', image], 0, { env });
    const waited = await cli.json<{ error: string }>(['wait', '--job-id', job_id], 1, { env });
    expect(waited).toMatchObject({ ok: false, error_code: 'solver_unavailable' });
    expect(waited.error).toContain('no more threads');
    expect(await cli.json(['status', '--job-id', job_id], 0, { env })).toMatchObject({ state: 'queued' });
  });
});
