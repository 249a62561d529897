import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MAIN, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();

it('a terminal gets a moving line of progress and a document laid out for people', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const env = {
    ...process.env,
    JOBS_DIR: cli.jobsDir,
    TMPDIR: cli.dir,
    ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'sleep 1'),
  };
  // util-linux's script(1) gives the program a terminal; these paths hold no character that a shell minds.
  const command = [process.execPath, MAIN, 'solve', '--image', image, ...EXTERNAL].join(' ');
  const { stdout } = await promisify(execFile)('script', ['-qefc', command, '/dev/null'], { env });
  const drawn = stdout.replaceAll('\r\n', '\n').split('\r\u001b[K');
  const document = drawn.pop() ?? '';
  expect(drawn.filter((line) => line.includes('sky.png')).length).toBeGreaterThan(2);
  expect(document).toMatch(/^\{\n {2}"ok": true,\n/);
  expect(JSON.parse(document)).toMatchObject({ ok: true, astrometry: { ra_center: 312.3 } });
});
