import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { AstroJobsError } from '../../src/job/errors.js';
import { settlesWithin } from '../../src/solver/contract/trial.js';
import type { SolveOutcome, Solver } from '../../src/solver/solver.js';
import { describeSolver, type SolverUnderTest } from '../../src/testing.js';
import { encodeWcs } from '../../src/wcs/encode.js';
import type { Wcs } from '../../src/wcs/wcs.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const WCS: Wcs = {
  crval: [84.15, -3],
  crpix: [900.5, 600.5],
  cd: [
    [-0.0083028, 0.0017648],
    [-0.0017648, -0.0083031],
  ],
  width: 1800,
  height: 1200,
};
const SHIFTED: Wcs = { ...WCS, crpix: [900.5, 601.5] };

/** A solver that keeps all promises: it knows an image by the name of its file. */
const good: Solver = {
  name: 'good',
  inspect: async () => ({ name: 'good', available: true }),
  async solve({ image, params }, { scratch, signal, onProgress }): Promise<SolveOutcome> {
    signal.throwIfAborted();
    onProgress({ stage: 'solving' });
    const report = { solver: 'good', seconds: 0.01 };
    const name = basename(image.path);
    if (name === 'slow.jpg')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    // Let a signal that comes at once still end it.
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
    if (name !== 'known.jpg' || params.scale_low !== null)
      return { kind: 'failed', code: 'no_solution', message: 'unknown', report, files: {} };
    const path = join(scratch, 'solution.wcs');
    await writeFile(path, encodeWcs(WCS));
    const found = { sources: { detected: 0, matched: 0 }, quality: {}, report };
    return { kind: 'plate', wcs: WCS, ...found, files: { 'solution.wcs': path } };
  },
};

/** The good solver, with one thing done after it. */
const changed = (
  change: (outcome: SolveOutcome, path: string) => Promise<SolveOutcome>,
): Partial<Solver> => ({
  solve: async (request, context) => change(await good.solve(request, context), request.image.path),
});

const unavailable: Solver = {
  ...good,
  inspect: async () => ({ name: 'good', available: false, problem: 'plug it in' }),
  solve: () => Promise.reject(new AstroJobsError('solver_unavailable', 'plug it in')),
};

/** Titles of the checks, all or those of the given titles, that a solver does not pass. */
async function failedChecks(
  solver: Solver,
  { without = unavailable, only }: { without?: Solver | 'never'; only?: readonly string[] } = {},
): Promise<string[]> {
  const checks: { what: string; body: () => Promise<void> }[] = [];
  const runner = {
    describe: (_: string, body: () => void) => body(),
    it: (what: string, body: () => Promise<void>) => void checks.push({ what, body }),
  };
  describeSolver(runner, 'it', async (): Promise<SolverUnderTest> => {
    const folder = await mkdtemp(join(tmpdir(), 'contract-faults-'));
    const make = async (name: string) => {
      await copyFile(EXAMPLE, join(folder, name));
      return { path: join(folder, name) };
    };
    return {
      solver,
      unavailable: without,
      solvable: { ...(await make('known.jpg')), ra_deg: 84.15, dec_deg: -3, within_deg: 0.001 },
      unsolvable: await make('unknown.jpg'),
      slow: await make('slow.jpg'),
      dispose: () => rm(folder, { recursive: true, force: true }),
    };
  });
  const failed: string[] = [];
  for (const { what, body } of checks.filter((check) => only?.includes(check.what) ?? true)) {
    await body().catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'AssertionError')) throw error;
      failed.push(what);
    });
  }
  expect(checks.length).toBeGreaterThan(failed.length);
  return failed;
}

const FINDS = 'finds the place of an image that it knows';
const BESIDE = 'solves images side by side without mixing them up';
const MISSING = 'says what is missing, and solves nothing, where it is not available';
const ENDS = 'ends when it is told to, with the reason of the signal, and leaves no process';

