import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDeclination, parseRightAscension } from '../../src/cli/options.js';
import { newJobId } from '../../src/job/id.js';
import { useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

const documents = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { ok: boolean; error?: string; job_id?: string });

/** A job that has ended, as another program may have left it. */
async function writeJob(id: string): Promise<void> {
  const folder = join(cli.jobsDir, id);
  await mkdir(join(folder, 'output'), { recursive: true });
  const status = { job_id: id, state: 'done', message: null, params: {}, created_at: 1, updated_at: 2 };
  await writeFile(join(folder, 'status.json'), JSON.stringify(status));
  await writeFile(join(folder, 'output/result.json'), JSON.stringify({ ok: true, filename: `${id}.jpg` }));
}

it('solve takes folders, patterns and files, side by side, and answers in their order', async () => {
  const night = join(cli.dir, 'night');
  await mkdir(night);
  for (const name of ['b.png', 'a.png', 'notes.txt']) await writeImage(join(night, name));
  await writeImage(join(cli.dir, 'c.fit.png'));
  const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'true') };
  const given = ['solve', 'night', 'none.png', '*.fit.png', 'no*.fit', ...EXTERNAL, '--concurrency', '2'];
  const ended = await cli.run(given, { env });
  expect(ended).toMatchObject({ code: 1 });
  expect(documents(ended.stdout).map(({ ok, error }) => error ?? ok)).toEqual([
    true,
    true,
    expect.stringContaining('none.png'),
    true,
    expect.stringContaining('no*.fit'),
  ]);
  const csv = await cli.run([...given, '--csv'], { env });
  const files = csv.stdout
    .trim()
    .split('\r\n')
    .map((line) => line.split(',')[0]);
  expect(files).toEqual(['file', 'night/a.png', 'night/b.png', 'none.png', 'c.fit.png', 'no*.fit']);
});

it('an id may be cut short as long as it is one alone', async () => {
  const [first, second] = [`1f0c${newJobId().slice(4)}`, `1f0d${newJobId().slice(4)}`];
  await writeJob(first);
  await writeJob(second);
  expect(await cli.json(['status', '1f0c'])).toMatchObject({ ok: true, job_id: first });
  expect(await cli.json(['result', '--job-id', '1f0d'])).toMatchObject({ filename: `${second}.jpg` });
  const short = '1f0';
  expect(await cli.json(['status', short], 1)).toMatchObject({ error: 'Job not found', job_id: short });
  expect(await cli.json(['files', '1f0c'])).toMatchObject({ ok: true, files: [{ name: 'result.json' }] });

  const third = `1f0c${newJobId().slice(4)}`;
  await writeJob(third);
  const ambiguous = await cli.run(['status', '1f0c']);
  expect(ambiguous).toMatchObject({ code: 2, stdout: '' });
  expect(ambiguous.stderr).toMatch(/could be any of/);
  expect(ambiguous.stderr).toContain(first);
  expect(ambiguous.stderr).toContain(third);

  const waited = await cli.run(['wait', first, 'ffff', '1f0d']);
  expect(waited).toMatchObject({ code: 1 });
  expect(documents(waited.stdout).map(({ ok }) => ok)).toEqual([true, false, true]);
});

it('angles are read as people write them', () => {
  expect(['83.82', '05:35:17', '5h35m17s', '5 35 17'].map(parseRightAscension)).toEqual([
    83.82,
    expect.closeTo(83.8208, 4),
    expect.closeTo(83.8208, 4),
    expect.closeTo(83.8208, 4),
  ]);
  expect(['-5.39', '-05:23:28', '−5d23m28s', "+22°14'"].map(parseDeclination)).toEqual([
    -5.39,
    expect.closeTo(-5.3911, 4),
    expect.closeTo(-5.3911, 4),
    expect.closeTo(22.2333, 4),
  ]);
  for (const wrong of ['', '5:75:00', 'north', '5::3'])
    expect(() => parseDeclination(wrong)).toThrow(/Expected degrees/);
});
