import { spawn } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { type SolveLine, serveLines } from '../../src/json-lines/serve-lines.js';
import { MAIN, useCli } from '../cli/process.js';

const cli = useCli();
const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/python/solve.py', import.meta.url));

interface Answer {
  id: string | number | null;
  line?: number;
  result?: { ok: boolean; error_code?: string; astrometry?: { ra_center: number } };
  progress?: { stage: string };
  error?: string;
  error_code?: string;
}
const linesOf = (text: string): Answer[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Answer);

it('solves each line, answers what is wrong with its line, and ends with its input', async () => {
  const wall = join(cli.dir, 'wall.jpg');
  const grey = sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } });
  await writeFile(wall, await grey.jpeg().toBuffer());
  const input = [
    { id: 'a', image: ORION, params: { scale_low: 10, scale_high: 20 }, progress: true },
    { id: 'a', image: ORION },
    { id: 7, image: wall },
    { id: 'none', image: join(cli.dir, 'none.jpg') },
    { id: 'odd', image: ORION, params: { scale_low: -1 } },
    { id: 'late', image: ORION, parms: {} },
    { cancel: 'unknown' },
  ];
  const text = `${input.map((one) => JSON.stringify(one)).join('\n')}\n\nnot json\n`;
  const { stdout, code, stderr } = await cli.run(['worker', '--stdin', '--concurrency', '2'], {
    input: text,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const answers = linesOf(stdout);
  const final = answers.filter(({ progress }) => !progress);
  expect(final).toHaveLength(7);
  const ofId = (id: Answer['id']) => final.filter((answer) => answer.id === id);
  expect(ofId('a').find(({ result }) => result)?.result?.astrometry?.ra_center).toBeCloseTo(84.15, 1);
  expect(ofId('a').find(({ error }) => error)).toMatchObject({ line: 2, error_code: 'invalid_params' });
  expect(answers.filter(({ id, progress }) => id === 'a' && progress).length).toBeGreaterThan(1);
  expect(ofId(7)[0]?.result).toMatchObject({ ok: false, error_code: 'too_few_stars' });
  expect(ofId('none')[0]?.result).toMatchObject({ ok: false, error_code: 'image_not_found' });
  expect(ofId('odd')[0]).toMatchObject({
    error_code: 'invalid_params',
    error: expect.stringContaining('scale_low'),
  });
  expect(ofId('late')[0]).toMatchObject({ line: 6, error_code: 'invalid_params' });
  expect(ofId(null)[0]).toMatchObject({ line: 9, error_code: 'invalid_params' });
  await cli.idle();
});

it('a request is cancelled by its id, and a signal cancels all, each with its answer', async () => {
  const child = spawn(process.execPath, [MAIN, 'worker', '--stdin', '--concurrency', '1'], {
    env: { ...process.env, JOBS_DIR: cli.jobsDir, TMPDIR: cli.dir },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let stdout = '';
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stdin.write(`${JSON.stringify({ id: 1, image: ORION, progress: true })}\n`);
  for (const id of [2, 3]) child.stdin.write(`${JSON.stringify({ id, image: ORION })}\n`);
  child.stdin.write('{"cancel": 2}\n');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes('"id":2')) child.kill('SIGTERM');
  });
  expect(await ended).toBe(143);
  const final = linesOf(stdout).filter(({ progress }) => !progress);
  expect(final.map(({ id }) => id)).toEqual([1, 2, 3]);
  const codeOf = ({ error_code, result }: Answer) => error_code ?? result?.error_code;
  expect(codeOf(final[1]!)).toBe('cancelled');
  expect(codeOf(final[2]!)).toBe('cancelled');
});

it('reads no further than it must, and waits for a reader who is slow', async () => {
  const input = new PassThrough({ highWaterMark: 1 << 12 });
  const output = new PassThrough({ highWaterMark: 1 << 10 });
  let started = 0;
  const release: (() => void)[] = [];
  const solve: SolveLine = async () => {
    started += 1;
    await new Promise<void>((resolve) => release.push(resolve));
    return { ok: false, error: 'x'.repeat(500), error_code: 'no_solution' };
  };
  const served = serveLines({ input, output, solve, concurrency: 3, signal: new AbortController().signal });
  const LINES = 5000;
  let written = 0;
  const writing = (async () => {
    for (; written < LINES; written++)
      if (!input.write(`${JSON.stringify({ id: written, image: 'x' })}\n`))
        await new Promise((resolve) => input.once('drain', resolve));
    input.end();
  })();
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 100));
  await quiet();
  expect(started).toBe(3);
  expect(written).toBeLessThan(2000);
  // Nothing is read of the output: a few answers fill it, and no more images are begun.
  for (let i = 0; i < 50; i++) {
    for (const go of release.splice(0)) go();
    await new Promise(setImmediate);
  }
  await quiet();
  expect(started).toBeLessThan(20);
  let answers = 0;
  output.on('data', (chunk: Buffer) => (answers += chunk.toString().split('\n').length - 1));
  const releasing = setInterval(() => {
    for (const go of release.splice(0)) go();
  }, 0);
  await Promise.all([writing, served]);
  clearInterval(releasing);
  expect(answers).toBe(LINES);
});

it('the example in Python solves photographs by it', async () => {
  await copyFile(ORION, join(cli.dir, 'Oriön 1.jpg'));
  const child = spawn('python3', [EXAMPLE, 'Oriön 1.jpg', 'none.jpg', ORION], {
    cwd: cli.dir,
    env: {
      ...process.env,
      ASTRO_JOBS: `'${process.execPath}' '${MAIN}'`,
      PYTHONIOENCODING: 'utf-8',
      TMPDIR: cli.dir,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  const told = stdout.split('\n').slice(0, -1).sort();
  expect(told).toHaveLength(3);
  expect(
    told.filter((line) => /: 84\.1\d{3} -[23]\.\d{4}, 15\.\d\d x 10\.\d\d degrees$/.test(line)),
  ).toHaveLength(2);
  expect(told.find((line) => line.startsWith('none.jpg'))).toContain('not found');
});