describe('the suite of a Solver', () => {
  it('is passed by a solver that keeps the promises', async () => {
    expect(await failedChecks(good)).toEqual([]);
    expect(await failedChecks(good, { without: 'never', only: [MISSING] })).toEqual([]);
  });

  it.each<[string, Partial<Solver>, string[]]>([
    [
      'is called auto, and otherwise elsewhere',
      { name: 'auto' },
      [
        'has a name that `params.solver` can be',
        'says that it is available, under its name',
        'is inspected without an error where no program is to be found',
        'reports how it was done',
      ],
    ],
    [
      'is a little off',
      changed(async (outcome) => (outcome.kind === 'plate' ? { ...outcome, wcs: SHIFTED } : outcome)),
      [FINDS, 'leaves a solution.wcs that says what its outcome says', BESIDE],
    ],
    [
      'leaves no solution.wcs',
      changed(async (outcome) => ({ ...outcome, files: {} })),
      ['leaves a solution.wcs that says what its outcome says'],
    ],
    [
      'names a file elsewhere',
      changed(async (outcome) =>
        outcome.kind === 'plate' ? { ...outcome, files: { ...outcome.files, image: EXAMPLE } } : outcome,
      ),
      ['keeps its files in memory or in scratch until they are read'],
    ],
    [
      'has a code of its own',
      changed(async (outcome) =>
        outcome.kind === 'failed' ? { ...outcome, code: 'gave_up' as 'no_solution' } : outcome,
      ),
      ['answers for an image without a solution with a stable code'],
    ],
    [
      'goes beyond the bounds',
      {
        solve: ({ image, params, hints }, context) =>
          good.solve({ image, params: { ...params, scale_low: null }, hints }, context),
      },
      ['finds nothing outside the scale that the caller gives'],
    ],
  ])('finds out that one %s', async (_, fault, expected) => {
    expect(await failedChecks({ ...good, ...fault })).toEqual(expected);
  });

  it('finds out that one writes outside its scratch folder, or to the image', async () => {
    const beside = changed(async (outcome, path) => {
      await writeFile(join(dirname(path), 'solution.wcs'), '');
      return outcome;
    });
    expect(await failedChecks({ ...good, ...beside }, { only: [FINDS] })).toEqual([FINDS]);
    const touching = changed(async (outcome, path) => {
      await utimes(path, 1, 1);
      return outcome;
    });
    expect(await failedChecks({ ...good, ...touching }, { only: [FINDS] })).toEqual([FINDS]);
    const temporary = changed(async (outcome) => {
      await mkdtemp(join(tmpdir(), 'contract-faults-left-')).then((left) => mine.push(left));
      return outcome;
    });
    const mine: string[] = [];
    try {
      expect(await failedChecks({ ...good, ...temporary })).toEqual([
        'writes nothing outside its scratch folder',
      ]);
    } finally {
      for (const left of mine) await rm(left, { recursive: true, force: true });
    }
  });

  it('finds out that one leaves a process', async () => {
    const left: number[] = [];
    const leaving: Partial<Solver> = {
      solve: async (request, context) => {
        if (basename(request.image.path) === 'slow.jpg') {
          const child = spawn('sleep', ['60'], { cwd: context.scratch, detached: true, stdio: 'ignore' });
          if (child.pid !== undefined) left.push(child.pid);
        }
        return good.solve(request, context);
      },
    };
    try {
      expect(await failedChecks({ ...good, ...leaving }, { only: [ENDS] })).toEqual([ENDS]);
    } finally {
      for (const pid of left) process.kill(pid, 'SIGKILL');
    }
  });

  it('finds out that one does not end with the reason of the signal', async () => {
    const deaf: Partial<Solver> = {
      solve: async (request, context) => {
        if (basename(request.image.path) !== 'slow.jpg') return good.solve(request, context);
        await new Promise((resolve) => setTimeout(resolve, 100));
        throw new Error('of its own');
      },
    };
    const only = ['does not begin when it was ended before', ENDS];
    expect(await failedChecks({ ...good, ...deaf }, { only })).toEqual(only);
    const endless = settlesWithin(10, 'Waiting', new Promise(() => {}));
    await expect(endless).rejects.toThrow('Waiting takes more than the 10 ms that are allowed');
  });

  it('finds out that one does not say what is missing', async () => {
    const failedOf = (without: Solver) => failedChecks(good, { without, only: [MISSING] });
    const silent: Solver = { ...unavailable, inspect: async () => ({ name: 'good', available: false }) };
    expect(await failedOf(silent)).toEqual([MISSING]);
    const plain: Solver = { ...unavailable, solve: () => Promise.reject(new Error('ENOENT')) };
    expect(await failedOf(plain)).toEqual([MISSING]);
    expect(await failedOf(good)).toEqual([MISSING]);
  });
});
