import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MAIN, useCli } from './process.js';

const cli = useCli();
const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

interface Solved {
  filename: string;
  astrometry: { ra_center: number; dec_center: number; objects: { names: string[] }[] };
}

function expectOrion({ astrometry }: Solved): void {
  expect(astrometry.ra_center).toBeCloseTo(84.15, 1);
  expect(astrometry.dec_center).toBeCloseTo(-3, 1);
  expect(astrometry.objects.flatMap((object) => object.names)).toEqual(
    expect.arrayContaining(['M 42', 'M 78', 'Horsehead Nebula', 'Alnitak', 'Rigel']),
  );
}

it('the example is solved by solve-field though its shell and its whole process group end at once', async () => {
  const env = { ...process.env, JOBS_DIR: cli.jobsDir, TMPDIR: cli.dir };
  const script = `"${process.execPath}" "${MAIN}" submit --image "${EXAMPLE}" --annotate --solver solve-field; kill -HUP 0`;
  const shell = promisify(execFile)('setsid', ['--wait', 'sh', '-c', script], { env });
  const { stdout } = await shell.catch((killed: { stdout: string }) => killed);
  const { job_id } = JSON.parse(stdout) as { job_id: string };

  expectOrion(await cli.json<Solved>(['wait', '--job-id', job_id]));
  await cli.idle();
  expect(await readFile(join(cli.jobsDir, job_id, 'input/orion.jpg'))).toEqual(await readFile(EXAMPLE));
  expect((await cli.run(['logs', '--job-id', job_id])).stdout).toContain('solved with index');

  const kept = await readFile(join(cli.jobsDir, job_id, 'output/annotated.jpg'));
  expect(kept.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  const drawn = { jpg: [0xff, 0xd8], PNG: [0x89, 0x50], svg: [...Buffer.from('<svg')] };
  for (const [extension, magic] of Object.entries(drawn)) {
    const file = join(cli.dir, `named.${extension}`);
    expect(await cli.json(['annotate', '--job-id', job_id, '-o', file])).toEqual({ ok: true, job_id, file });
    expect([...(await readFile(file)).subarray(0, magic.length)]).toEqual(magic);
  }
  expect((await cli.run(['annotate', '--job-id', job_id, '-o', 'named.gif'])).code).toBe(2);
  await expectExports(job_id);
});

/** Sidecars beside an image, which never replace what is there, and a file by its name. */
async function expectExports(job_id: string) {
  const { exports } = await cli.json<{ exports: { format: string }[] }>(['export', job_id]);
  expect(exports.map(({ format }) => format)).toEqual(
    expect.arrayContaining(['json', 'wcs', 'kmz', 'ds9', 'avm']),
  );
  const image = join(cli.dir, 'M42.jpg');
  const beside = ['export', '--job-id', job_id, '--format', 'json,wcs', '--beside', image];
  const files = ['json', 'wcs'].map((format) => ({ format, file: join(cli.dir, `M42.${format}`) }));
  expect(await cli.json(beside)).toEqual({ ok: true, job_id, files });
  expect(JSON.parse(await readFile(files[0]!.file, 'utf8'))).toMatchObject({ ok: true });
  await writeFile(files[0]!.file, 'mine');
  expect(await cli.json(beside, 1)).toMatchObject({ error_code: 'storage_failed', job_id });
  expect(await readFile(files[0]!.file, 'utf8')).toBe('mine');
  await cli.json([...beside, '--force']);
  expect(await readFile(files[0]!.file, 'utf8')).not.toBe('mine');
  const kml = join(cli.dir, 'place.kml');
  await cli.json(['export', job_id, '--format', 'kml', '-o', kml]);
  expect(await readFile(kml, 'utf8')).toContain('<kml');
  for (const wrong of [
    ['export'],
    ['export', job_id, '-f', 'gif'],
    ['export', job_id, '-f', 'kml,wcs', '-o', kml],
  ])
    expect((await cli.run(wrong)).code).toBe(2);
}

it('it is solved by a name that would run a command, with nothing run and no process left', async () => {
  const name = 'orion `touch pwned` $(touch pwned);.jpg';
  await writeFile(join(cli.dir, name), await readFile(EXAMPLE));
  expectOrion(await cli.json<Solved>(['solve', '--image', name]));
  await cli.idle();
  await expect(readFile(join(cli.dir, 'pwned'))).rejects.toThrow('ENOENT');
});

it('a photograph without stars ends in an error that says so, and there is nothing to draw', async () => {
  const { default: sharp } = await import('sharp');
  const grey = sharp({ create: { width: 400, height: 300, channels: 3, background: '#666' } });
  await writeFile(join(cli.dir, 'wall.jpg'), await grey.jpeg().toBuffer());
  const failure = await cli.json(['solve', '--image', 'wall.jpg', '--timeout', '60'], 1);
  expect(failure).toMatchObject({ ok: false, error_code: 'too_few_stars', filename: 'wall.jpg' });
  const [job] = (await cli.json<{ jobs: { job_id: string }[] }>(['list'])).jobs;
  const refused = await cli.json(['annotate', '--job-id', job!.job_id, '-o', 'wall-named.jpg'], 1);
  expect(refused).toMatchObject({ ok: false, job_id: job!.job_id });
  expect(refused.error).not.toBe('Job not found');
});
