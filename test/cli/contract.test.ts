import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { until, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

const HOSTILE_IDS = [
  '../../etc',
  '..',
  '/etc/passwd',
  '-rf',
  '',
  ' ',
  'a`id`',
  '$(id)',
  'x\ny',
  '\u001b[2J',
  'F'.repeat(32),
  'f'.repeat(3000),
  '0123456789ab4def8123456789abcdef/../0123456789ab4def8123456789abcdef',
];

/** A job folder as another program writes it: the documented fields and no others. */
async function writeForeignJob(state: string, result?: string): Promise<string> {
  const id = newJobId();
  const folder = join(cli.jobsDir, id);
  await mkdir(join(folder, 'input'), { recursive: true });
  await mkdir(join(folder, 'output'));
  const params = { scale_low: null, scale_high: null, downsample: 2, timeout: 600 };
  const status = {
    job_id: id,
    state,
    message: null,
    params,
    created_at: 1724277600.25,
    updated_at: 1724277601.5,
  };
  await writeFile(join(folder, 'status.json'), JSON.stringify(status));
  await writeFile(join(folder, 'task.log'), 'Reading input file 1 of 1\n');
  if (result !== undefined) await writeFile(join(folder, 'output/result.json'), result);
  return id;
}

describe('submit, status and result', () => {
  it('print the documented documents and nothing else', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'echo seen by the script >&2') };
    const submitted = await cli.run(
      ['submit', '--image', image, '--scale-low', '1', '--scale-high', '3', ...EXTERNAL],
      { env },
    );
    expect(submitted.stdout).toMatch(/^\{"ok": true, "job_id": "[0-9a-f]{32}"\}\n$/);
    expect(submitted).toMatchObject({ code: 0, stderr: '' });
    const { job_id } = JSON.parse(submitted.stdout) as { job_id: string };

    await until(async () => (await cli.json(['status', '--job-id', job_id])).state === 'done');
    const status = await cli.json(['status', '--job-id', job_id]);
    expect(status).toMatchObject({ ok: true, job_id, state: 'done', filename: 'sky.png' });
    expect(status.params).toMatchObject({
      scale_low: 1,
      scale_high: 3,
      downsample: 2,
      timeout: 600,
      ra: null,
    });
    expect(Number(status.updated_at)).toBeGreaterThanOrEqual(Number(status.created_at));

    const stored = JSON.parse(
      await readFile(join(cli.jobsDir, job_id, 'output/result.json'), 'utf8'),
    ) as unknown;
    expect(await cli.json(['result', '--job-id', job_id])).toEqual(stored);
    expect(stored).toMatchObject({ ok: true, astrometry: { ra_center: 312.3, dec_center: 45.2 } });
    expect(await readFile(join(cli.jobsDir, job_id, 'task.log'), 'utf8')).toContain('seen by the script');
    expect(await readFile(join(cli.jobsDir, job_id, 'input/sky.png'))).toEqual(await readFile(image));
  });

  it('take --jobs-dir before and after the command, in the place of JOBS_DIR', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const elsewhere = join(cli.dir, 'elsewhere');
    const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir), JOBS_DIR: '/dev/null/nowhere' };
    const submit = ['submit', '--image', image, ...EXTERNAL];
    const { job_id } = await cli.json<{ job_id: string }>([...submit, '--jobs-dir', elsewhere], 0, { env });
    expect(await cli.json(['--jobs-dir', elsewhere, 'status', '--job-id', job_id], 0, { env })).toMatchObject(
      { job_id },
    );
  });
});

