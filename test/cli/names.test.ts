import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

const NAMES = [
  'a`touch pwned`.png',
  '-rf.png',
  '--image.png',
  '$(touch pwned).png',
  'a;touch pwned;.png',
  'a\'"*?[x] & | <> \\.png',
  'line\nbreak.png',
  '\u001b[31mred\u0007.png',
  '\u202egnp.exe',
  '.hidden',
  '%s%n.png',
  'a picture of a galaxy.fits',
  'Σελήνη 🌙.png',
  `${'n'.repeat(250)}.png`,
];

it('an image by any name is stored and solved, and its name runs nothing, leads nowhere and steers no terminal', async () => {
  const seen = join(cli.dir, 'arguments');
  const bin = await writeExtractor(cli.dir, `for a in "$@"; do printf '%s\\0' "$a"; done >> ${seen}`);
  const env = { ASTRO_EXTRACT_BIN: bin };
  const bytes = await readFile(await writeImage(join(cli.dir, 'plain.png')));
  const before = [...(await readdir(cli.dir)), ...NAMES, 'arguments', 'jobs'].sort();

  for (const name of NAMES) {
    await writeFile(join(cli.dir, name), bytes);
    const ended = await cli.run(['solve', '--image', name, ...EXTERNAL], { env });
    expect(ended, name).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true });
    expect(`${ended.stdout}${ended.stderr}`.replaceAll('\n', ''), name).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  await cli.idle();

  expect((await readdir(cli.dir)).sort()).toEqual(before);
  const args = (await readFile(seen, 'utf8')).split('\0');
  for (const [index, arg] of args.entries()) {
    if (args[index - 1] === '--image') expect(arg).toMatch(/^[\w./-]+$/);
  }

  const { jobs } = await cli.json<{ jobs: { job_id: string; filename: string }[] }>([
    'list',
    '--limit',
    '100',
  ]);
  expect(jobs).toHaveLength(NAMES.length);
  for (const { job_id, filename } of jobs) {
    expect(await readdir(join(cli.jobsDir, job_id, 'input'))).toEqual([filename]);
    expect(await readFile(join(cli.jobsDir, job_id, 'input', filename))).toEqual(bytes);
    expect(filename).toMatch(/^[^.\s-][^\p{Cc}/\\]*$/u);
    expect(Buffer.byteLength(filename)).toBeLessThanOrEqual(255);
  }
});
