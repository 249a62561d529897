import { spawn } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN, until, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

/** What a scripted job does until `go()`: it says that it has begun, and stays. */
async function heldJob(name = 'sky.png') {
  const image = await writeImage(join(cli.dir, name));
  const gate = join(cli.dir, 'go');
  const bin = await writeExtractor(
    cli.dir,
    `printf 'begun with \\033[31m\\n' >&2; until [ -e ${gate} ]; do sleep 0.1; done; echo done >&2`,
  );
  return { image, env: { ASTRO_EXTRACT_BIN: bin }, go: () => writeFile(gate, '') };
}

const stateOf = async (id: string) => (await cli.json<{ state: string }>(['status', '--job-id', id])).state;
const running = (id: string) => until(async () => (await stateOf(id)) === 'processing');

describe('wait and solve', () => {
  it('print the result on stdout and plain lines of progress on stderr', async () => {
    const { image, env, go } = await heldJob();
    await go();
    const ended = await cli.run(['solve', '--image', image, ...EXTERNAL], { env });
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, astrometry: { ra_center: 312.3 } });
    expect(ended.stderr).toMatch(/^[0-9a-f]{32} done: /m);
    expect(ended.stderr).not.toContain('\u001b');
  });

  it('end with status 1 and the reason when the image is not solved', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const bin = join(cli.dir, 'refuses');
    await writeFile(bin, `#!/bin/sh\necho '{"ok": false, "error": "No stars here"}'; exit 2\n`, {
      mode: 0o755,
    });
    const failure = await cli.json(['solve', '--image', image, ...EXTERNAL], 1, {
      env: { ASTRO_EXTRACT_BIN: bin },
    });
    expect(failure).toMatchObject({ ok: false, error: 'No stars here' });
  });

  it('let the job go on when waiting is interrupted', async () => {
    const { image, env, go } = await heldJob();
    const { job_id } = await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, {
      env,
    });
    await running(job_id);
    const waiting = cli.start(['wait', '--job-id', job_id]);
    await until(() => waiting.stderr().includes('processing'));
    waiting.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130, stdout: '' });
    expect(await stateOf(job_id)).toBe('processing');
    await go();
    expect(await cli.json(['wait', '--job-id', job_id])).toMatchObject({ ok: true });
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`cancel the job that solve has made, at ${signal}`, async () => {
      const { image, env } = await heldJob();
      const solving = cli.start(['solve', '--image', image, ...EXTERNAL], { env });
      await until(() => solving.stderr().includes('processing'));
      solving.kill(signal);
      const ended = await solving.ended;
      expect(ended.code).toBe(code);
      expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error_code: 'cancelled' });
      const { jobs } = await cli.json<{ jobs: { state: string; error: { code: string } }[] }>(['list']);
      expect(jobs).toMatchObject([{ state: 'error', error: { code: 'cancelled' } }]);
      await cli.idle();
    });
  }
});

describe('a running job', () => {
  it('survives the program that submitted it, and is cancelled from any other, with all that it started', async () => {
    const { image, env } = await heldJob();
    const id = (await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, { env }))
      .job_id;
    await running(id);
    await until(() => cli.processes().some(({ command }) => command.includes('extractor')));
    const cancelled = await cli.json(['cancel', '--job-id', id]);
    expect(cancelled).toMatchObject({ ok: true, job_id: id, state: 'error', error: { code: 'cancelled' } });
    await cli.idle();
    expect(await cli.json(['result', '--job-id', id])).toMatchObject({ ok: false, error_code: 'cancelled' });
  });

  it('is watched by logs -f until it ends, without raw control characters', async () => {
    const { image, env, go } = await heldJob();
    const id = (await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, { env }))
      .job_id;
    const following = cli.start(['logs', '-f', '--job-id', id]);
    await until(() => following.stdout().includes('begun'));
    await go();
    const ended = await following.ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('begun with \\u001b[31m\n');
    expect(ended.stdout).toContain('done\n');
    expect(ended.stdout).not.toContain('\u001b');
    expect((await cli.run(['logs', '--job-id', id])).stdout).toBe(ended.stdout);
  });

  it('is left alone, without a word, by a reader of its log that goes away', async () => {
    const { image, env } = await heldJob();
    const id = (await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, { env }))
      .job_id;
    await running(id);
    const following = cli.start(['logs', '-f', '--job-id', id]);
    await until(() => following.stdout().includes('begun'));
    following.closeStdout();
    await writeFile(join(cli.dir, 'go'), '');
    expect(await following.ended).toMatchObject({ stderr: '' });
    expect(await cli.json(['wait', '--job-id', id])).toMatchObject({ ok: true });
  });
});

