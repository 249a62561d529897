import { appendFile, mkdir, open, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AstroJobs, type BatchOptions, type BatchRow, newJobId } from 'astro-jobs';
import { expect, it } from 'vitest';
import { thisWorker } from '../../src/process/machine.js';
import { frame, readTable, useFolders, whole } from './folder.js';

const folders = useFolders();
const PARAMS = { solver: 'builtin', scale_low: 2, scale_high: 4 } as const;
const FAST: BatchOptions = { settleSeconds: 0 };
const output = () => join(folders.night, 'astro-jobs');
const write = async (name: string, content: string | Uint8Array) => {
  await mkdir(join(folders.night, name, '..'), { recursive: true });
  await writeFile(join(folders.night, name), content);
};
const newJobs = () => new AstroJobs({ dir: folders.jobs });
const byFile = (rows: readonly BatchRow[], file: string) => rows.filter((row) => row.file === file);

it('every picture has one row, in both tables, and the report draws them over time', async () => {
  for (const number of [1, 2, 10]) await write(`light-${number}.fits`, await frame(number));
  await write('copy.FITS', await frame(2));
  await write('cut off.fits', (await frame(3)).subarray(0, 20_000));
  await write('inside/light-11.fits', await frame(11));
  await write('notes.txt', 'clear until two');
  await using jobs = newJobs();
  const { rows, summary } = await whole(
    jobs.batch(folders.night, PARAMS, { ...FAST, concurrency: 1, exports: ['new-fits'] }),
  );

  const names = ['copy.FITS', 'cut off.fits', 'light-1.fits', 'light-2.fits', 'light-10.fits'];
  expect(rows.map(({ file }) => file)).toEqual(names);
  expect(summary).toMatchObject({ total: 5, done: 5, failed: 1, skipped: 0, unfinished: [] });
  const table = await readTable(output());
  expect(table.rows).toEqual(rows);
  expect(table.csv.slice(1).map(([file]) => file)).toEqual(names);
  expect(rows[2]).toMatchObject({ ok: true, datetime: '2024-09-21T20:01:00Z', exposure_s: 60 });
  expect(rows[2]?.ra_deg).toBeCloseTo(305.05, 1);
  expect(rows[1]).toMatchObject({ ok: false, error_code: 'corrupt_image' });
  expect(rows[3]).toMatchObject({ ok: true, duplicate_of: 'copy.FITS', ra_deg: rows[0]?.ra_deg });
  expect((await jobs.list()).jobs).toHaveLength(4);

  const report = await readFile(summary.files.report, 'utf8');
  expect(report).toMatch(/<svg[^>]*aria-label="Drift over time"/);
  expect(report).not.toMatch(/<script|src=|href=/);
  expect(report).toContain('cut off.fits');
  expect((await stat(join(output(), 'exports/new-fits/light-1.fits'))).size).toBeGreaterThan(300_000);
});

