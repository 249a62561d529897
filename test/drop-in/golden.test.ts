import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import * as lines from './command-lines.js';
import { filesIn, folder, run, writeFits } from './drop-in.js';

// Everything that the drop-ins leave and say for the command lines of capture programs, byte for byte as in golden/. After a change that is
// meant, `WRITE_GOLDEN=1 npx vitest run test/drop-in/golden.test.ts` writes it again.

const GOLDEN = fileURLToPath(new URL('golden/', import.meta.url));
/** The builtin engine alone: solve-field's own digits are those of its version and its index files. */
const env = { ASTRO_SOLVE_FIELD: 'none' };

interface Case {
  program: 'astap' | 'solve-field';
  args: string[];
  prepare(dir: string): Promise<void>;
}

const image = (dir: string) => writeFits(join(dir, 'sky.fits'));

const CASES: Readonly<Record<string, Case>> = {
  'nina-astap': { program: 'astap', args: lines.ninaAstap('sky.fits'), prepare: image },
  'ekos-astap': { program: 'astap', args: lines.ekosAstap('sky.fits', 'solution.ini'), prepare: image },
  'ccdciel-astap': { program: 'astap', args: lines.ccdcielAstap('sky.fits'), prepare: image },
  'ekos-image': {
    program: 'solve-field',
    args: lines.ekosImage('sky'),
    prepare: (dir) => lines.writeEkosImage(join(dir, 'sky')),
  },
  'ekos-list': {
    program: 'solve-field',
    args: lines.ekosList('stars'),
    prepare: (dir) => lines.writeEkosList(join(dir, 'stars.xyls')),
  },
  siril: {
    program: 'solve-field',
    args: lines.siril('light.xyls'),
    prepare: (dir) => lines.writeSirilList(dir, 'light.xyls'),
  },
  ccdciel: { program: 'solve-field', args: lines.ccdciel('sky.fits'), prepare: image },
};

/** The bytes behind the header of the rendered image, which a solved copy repeats. */
let pixels: Uint8Array;
beforeAll(async () => {
  const dir = folder();
  await image(dir);
  const file = await readFile(join(dir, 'sky.fits'));
  pixels = file.subarray(-Math.ceil((900 * 600 * 2) / 2880) * 2880);
});

/** What is kept of a file: all of it, but the pixels of the image. */
function kept(file: Buffer): Buffer {
  const end = file.length - pixels.length;
  return end >= 0 && file.subarray(end).equals(pixels) ? file.subarray(0, end) : file;
}

/** Runs a command line in a folder of its own: every file that it leaves and what it says, by name. */
async function outputsOf({ program, args, prepare }: Case): Promise<Map<string, Buffer>> {
  const cwd = folder();
  await prepare(cwd);
  const inputs = await filesIn(cwd);
  const { code, stdout, stderr } = await run(program, args, { cwd, env });
  expect(code).toBe(0);
  const outputs = new Map<string, Buffer>([
    ['stdout', Buffer.from(stdout)],
    ['stderr', Buffer.from(stderr)],
  ]);
  for (const name of await filesIn(cwd))
    if (!inputs.includes(name)) outputs.set(name, kept(await readFile(join(cwd, name))));
  return outputs;
}

// The last digit of Math.sin may be another one on other processors.
describe.skipIf(process.arch !== 'x64').each(Object.entries(CASES))('%s', (name, given) => {
  const dir = join(GOLDEN, name);

  it('leaves and says the same bytes each time', async () => {
    const outputs = await outputsOf(given);
    if (process.env.WRITE_GOLDEN) {
      await mkdir(dir, { recursive: true });
      for (const [file, bytes] of outputs) await writeFile(join(dir, file), bytes);
    }
    expect([...outputs.keys()].sort()).toEqual((await readdir(dir)).sort());
    for (const [file, bytes] of outputs) {
      const golden = await readFile(join(dir, file));
      // Both as text first: a difference is then shown, card by card.
      expect(asLines(bytes), file).toEqual(asLines(golden));
      expect(bytes.equals(golden), file).toBe(true);
    }
  });
});

/** A header in cards, everything else in lines. */
function asLines(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  return text.startsWith('SIMPLE') && !text.includes('\n')
    ? (text.match(/.{1,80}/gs) ?? [])
    : text.split('\n');
}
