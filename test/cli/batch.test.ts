import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchRow } from 'astro-jobs';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { until, useCli } from './process.js';
import { EXTERNAL, writeExtractor } from './scripted.js';

const cli = useCli();

/** Small pictures, no two of them alike. */
async function writeNight(count: number): Promise<string> {
  const folder = join(cli.dir, 'night');
  await mkdir(folder);
  for (let number = 0; number < count; number++) {
    const background = { r: number, g: 9, b: 20 };
    const picture = sharp({ create: { width: 32, height: 24, channels: 3, background } });
    await writeFile(join(folder, `sky-${number}.png`), await picture.png().toBuffer());
  }
  return folder;
}

const linesOf = async (path: string) => (await readFile(path, 'utf8').catch(() => '')).trim().split('\n');

it('a batch that is killed three times has every picture once in its table', async () => {
  const PICTURES = 24;
  const folder = await writeNight(PICTURES);
  const runs = join(cli.dir, 'runs');
  // Stands in for a solver that takes its time.
  const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, `echo run >> ${runs}; sleep 0.3`) };
  const table = join(folder, 'astro-jobs', 'table.jsonl');
  const command = ['batch', folder, '--concurrency', '2', ...EXTERNAL];
  for (const rows of [4, 9, 14]) {
    const running = cli.start(command, { env });
    await until(async () => (await linesOf(table)).length >= rows);
    running.kill('SIGKILL');
    await running.ended;
  }
  const ended = await cli.run(command, { env });
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const names = Array.from({ length: PICTURES }, (_, number) => `sky-${number}.png`).sort();
  const rows = (await linesOf(table)).map((line) => JSON.parse(line) as BatchRow);
  expect(rows.map(({ file }) => file).sort()).toEqual(names);
  expect(rows.every(({ ok }) => ok)).toBe(true);
  const csv = await linesOf(join(folder, 'astro-jobs', 'table.csv'));
  expect(
    csv
      .slice(1)
      .map((line) => line.split(',')[0])
      .sort(),
  ).toEqual(names);
  // Only what ran when the program was killed, two at a time, was run again.
  expect((await linesOf(runs)).length).toBeLessThanOrEqual(PICTURES + 3 * 2);
  expect(ended.stdout.trim().split('\n').length).toBeLessThanOrEqual(PICTURES - 14);
  expect(ended.stderr).toMatch(/24 of 24 pictures solved/);
});

it('a batch prints its rows as JSON or as CSV, and fails when a picture was not solved', async () => {
  const folder = await writeNight(2);
  await writeFile(join(folder, 'cut.fits'), 'SIMPLE  =                    T');
  const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'true') };
  const json = await cli.run(['batch', folder, ...EXTERNAL], { env });
  expect(json).toMatchObject({ code: 1 });
  expect(
    json.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as BatchRow).ok)
      .sort(),
  ).toEqual([false, true, true]);
  const output = join(cli.dir, 'elsewhere');
  const csv = await cli.run(['batch', folder, '--csv', '-o', output, ...EXTERNAL], { env });
  const [head, ...rows] = csv.stdout.trim().split('\r\n');
  expect(head).toMatch(/^file,ok,/);
  expect(rows).toHaveLength(3);
  expect((await cli.run(['batch', folder, '--csv', '-o', output, ...EXTERNAL], { env })).stdout).toBe('');
});

it('a batch of no folder, and one that is made of nothing that is known, are refused', async () => {
  expect(await cli.json(['batch', 'nowhere'], 1)).toMatchObject({ error_code: 'image_not_found' });
  const ended = await cli.run(['batch', '.', '--export', 'photo']);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/Expected one or more of json, wcs, new-fits/);
});