describe('an image that is none', () => {
  it('ends with exit status 1 and says why, and makes no job', async () => {
    const image = (name: string) => join(cli.dir, name);
    await mkdir(image('folder.jpg'));
    execFileSync('mkfifo', [image('pipe.jpg')]);
    await writeFile(image('empty.fits'), '');
    await writeFile(image('page.jpg'), '<html>not found</html>');
    await writeImage(image('whole.jpg'), 'jpeg');
    const cases: [string, RegExp][] = [
      ['missing.jpg', /^Image not found: .*missing\.jpg/],
      ['folder.jpg', /folder\.jpg: The file is a folder/],
      ['pipe.jpg', /pipe\.jpg: The file is no regular file/],
      ['whole.jpg/inside.jpg', /^Image not found: /],
      ['empty.fits', /empty/],
      ['page.jpg', /HTML|not an image|cannot be read/i],
      ['n'.repeat(300), /^Image not found: /],
      ['line\nbreak.fits', /^Image not found: /],
    ];
    for (const [name, error] of cases) {
      const document = await cli.json(['submit', '--image', image(name)], 1);
      expect(document).toMatchObject({ ok: false, error: expect.stringMatching(error) as string });
    }
    expect(await cli.json(['list'])).toEqual({ ok: true, jobs: [], damaged: [] });
    expect(cli.processes()).toEqual([]);
  });
});

describe('a job id', () => {
  const commands = [
    ['status'],
    ['result'],
    ['wait'],
    ['logs'],
    ['cancel'],
    ['retry'],
    ['remove'],
    ['annotate', '-o', 'x.jpg'],
  ];

  it('that does not exist is not found, whatever the command', async () => {
    const job_id = newJobId();
    for (const command of commands) {
      const document = await cli.json([...command, '--job-id', job_id], 1);
      expect(document, command[0]).toMatchObject({ ok: false, error: 'Job not found', job_id });
    }
  });

  it('that is no id is not found, leads nowhere and is printed without harm', async () => {
    await writeForeignJob('queued');
    for (const job_id of HOSTILE_IDS) {
      const ended = await cli.run(['status', '--job-id', job_id]);
      expect(ended, job_id).toMatchObject({ code: 1, stderr: '' });
      expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, error: 'Job not found', job_id });
      expect(ended.stdout.trimEnd()).not.toMatch(/\p{Cc}/u);
    }
    for (const command of commands) {
      expect(await cli.json([...command, '--job-id', '../../etc'], 1)).toMatchObject({
        error: 'Job not found',
      });
    }
  });
});

describe('a result', () => {
  it('that is not there yet says so and the state, with exit status 1', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const env = {
      ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, `until [ -e ${cli.dir}/go ]; do sleep 0.1; done`),
    };
    const { job_id } = await cli.json<{ job_id: string }>(['submit', '--image', image, ...EXTERNAL], 0, {
      env,
    });
    await until(async () => (await cli.json(['status', '--job-id', job_id])).state === 'processing');
    const early = await cli.json(['result', '--job-id', job_id], 1);
    expect(early).toMatchObject({ ok: false, error: 'Job not ready (state=processing)', job_id });
    const waited = await cli.json(['wait', '--job-id', job_id, '--timeout', '1s'], 1);
    expect(waited).toMatchObject({ ok: false, error: 'Job not ready (state=processing)', job_id });
    await writeFile(join(cli.dir, 'go'), '');
    expect(await cli.json(['wait', '--job-id', job_id])).toMatchObject({ ok: true });
  });

  it('that is damaged says so, with exit status 2', async () => {
    for (const text of ['{"ok": true, "astro', '', '[1, 2]', 'null']) {
      const job_id = await writeForeignJob('done', text);
      const document = await cli.json(['result', '--job-id', job_id], 2);
      expect(document).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^Invalid result JSON: /) as string,
        job_id,
      });
    }
  });

  it('of a job that failed is its document, with exit status 0', async () => {
    const failure = { ok: false, error: 'No solution', error_code: 'no_solution', filename: 'x.jpg' };
    const job_id = await writeForeignJob('error', JSON.stringify(failure));
    expect(await cli.json(['result', '--job-id', job_id])).toEqual(failure);
  });
});

