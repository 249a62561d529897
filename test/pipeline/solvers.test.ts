import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../src/analysis/analyze.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import { parseParams } from '../../src/job/params.js';
import { ExternalScript } from '../../src/solver/external/external-script.js';
import type { SolveContext, SolveOutcome, SolveRequest, Solver } from '../../src/solver/solver.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'solvers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function scripted(
  name: string,
  solve: (request: SolveRequest, context: SolveContext) => SolveOutcome,
  problem?: string,
): Solver {
  return {
    name,
    inspect: async () => ({ name, available: problem === undefined, ...(problem && { problem }) }),
    solve: async (request, context) => solve(request, context),
  };
}

async function analyzeWith(solvers: readonly Solver[], solver = 'auto', path = EXAMPLE) {
  const scratch = await mkdtemp(join(folder, 'scratch-'));
  const outcome = await createAnalyzer({ solvers, reader: new LocalReader(), cores: () => 1 })(
    path,
    parseParams({ solver }),
    {
      filename: 'sky.jpg',
      scratch,
      signal: new AbortController().signal,
      log: () => {},
      onProgress: () => {},
    },
  );
  return { ...outcome, scratch };
}

const failing = (name: string) =>
  scripted(name, () => ({
    kind: 'failed',
    code: 'too_few_stars',
    message: `${name} finds none`,
    sources: { detected: 3 },
    report: { solver: name, seconds: 0.1 },
    files: {},
  }));

describe('the analysis', () => {
  it('passes a whole document of a solver on as it is', async () => {
    const document = {
      ok: false,
      error: 'not mine',
      error_code: 'no_solution',
      filename: 'of its own',
      extra: 1,
    } as const;
    const files = { 'notes.txt': '/nowhere/notes.txt' };
    const { result, files: kept } = await analyzeWith([
      scripted('whole', () => ({ kind: 'document', document, files })),
    ]);
    expect(result).toBe(document);
    expect(kept).toBe(files);
  });

  it('keeps what was learned before a solver found nothing', async () => {
    const { result } = await analyzeWith([failing('one')]);
    expect(result).toMatchObject({
      ok: false,
      error: 'one finds none',
      error_code: 'too_few_stars',
      filename: 'sky.jpg',
      capture: { camera_model: 'Canon EOS 6D' },
      sources: { detected: 3 },
      solve: { solver: 'one' },
    });
  });

  it('asks the solver that is named, and the first available one when none is', async () => {
    const absent = scripted('absent', () => expect.unreachable(), 'plug it in');
    const solvers = [absent, failing('one'), failing('two')];
    expect((await analyzeWith(solvers, 'two')).result).toMatchObject({ solve: { solver: 'two' } });
    expect((await analyzeWith(solvers)).result).toMatchObject({ solve: { solver: 'one' } });
    expect((await analyzeWith(solvers, 'absent')).result).toMatchObject({
      error_code: 'solver_unavailable',
      error: 'plug it in',
      capture: { camera_model: 'Canon EOS 6D' },
    });
    expect((await analyzeWith(solvers, 'three')).result).toMatchObject({
      error_code: 'invalid_params',
      error: expect.stringContaining('absent, one, two'),
    });
  });

  it('hands the external script a path without characters that a shell gives a meaning to', async () => {
    const odd = join(folder, 'a `touch x` $(b) \'c".jpg');
    await copyFile(EXAMPLE, odd);
    const bin = join(folder, 'extract');
    const script = `#!/bin/sh\ncksum < "$2" > seen\nprintf '{"ok": false, "error": "%s"}' "$2"\nexit 2\n`;
    await writeFile(bin, script, { mode: 0o755 });
    const { result, scratch } = await analyzeWith([new ExternalScript({ bin })], 'external', odd);
    expect(result).toMatchObject({ ok: false, error: 'image.jpg' });
    expect(await readFile(join(scratch, 'seen'), 'utf8')).toMatch(/^\d+ \d+\n$/);
  });

  it('keeps the paths that the external script was given out of its result', async () => {
    const bin = join(folder, 'tells-all');
    const told = '{"ok": false, "error": "%s in %s", "notes": ["%s: no stars"]}';
    const script = `#!/bin/sh\nprintf '${told}' "$2" "$(pwd)" "$(readlink "$2")"\nexit 2\n`;
    await writeFile(bin, script, { mode: 0o755 });
    const { result } = await analyzeWith([new ExternalScript({ bin })], 'external', EXAMPLE);
    expect(result).toMatchObject({ ok: false, error: 'image.jpg in .', notes: ['image.jpg: no stars'] });
  });
});