it('a second run does only what is new, has changed or was cut off in the table', async () => {
  for (const number of [1, 2, 3, 4]) await write(`light-${number}.fits`, await frame(number));
  await using jobs = newJobs();
  await whole(jobs.batch(folders.night, PARAMS, FAST));
  await write('light-2.fits', await frame(20));
  await write('light-5.fits', await frame(5));
  await utimes(join(folders.night, 'light-3.fits'), 0, 0);
  const path = join(output(), 'table.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const lost = (JSON.parse(lines.at(-2) ?? '') as BatchRow).file;
  await writeFile(path, `${lines.slice(0, -2).join('\n')}\n${lines.at(-2)?.slice(0, 50)}`);

  const { rows, summary } = await whole(jobs.batch(folders.night, PARAMS, FAST));
  const again = new Set(['light-2.fits', 'light-3.fits', 'light-5.fits', lost]);
  expect(new Set(rows.map(({ file }) => file))).toEqual(again);
  expect(summary).toMatchObject({ total: 5, done: 5, failed: 0, skipped: 5 - again.size });
  const table = await readTable(output());
  expect(table.rows.map(({ file }) => file).sort()).toEqual([1, 2, 3, 4, 5].map((n) => `light-${n}.fits`));
  expect(byFile(table.rows, 'light-2.fits')[0]?.ra_deg).toBeCloseTo(306, 1);
  // What was touched, or lost its row, is no other picture: its job is there.
  expect((await jobs.list()).jobs).toHaveLength(6);
});

it('a watched folder gives a picture when it is whole, and not before', async () => {
  await write('light-1.fits', await frame(1));
  await using jobs = newJobs();
  const ending = new AbortController();
  const batch = jobs.batch(folders.night, PARAMS, { watch: true, settleSeconds: 1, signal: ending.signal });
  expect((await batch.next()).value).toMatchObject({ file: 'light-1.fits', ok: true });

  const next = batch.next();
  const bytes = await frame(2);
  const file = await open(join(folders.night, 'light-2.fits'), 'w');
  for (let at = 0; at < bytes.length; at += 50_000) {
    await file.write(bytes.subarray(at, at + 50_000));
    await sleep(300);
  }
  await file.close();
  expect((await next).value).toMatchObject({ file: 'light-2.fits', ok: true, bytes: bytes.length });

  const third = batch.next();
  await write('.light-3.fits.part', await frame(3));
  await rename(join(folders.night, '.light-3.fits.part'), join(folders.night, 'light-3.fits'));
  expect((await third).value).toMatchObject({ file: 'light-3.fits', ok: true });

  const ended = batch.next();
  ending.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
  expect((await readTable(output())).rows).toHaveLength(3);
});

it('a table is written by one process at a time; one that was killed is replaced', async () => {
  await write('light-1.fits', await frame(1));
  await mkdir(output());
  await using jobs = newJobs();
  const lock = join(output(), '.batch.lock');
  await writeFile(lock, JSON.stringify(thisWorker()));
  await expect(whole(jobs.batch(folders.night, PARAMS, FAST))).rejects.toMatchObject({
    code: 'already_running',
    message: expect.stringContaining(hostname()) as string,
  });
  await writeFile(lock, JSON.stringify({ ...thisWorker(), pid: 2 ** 22 }));
  expect((await whole(jobs.batch(folders.night, PARAMS, FAST))).rows).toHaveLength(1);
  await expect(stat(lock)).rejects.toThrow();
});

it('a job that a killed run has left without a row is found again, and a failed one is run once more', async () => {
  await write('light-1.fits', await frame(1));
  await write('starless.fits', (await frame(2)).fill(32, 2880));
  await using jobs = newJobs();
  await whole(jobs.batch(folders.night, PARAMS, FAST));
  const ends = async () =>
    new Map((await jobs.list()).jobs.map(({ filename, finished_at }) => [filename, finished_at]));
  const before = await ends();
  await writeFile(join(output(), 'table.jsonl'), '');
  const { rows } = await whole(jobs.batch(folders.night, PARAMS, FAST));
  expect(rows.map(({ ok }) => ok).sort()).toEqual([false, true]);
  const after = await ends();
  expect(after.size).toBe(2);
  expect(after.get('light-1.fits')).toBe(before.get('light-1.fits'));
  expect(after.get('starless.fits')).not.toBe(before.get('starless.fits'));
});

it('failed pictures are tried again when that is asked for, and jobs go when they shall', async () => {
  await write('starless.fits', (await frame(2)).fill(32, 2880));
  await appendFile(join(folders.night, 'empty.fits'), '');
  await using jobs = newJobs();
  const first = await whole(jobs.batch(folders.night, PARAMS, { ...FAST, keepJobs: false }));
  expect(first.summary).toMatchObject({ failed: 2 });
  expect((await jobs.list()).jobs).toEqual([]);
  expect((await whole(jobs.batch(folders.night, PARAMS, FAST))).rows).toEqual([]);
  const again = await whole(jobs.batch(folders.night, PARAMS, { ...FAST, retryFailed: true }));
  expect(again.rows).toHaveLength(2);
  expect(again.summary).toMatchObject({ failed: 2, done: 2 });
  expect((await readTable(output())).rows).toHaveLength(2);
});

it('what is wrong is said before anything is made', async () => {
  await using jobs = newJobs();
  const nowhere = join(folders.night, newJobId());
  await expect(jobs.batch(nowhere).next()).rejects.toMatchObject({ code: 'image_not_found' });
  await write('light-1.fits', await frame(1));
  const wrong = { recursiv: true } as BatchOptions;
  await expect(jobs.batch(folders.night, {}, wrong).next()).rejects.toThrow(/Unknown option `recursiv`/);
  await expect(jobs.batch(folders.night, { downsample: 0 }).next()).rejects.toThrow(/downsample/);
  await expect(stat(output())).rejects.toThrow();
});