describe('jobs of another program', () => {
  it('are read by status, result, list and logs', async () => {
    const result = {
      ok: true,
      filename: 'x.jpg',
      capture: {},
      astrometry: {
        ra_center: 1,
        dec_center: 2,
        fov_deg: [1, 1],
        pixscale_arcsec: 3,
        orientation_deg: 4,
        objects: [],
      },
    };
    const job_id = await writeForeignJob('done', JSON.stringify(result));
    const status = await cli.json(['status', '--job-id', job_id]);
    expect(status).toMatchObject({
      ok: true,
      job_id,
      state: 'done',
      message: null,
      created_at: 1724277600.25,
    });
    expect(await cli.json(['result', '--job-id', job_id])).toEqual(result);
    const { jobs } = await cli.json<{ jobs: { job_id: string }[] }>(['list']);
    expect(jobs.map((job) => job.job_id)).toEqual([job_id]);
    expect((await cli.run(['logs', '--job-id', job_id])).stdout).toBe('Reading input file 1 of 1\n');
  });

  it('are read beside one whose status is torn, which is named', async () => {
    const whole = await writeForeignJob('done', '{}');
    const torn = newJobId();
    await cp(join(cli.jobsDir, whole), join(cli.jobsDir, torn), { recursive: true });
    await writeFile(join(cli.jobsDir, torn, 'status.json'), '{"job_id": "');
    const ended = await cli.run(['list']);
    const page = JSON.parse(ended.stdout) as { jobs: { job_id: string }[]; damaged: { job_id: string }[] };
    expect(page.jobs.map((job) => job.job_id)).toEqual([whole]);
    expect(page.damaged.map((job) => job.job_id)).toEqual([torn]);
    expect(ended.stderr).toContain(torn);
    expect(await cli.json(['status', '--job-id', torn], 2)).toMatchObject({ ok: false, job_id: torn });
  });
});

describe('wrong usage', () => {
  it('ends with exit status 2, the usage on stderr and nothing on stdout', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const wrong = [
      [],
      ['frobnicate'],
      ['submit'],
      ['submit', '--image'],
      ['submit', '--image', image, '--frobnicate'],
      ['submit', '--image', image, '--scale-low', 'wide'],
      ['submit', '--image', image, '--scale-low', '-1'],
      ['submit', '--image', image, '--scale-low', '3', '--scale-high', '1'],
      ['submit', '--image', image, '--downsample', '0.5'],
      ['submit', '--image', image, '--ra', '83'],
      ['submit', '--image', image, '--solver', 'magic'],
      ['status'],
      ['status', 'extra', '--job-id', newJobId()],
      ['list', '--state', 'finished'],
      ['prune'],
      ['prune', '--older-than', 'yesterday'],
      ['\u001b[31mred'],
    ];
    for (const args of wrong) {
      const ended = await cli.run(args);
      expect(ended, args.join(' ')).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('Usage: astro-jobs');
      expect(ended.stderr).not.toContain('\u001b');
    }
    expect(await cli.json(['list'])).toMatchObject({ jobs: [] });
  });

  it('names the value and what would have been right', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const { stderr } = await cli.run(['submit', '--image', image, '--scale-low', '-1']);
    expect(stderr).toContain('Expected --scale-low to be a positive number of scale units, got `-1`');
  });
});

describe('help', () => {
  it('teaches every command by examples', async () => {
    const { stdout } = await cli.run(['--help']);
    expect(stdout).toContain('Examples:');
    const names = [...stdout.matchAll(/^ {2}([a-z]+) .*\[options\]/gm)].map((match) => match[1]!);
    expect(names).toEqual(
      expect.arrayContaining([
        'submit',
        'status',
        'result',
        'wait',
        'solve',
        'list',
        'logs',
        'cancel',
        'retry',
        'remove',
        'prune',
        'forget',
        'annotate',
        'doctor',
      ]),
    );
    for (const name of names) {
      const help = await cli.run([name, '--help']);
      expect(help, name).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout, name).toContain(`$ astro-jobs ${name} `.trimEnd());
    }
  });
});