describe('a job that has ended', () => {
  it('is retried only after an error, and then runs anew', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const bin = await writeExtractor(cli.dir, `[ -e ${cli.dir}/repaired ] || { echo broken >&2; exit 7; }`);
    const env = { ASTRO_EXTRACT_BIN: bin };
    const failed = await cli.json(['solve', '--image', image, ...EXTERNAL], 1, { env });
    expect(failed).toMatchObject({ ok: false });
    const [job] = (await cli.json<{ jobs: { job_id: string }[] }>(['list', '--state', 'error'])).jobs;
    await writeFile(join(cli.dir, 'repaired'), '');
    const job_id = job!.job_id;
    expect(await cli.json(['retry', '--job-id', job_id, '--timeout', '77'], 0, { env })).toMatchObject({
      ok: true,
      job_id,
      state: 'queued',
      params: { timeout: 77, solver: 'external' },
    });
    expect(await cli.json(['wait', '--job-id', job_id], 0, { env })).toMatchObject({ ok: true });
    expect(await cli.json(['retry', '--job-id', job_id], 1)).toMatchObject({
      ok: false,
      error_code: 'already_settled',
      job_id,
    });
  });

  it('is removed with all its files, by id or by age', async () => {
    const { image, env, go } = await heldJob();
    await go();
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      ids.push(
        (await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, { env })).job_id,
      );
    }
    for (const id of ids) await cli.json(['wait', '--job-id', id], 0, { env });
    const [first, ...others] = ids as [string, ...string[]];
    expect(await cli.json(['remove', '--job-id', first])).toEqual({ ok: true, job_id: first });
    await expect(stat(join(cli.jobsDir, first))).rejects.toThrow('ENOENT');
    expect(await cli.json(['prune', '--older-than', '1h'])).toEqual({ ok: true, removed: [] });
    expect(await cli.json(['prune', '--older-than', '0s', '--state', 'error'])).toEqual({
      ok: true,
      removed: [],
    });
    const { removed } = await cli.json<{ removed: string[] }>(['prune', '--older-than', '0s']);
    expect(removed.sort()).toEqual(others.sort());
    expect(await cli.json(['list'])).toMatchObject({ jobs: [] });
  });
});

describe('list', () => {
  it('pages through all jobs, newest first, and filters by state', async () => {
    const { image, env, go } = await heldJob();
    await go();
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      ids.push(
        (await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, { env })).job_id,
      );
    }
    for (const id of ids) await cli.json(['wait', '--job-id', id], 0, { env });
    const listed: string[] = [];
    let next: string | undefined;
    do {
      const after = next === undefined ? [] : ['--after', next];
      const page = await cli.json<{ jobs: { job_id: string }[]; next?: string }>([
        'list',
        '--limit',
        '2',
        ...after,
      ]);
      expect(page.jobs.length).toBeLessThanOrEqual(2);
      listed.push(...page.jobs.map((job) => job.job_id));
      next = page.next;
    } while (next !== undefined);
    expect(listed).toEqual([...ids].reverse());
    expect((await cli.json<{ jobs: unknown[] }>(['list', '--state', 'done'])).jobs).toHaveLength(5);
    expect((await cli.json<{ jobs: unknown[] }>(['list', '--state', 'queued,error'])).jobs).toHaveLength(0);
  });
});

describe('submit', () => {
  it('gives the first job again for the same idempotency key', async () => {
    const { image, env } = await heldJob();
    const submit = ['submit', '--image', image, '--idempotency-key', 'night-7/frame 12', ...EXTERNAL];
    const first = await cli.json(submit, 0, { env });
    expect(await cli.json(submit, 0, { env })).toEqual(first);
    expect((await cli.json<{ jobs: unknown[] }>(['list'])).jobs).toHaveLength(1);
  });

  it('holds a job back for --delay', async () => {
    const { image, env, go } = await heldJob();
    await go();
    const submit = ['submit', '--image', image, '--delay', '1h', ...EXTERNAL];
    const { job_id } = await cli.json<{ job_id: string }>(submit, 0, { env });
    const status = await cli.json<{ state: string; not_before: number; created_at: number }>([
      'status',
      '--job-id',
      job_id,
    ]);
    expect(status.state).toBe('queued');
    expect(status.not_before - status.created_at).toBeCloseTo(3600, 0);
    await cli.json(['cancel', '--job-id', job_id]);
  });

  it('takes the image from stdin', async () => {
    const { image, env, go } = await heldJob();
    await go();
    const bytes = await readFile(image);
    const submit = ['solve', '--image', '-', '--filename', 'from a pipe.png', ...EXTERNAL];
    expect(await cli.json(submit, 0, { env, input: bytes })).toMatchObject({ ok: true });
    const [job] = (await cli.json<{ jobs: { job_id: string; filename: string }[] }>(['list'])).jobs;
    expect(job!.filename).toBe('from a pipe.png');
    expect(await readFile(join(cli.jobsDir, job!.job_id, 'input/from a pipe.png'))).toEqual(bytes);
  });
});

it('an interrupted submit that still waits for its image makes no job', async () => {
  const waiting = spawn(process.execPath, [MAIN, 'submit', '--image', '-'], {
    env: { ...process.env, JOBS_DIR: cli.jobsDir, TMPDIR: cli.dir },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => waiting.on('close', resolve));
  // Its beginning is that of a PNG; the rest never comes.
  waiting.stdin.write(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100_000)]));
  await until(async () => (await readdir(cli.jobsDir).catch(() => [])).length > 0);
  waiting.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(await cli.json(['list'])).toEqual({ ok: true, jobs: [], damaged: [] });
});
