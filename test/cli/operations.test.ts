import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from '../../src/cli/doctor/fields.js';
import { until, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

interface Diagnosis {
  ok: boolean;
  checks: { name: string; state: string; found: string; advice?: string }[];
  fields: { covered: { low_deg: number; high_deg: number }[] };
}

const index = (lower_arcmin: number, upper_arcmin: number) => ({
  path: 'index.fits',
  lower_arcmin,
  upper_arcmin,
});

describe('the fields that index files cover', () => {
  it('reach from their smallest quad to ten times their largest, and the gaps name what would fill them', () => {
    expect(fieldsOf([index(22, 30), index(680, 1000)])).toEqual({
      covered: [
        { low_deg: 0.367, high_deg: 5 },
        { low_deg: 11.3, high_deg: 167 },
      ],
      gaps: [
        {
          low_deg: 0.0333,
          high_deg: 0.367,
          index_files: ['5200', '5201', '5202', '5203', '5204', '5205', '5206'].map(
            (number) => `index-${number}`,
          ),
        },
        { low_deg: 5, high_deg: 11.3, index_files: ['index-4114', 'index-4115', 'index-4116'] },
        { low_deg: 167, high_deg: 180, index_files: [] },
      ].filter((gap) => gap.index_files.length > 0),
    });
  });

  it('are none without index files', () => {
    const { covered, gaps } = fieldsOf([]);
    expect(covered).toEqual([]);
    expect(gaps.map(({ index_files }) => index_files.length)).toEqual([20]);
  });
});

describe('doctor', () => {
  it('finds everything here, and says so to people on stderr and to programs on stdout', async () => {
    const ended = await cli.run(['doctor']);
    expect(ended.code).toBe(0);
    const diagnosis = JSON.parse(ended.stdout) as Diagnosis;
    expect(diagnosis.ok).toBe(true);
    expect(diagnosis.fields.covered.length).toBeGreaterThan(0);
    const said = ended.stderr.replace(/ +/g, ' ');
    for (const { name, found } of diagnosis.checks) expect(said).toContain(`${name} ${found}`);
    expect(ended.stderr).toMatch(/solve-field 0\.\d+/);
  });

  it('says what to do about each thing that is missing', async () => {
    await writeFile(join(cli.dir, 'file'), '');
    const env = {
      PATH: join(cli.dir, 'no-programs'),
      ASTRO_SOLVE_FIELD: '',
      JOBS_DIR: join(cli.dir, 'file/jobs'),
    };
    const ended = await cli.run(['doctor'], { env });
    expect(ended.code).toBe(1);
    const { ok, checks } = JSON.parse(ended.stdout) as Diagnosis;
    expect(ok).toBe(false);
    const missing = checks.filter(({ state }) => state === 'missing');
    // The package's own engine needs none of the programs.
    expect(missing.map(({ name }) => name)).toEqual(['jobs directory']);
    const notes = checks.filter(({ state }) => state === 'note').map(({ name }) => name);
    expect(notes).toEqual(expect.arrayContaining(['solver']));
    for (const { advice } of missing) {
      expect(advice).toBeTruthy();
      expect(ended.stderr).toContain(advice);
    }
    expect(ended.stderr).toContain('apt-get install astrometry.net');
  });

  it('is content with an extraction script in the place of solve-field', async () => {
    const env = {
      PATH: join(cli.dir, 'no-programs'),
      ASTRO_SOLVE_FIELD: '',
      ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir),
    };
    expect(await cli.json<Diagnosis>(['doctor'], 0, { env })).toMatchObject({ ok: true });
  });
});

describe('serve', () => {
  it('answers over HTTP, submits to the same jobs directory, and stops in order', async () => {
    const bin = await writeExtractor(cli.dir);
    const server = cli.start(['serve', '--port', '0'], { env: { ASTRO_EXTRACT_BIN: bin } });
    await until(() => server.stdout().includes('\n'));
    const { url } = JSON.parse(server.stdout()) as { url: string };
    expect(new URL(url).hostname).toBe('127.0.0.1');
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  });
});

describe('worker', () => {
  it('answers probes, solves what is submitted, and drains at SIGTERM', async () => {
    const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir) };
    await mkdir(cli.jobsDir);
    const worker = cli.start(['worker', '--health-port', '0', '--concurrency', '1'], { env });
    await until(() => worker.stdout().includes('\n'));
    const { health_port } = JSON.parse(worker.stdout()) as { health_port: number };
    expect((await fetch(`http://127.0.0.1:${health_port}/readyz`)).status).toBe(200);
    const image = await writeImage(join(cli.dir, 'sky.png'));
    expect(await cli.json(['solve', '--image', image, ...EXTERNAL], 0, { env })).toMatchObject({ ok: true });
    // No other runner was started beside it.
    const folder = join(cli.jobsDir, '.astro-jobs');
    const runner = (await readdir(folder)).find((name) => /^runner-.*\.json$/.test(name));
    const { pid } = JSON.parse(await readFile(join(folder, runner!), 'utf8')) as { pid: number };
    expect(JSON.parse(worker.stdout())).toMatchObject({ pid });
    worker.kill('SIGTERM');
    expect(await worker.ended).toMatchObject({ code: 0 });
  });
});
