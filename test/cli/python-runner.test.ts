import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { useCli } from './process.js';

// Two programs on one jobs directory: this one, and a runner in Python that knows the contract and nothing of this one.

const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const RUNNER = fileURLToPath(new URL('python-runner.py', import.meta.url));
const cli = useCli();

/** What the external script of the Python runner says of each image. */
const FOUND = {
  ok: true,
  filename: 'orion.jpg',
  capture: { camera_model: 'Canon EOS 6D' },
  astrometry: {
    ...{
      ra_center: 84.15,
      dec_center: -3,
      fov_deg: [15.2, 10.2],
      pixscale_arcsec: 30.6,
      orientation_deg: 168,
    },
    objects: [{ name: 'Orion Nebula', catalog: 'M', id: '42', sep_arcmin: 144.8 }],
  },
};

interface Answer {
  code: number;
  document: Record<string, unknown>;
}

/** Runs a command of the Python runner. */
function python(...args: string[]): Promise<Answer> {
  const env = { ...process.env, JOBS_DIR: cli.jobsDir, ASTRO_EXTRACT_BIN: join(cli.dir, 'extract') };
  return new Promise((resolve, reject) =>
    execFile('python3', [RUNNER, ...args], { env }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(stderr));
      resolve({
        code: typeof error?.code === 'number' ? error.code : 0,
        document: JSON.parse(stdout) as Answer['document'],
      });
    }),
  );
}

/** The same command of this program. */
async function ours(...args: string[]): Promise<Answer> {
  const { code, stdout } = await cli.run(args);
  return { code: code ?? -1, document: JSON.parse(stdout) as Answer['document'] };
}

/** This program says all that the Python runner says of a job, and may say more; only it keeps the number of a change to itself. */
async function expectAlike(command: string, id: string): Promise<void> {
  const { code, document } = await python(command, '--job-id', id);
  const { revision: _, ...said } = document;
  expect(await ours(command, '--job-id', id)).toMatchObject({ code, document: said });
}

describe('beside the runner in Python', () => {
  beforeEach(async () => {
    const script = join(cli.dir, 'extract');
    await writeFile(script, `#!/bin/sh\necho "scale $4 to $6" >&2\necho '${JSON.stringify(FOUND)}'\n`);
    await chmod(script, 0o755);
    await mkdir(cli.jobsDir);
  });

  it('its jobs are read, listed, exported from and removed', async () => {
    const submitted = await python('submit', '--image', ORION, '--scale-low', '12', '--scale-high', '18');
    const id = String(submitted.document.job_id);
    expect(submitted).toEqual({ code: 0, document: { ok: true, job_id: id } });
    for (const command of ['status', 'result']) await expectAlike(command, id);
    const { jobs } = await cli.json<{ jobs: { job_id: string; state: string }[] }>(['list']);
    expect(jobs).toMatchObject([{ job_id: id, state: 'done' }]);
    expect((await cli.run(['logs', '--job-id', id])).stdout).toBe('scale 12.0 to 18.0\n');
    await cli.run(['remove', '--job-id', id]);
    const gone = { code: 1, document: { ok: false, error: 'Job not found', job_id: id } };
    for (const command of ['status', 'result']) {
      expect(await python(command, '--job-id', id)).toEqual(gone);
      await expectAlike(command, id);
    }
  });

  it('it reads the jobs of this program, while they run too, and never half a document', async () => {
    const id = await cli.submit(ORION, '--scale-low', '12', '--scale-high', '18');
    const { document: states } = await python('watch', '--job-id', id);
    expect(states).toEqual(expect.arrayContaining(['done']));
    await expectAlike('status', id);
    expect((await python('status', '--job-id', id)).document).toMatchObject({
      params: { scale_low: 12, scale_high: 18, downsample: 2, timeout: 600 },
      state: 'done',
    });
    const solved = await python('result', '--job-id', id);
    expect(solved).toEqual(await ours('result', '--job-id', id));
    expect(solved.document).toMatchObject({
      ok: true,
      astrometry: { fov_deg: [expect.closeTo(15.2, 0), expect.any(Number)] },
    });
  });

  it('a job that it has left waiting is solved by this program, and then read by it', async () => {
    const { document } = await python('submit', '--image', ORION, '--scale-low', '12', '--leave-queued');
    const id = String(document.job_id);
    const waiting = { code: 1, document: { ok: false, error: 'Job not ready (state=queued)', job_id: id } };
    expect(await python('result', '--job-id', id)).toEqual(waiting);
    expect((await cli.run(['wait', '--job-id', id])).code).toBe(0);
    const read = await python('result', '--job-id', id);
    expect(read).toEqual(await ours('result', '--job-id', id));
    expect(read.document).toMatchObject({ ok: true, astrometry: { constellation: 'Ori' } });
    expect(await python('status', '--job-id', id)).toMatchObject({ code: 0, document: { state: 'done' } });
  });

  it('both answer alike to what is not there, and to a damaged result', async () => {
    const missing = join(cli.dir, 'gone.jpg');
    for (const submit of [ours, python])
      expect(await submit('submit', '--image', missing)).toMatchObject({
        code: 1,
        document: { ok: false, error: expect.stringMatching(/^Image not found: .*gone\.jpg/) },
      });
    const unknown = newJobId();
    for (const command of ['status', 'result']) await expectAlike(command, unknown);
    const id = String((await python('submit', '--image', ORION)).document.job_id);
    await writeFile(join(cli.jobsDir, id, 'output', 'result.json'), '{"ok": tr');
    for (const answer of [await python('result', '--job-id', id), await ours('result', '--job-id', id)])
      expect(answer).toMatchObject({
        code: 2,
        document: { ok: false, error: expect.stringMatching(/^Invalid result JSON: /), job_id: id },
      });
  });
});
