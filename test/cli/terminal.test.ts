import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { MAIN, useCli } from './process.js';
import { EXTERNAL, writeExtractor, writeImage } from './scripted.js';

const cli = useCli();
const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

/** What a terminal shows of a command, each drawing of the moving line apart. util-linux's script(1) gives the program the terminal. */
async function shown(
  args: readonly string[],
  settings: NodeJS.ProcessEnv = {},
  more: readonly string[] = EXTERNAL,
): Promise<string[]> {
  const env = {
    ...process.env,
    // Node writes no colours where it takes the terminal for that of a build.
    ...{ CI: undefined, NO_COLOR: undefined, TERM: 'xterm-256color' },
    JOBS_DIR: cli.jobsDir,
    TMPDIR: cli.dir,
    ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, 'sleep 1'),
    ...settings,
  };
  // These paths hold no character that a shell minds.
  const command = [process.execPath, MAIN, ...args, ...more].join(' ');
  // The status is that of the program.
  const { stdout } = await promisify(execFile)('script', ['-qefc', `${command}; true`, '/dev/null'], { env });
  return stdout.replaceAll('\r\n', '\n').split('\r\u001b[K');
}

it('a terminal gets a moving line of progress and an answer in words', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const drawn = await shown(['solve', image]);
  const answer = drawn.pop() ?? '';
  expect(drawn.filter((line) => line.includes('sky.png')).length).toBeGreaterThan(2);
  expect(answer.startsWith('\u001b[32m✔')).toBe(true);
  expect(answer).toMatch(/from-the-script\.jpg.* in Cygnus/);
  expect(answer).toContain('20h 49m 12.0s');
  expect(answer).toContain('(312.3000°, ');
});

it('a terminal is told how sharp and how deep a picture is', async () => {
  const [answer = ''] = (await shown(['solve', ORION, '--solver', 'builtin'], { NO_COLOR: '1' }, [])).slice(
    -1,
  );
  expect(answer).toMatch(/stars +\d\.\d px wide \(\d+″ FWHM\),\s+to about magnitude \d+\.\d \(VT\)/);
});

it('a terminal gets no colour where the user wants none', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  expect((await shown(['solve', image], { NO_COLOR: '1' })).at(-1)).toMatch(/^✔ /);
});

it('a terminal gets why an image of several was not solved, in words, and the others all the same', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const answer = (await shown(['solve', 'none.png', image])).join('\n');
  expect(stripVTControlCharacters(answer)).toMatch(
    /✘ none\.png was not solved\n +why +Image not found: none\.png/,
  );
  expect(answer).toContain('✔');
});

it.each([
  ['list', /^job +state +age.*\n.* done /],
  ['stats', /done +1\n/],
  ['doctor', /^✓ node +Node \d/],
  ['keys list', /^There are no keys/],
  ['config', /^jobsDir +\$JOBS_DIR +\/.*jobs/],
  ['indexes list', /^stars +quads.*\npackaged stars/],
])('a terminal gets the answer of %s in words', async (command, words) => {
  await shown(['solve', await writeImage(join(cli.dir, 'sky.png'))]);
  const answer = (await shown(command.split(' '), {}, [])).join('\n');
  expect(stripVTControlCharacters(answer)).toMatch(words);
  expect(answer).not.toContain('"ok"');
});

it('a quiet command says nothing beside its answer', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const drawn = await shown(['solve', image, '--quiet']);
  expect(drawn).toHaveLength(1);
  expect(drawn[0]?.startsWith('\u001b[32m✔')).toBe(true);
});

it('a terminal gets the document laid out for people when it is asked for', async () => {
  const image = await writeImage(join(cli.dir, 'sky.png'));
  const document = (await shown(['solve', '--image', image, '--json'])).pop() ?? '';
  expect(document.startsWith('{\n  \u001b[34m"ok"\u001b[39m: \u001b[35mtrue\u001b[39m,\n')).toBe(true);
  expect(JSON.parse(stripVTControlCharacters(document))).toMatchObject({
    ok: true,
    astrometry: { ra_center: 312.3 },
  });
});
