import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliOptions, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

interface Held {
  value: unknown;
  from: string;
  said_by?: string;
}
interface Report {
  file: string | null;
  settings: Record<string, Held>;
  params: Record<string, Held>;
}

/** The tests' own settings are none of what a file is compared with. */
const BARE = { ASTRO_INDEX_DIRS: undefined, ASTRO_JOBS_CONCURRENCY: undefined, JOBS_DIR: undefined };

const writeConfig = (content: unknown, name = 'astro-jobs.config.json') =>
  writeFile(join(cli.dir, name), JSON.stringify(content));
const report = (args: readonly string[] = [], { env, ...options }: CliOptions = {}) =>
  cli.json<Report>(['config', ...args], 0, { env: { ...BARE, ...env }, ...options });

describe('config', () => {
  it('says of each value what says it: flag before environment before file before default', async () => {
    await writeConfig({
      jobsDir: 'jobs',
      concurrency: 2,
      memory: false,
      params: { timeout: 90, measure: false },
    });
    const env = { ASTRO_JOBS_CONCURRENCY: '3', ASTRO_JOBS_TOKEN: 'secret' };
    const { file, settings, params } = await report(
      ['--timeout', '5m', '--index-dir', '/a', '--index-dir', '/b'],
      { env },
    );
    expect(file).toBe(join(cli.dir, 'astro-jobs.config.json'));
    expect(settings.jobsDir).toEqual({ value: join(cli.dir, 'jobs'), from: 'file', said_by: file });
    expect(settings.memory).toMatchObject({ value: 'off', from: 'file' });
    expect(settings.concurrency).toEqual({
      value: '3',
      from: 'environment',
      said_by: 'ASTRO_JOBS_CONCURRENCY',
    });
    expect(settings.token).toMatchObject({ value: '(set)', from: 'environment' });
    expect(settings.indexDirs).toEqual({ value: '/a:/b', from: 'flag', said_by: '--index-dir' });
    expect(settings.isolation).toEqual({ value: 'process', from: 'default' });
    expect(params.timeout).toEqual({ value: 300, from: 'flag', said_by: '--timeout' });
    expect(params.measure).toMatchObject({ value: false, from: 'file' });
    expect(params.downsample).toEqual({ value: 2, from: 'default' });
  });

  it('prints no password of a URL', async () => {
    const { settings } = await report([], { env: { ASTRO_JOBS_STORE_URL: 'postgres://me:pass@db/astro' } });
    expect(settings.storeUrl?.value).toBe('postgres://me:***@db/astro');
  });

  it('finds the nearest file above, a key of package.json too, and takes another that is named', async () => {
    const below = join(cli.dir, 'a', 'b');
    await mkdir(below, { recursive: true });
    expect(await report([], { cwd: below })).toMatchObject({ file: null });
    await writeConfig({ name: 'host', 'astro-jobs': { concurrency: 5 } }, 'package.json');
    const found = await report([], { cwd: below });
    expect(found).toMatchObject({
      file: join(cli.dir, 'package.json'),
      settings: { concurrency: { value: '5' } },
    });
    await writeConfig({ concurrency: 6 }, 'a/astro-jobs.config.json');
    expect(await report([], { cwd: below })).toMatchObject({ settings: { concurrency: { value: '6' } } });
    await writeConfig({ concurrency: 7 }, 'other.json');
    const named = await report(['--config', '../../other.json'], { cwd: below });
    expect(named).toMatchObject({
      settings: { concurrency: { value: '7', said_by: join(cli.dir, 'other.json') } },
    });
  });
});

describe('a configuration file', () => {
  it('holds for the jobs that are submitted, in the process that runs them too, and not for those that are retried', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const bin = await writeExtractor(cli.dir);
    await writeConfig({ extractorBin: bin, params: { solver: 'external', timeout: 77 } });
    const id = await cli.submit(image);
    const result = await cli.json(['wait', id]);
    expect(result).toMatchObject({ ok: true, filename: 'from-the-script.jpg' });
    expect(await cli.json(['status', id])).toMatchObject({ params: { solver: 'external', timeout: 77 } });

    await writeConfig({
      extractorBin: await writeExtractor(cli.dir, 'exit 3'),
      params: { solver: 'external', timeout: 5 },
    });
    const failed = await cli.submit(image, '--timeout', '33');
    await cli.json(['wait', failed], 1);
    expect(await cli.json(['status', failed])).toMatchObject({ params: { timeout: 33 } });
    expect(await cli.json(['retry', failed])).toMatchObject({ params: { solver: 'external', timeout: 33 } });
    await cli.idle();
  });

  it.each([
    [{ concurency: 1 }, 'Unknown key `concurency` (did you mean `concurrency`?); known are jobsDir, '],
    [
      { params: { tiemout: 1 } },
      'Unknown key `params.tiemout` (did you mean `timeout`?); known are scale_low, ',
    ],
    [{ concurrency: 0 }, 'Expected `concurrency` to be a whole number, 1 or more, got `0` (number)'],
    [{ access: 'all' }, 'Expected `access` to be `private` or `group`, got `"all"` (string)'],
    [{ indexDirs: '/data' }, 'Expected `indexDirs` to be a list of paths, got `"/data"` (string)'],
    [{ packageDir: '/a' }, 'Unknown key `packageDir`'],
    [[], 'Expected `keys` to be '],
  ])('that is wrong is refused with its name: %j', async (content, message) => {
    await writeConfig(content);
    const ended = await cli.run(['list']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(
      `error: The configuration ${join(cli.dir, 'astro-jobs.config.json')}: ${message}`,
    );
    // Help, version and completion are there all the same.
    for (const args of [['list', '--help'], ['--version'], ['completion', 'bash']])
      expect(await cli.run(args)).toMatchObject({ code: 0, stderr: '' });
  });

  it('that is no JSON is refused', async () => {
    await writeFile(join(cli.dir, 'astro-jobs.config.json'), '{');
    expect(await cli.run(['list'])).toMatchObject({ code: 2, stderr: expect.stringContaining('is no JSON') });
  });

  it.runIf(process.getuid?.() === 0)('of another user is not believed, unless it is named', async () => {
    await writeConfig({ extractorBin: '/tmp/evil' });
    await chown(join(cli.dir, 'astro-jobs.config.json'), 12_345, 12_345);
    const ended = await cli.run(['config']);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('belongs to another user') });
    const { settings } = await report(['--config', 'astro-jobs.config.json']);
    expect(settings.extractorBin?.value).toBe('/tmp/evil');
  });
});

it('solve copies what its jobs leave into folders named after the images', async () => {
  const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir) };
  await mkdir(join(cli.dir, 'b'));
  await writeImage(join(cli.dir, 'sky.png'));
  await writeImage(join(cli.dir, 'b', 'sky.png'));
  const ended = await cli.run(['solve', 'sky.png', 'b/sky.png', '-o', 'out', '--quiet', ...EXTERNAL], {
    env,
  });
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  for (const folder of ['sky', 'sky-2']) {
    const text = await readFile(join(cli.dir, 'out', folder, 'result.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ ok: true });
  }
});
