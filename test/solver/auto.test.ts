import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { parseParams } from '../../src/job/params.js';
import type { Attempt } from '../../src/job/solve-report.js';
import { AutoSolver } from '../../src/solver/auto.js';
import type {
  PlateOutcome,
  SolveContext,
  SolveOutcome,
  SolveRequest,
  Solver,
} from '../../src/solver/solver.js';

// Stand-ins: what is asked here is who is asked when, whose word counts and who is ended; real solvers cannot be told when to answer.

const IMAGE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

let folder: string;
let request: SolveRequest;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-'));
  request = {
    image: await openImage(IMAGE),
    params: parseParams({}),
    hints: { scales: [], positions: [] },
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function context(signal = new AbortController().signal): SolveContext {
  return { scratch: folder, cores: 1, signal, log: () => {}, onProgress: () => {} };
}

const plate = (solver: string): PlateOutcome =>
  ({
    kind: 'plate',
    wcs: {
      crval: [1, 2],
      crpix: [1, 1],
      cd: [
        [1, 0],
        [0, 1],
      ],
      width: 1,
      height: 1,
    },
    sources: { detected: 9, matched: 9 },
    quality: {},
    report: { solver, seconds: 0, hints: {}, attempts: [] },
    files: {},
  }) as unknown as PlateOutcome;
const failed = (
  solver: string,
  code: 'no_solution' | 'timeout' = 'no_solution',
): Extract<PlateOutcome, { kind: 'failed' }> => ({
  kind: 'failed',
  code,
  message: `${solver} found nothing`,
  report: { solver, seconds: 0, hints: {}, attempts: [] },
  files: {},
});
const short = (solver: string, detected: number): PlateOutcome => ({
  ...failed(solver),
  code: 'too_few_stars',
  sources: { detected },
});

interface Script {
  available?: boolean;
  /** Milliseconds until it answers; for ever when there is none. */
  after?: number;
  outcome?: SolveOutcome;
  error?: Error;
}

/** A solver that does as it is told, and keeps a record. */
class Scripted implements Solver {
  calls = 0;
  ended: unknown;
  scratch: string | undefined;
  constructor(
    readonly name: string,
    readonly script: Script,
  ) {}

  inspect() {
    return Promise.resolve({ name: this.name, available: this.script.available ?? true });
  }

  solve(_request: SolveRequest, { signal, scratch, onAttempt }: SolveContext): Promise<SolveOutcome> {
    this.calls++;
    this.scratch = scratch;
    const attempt = (outcome: Attempt['outcome']) =>
      onAttempt?.({ name: `${this.name}-try`, reason: 'a test', seconds: 0, outcome });
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.ended = signal.reason;
        attempt('stopped');
        reject(signal.reason);
      });
      const { after, outcome, error } = this.script;
      if (after === undefined) return;
      setTimeout(() => {
        if (signal.aborted) return;
        attempt(outcome?.kind === 'plate' ? 'solved' : 'no_solution');
        if (outcome) resolve(outcome);
        else reject(error);
      }, after);
    });
  }
}

function three(first: Script, second: Script, last: Script = { available: false }) {
  const solvers = {
    first: new Scripted('first', first),
    second: new Scripted('second', second),
    last: new Scripted('last', last),
  };
  return { ...solvers, auto: new AutoSolver(solvers) };
}

describe('auto', () => {
  it('asks no other solver where the first finds the image at once', async () => {
    const { auto, second, first } = three({ after: 5, outcome: plate('first') }, { after: 0 });
    expect(await auto.solve(request, context())).toMatchObject({
      kind: 'plate',
      report: { solver: 'first' },
    });
    expect(second.calls).toBe(0);
    expect(first.scratch).toBe(join(folder, 'first'));
  });

  it('lets the second join a slow first, and ends the first when the second has found the image', async () => {
    const { auto, first } = three({}, { after: 5, outcome: plate('second') });
    const outcome = await auto.solve(request, context());
    expect(outcome).toMatchObject({
      kind: 'plate',
      report: {
        solver: 'second',
        attempts: [
          { name: 'second-try', outcome: 'solved' },
          { name: 'first-try', outcome: 'stopped' },
        ],
      },
    });
    expect(first.ended).toBeInstanceOf(Error);
  });

  it('ends the second when the first has found the image after all', async () => {
    const { auto, second } = three({ after: 1300, outcome: plate('first') }, {});
    expect(await auto.solve(request, context())).toMatchObject({ report: { solver: 'first' } });
    expect(second.ended).toBeInstanceOf(Error);
  });

  it('goes on with the second at once where the first gives up, and says what that one says', async () => {
    const { auto } = three({ after: 5, outcome: failed('first') }, { after: 5, outcome: failed('second') });
    expect(await auto.solve(request, context())).toMatchObject({
      kind: 'failed',
      message: 'second found nothing',
      report: { attempts: [{ name: 'first-try' }, { name: 'second-try' }] },
    });
  });

  it('asks no other where next to nothing is above the noise, and ends one that has begun', async () => {
    const { auto, second } = three({ after: 5, outcome: short('first', 3) }, { after: 5 });
    expect(await auto.solve(request, context())).toMatchObject({ code: 'too_few_stars' });
    expect(second.calls).toBe(0);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const late = three({ after: 1300, outcome: short('first', 0) }, {});
    expect(await late.auto.solve(request, context())).toMatchObject({ message: 'first found nothing' });
    expect(late.second.ended).toBeInstanceOf(Error);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const few = three({ after: 5, outcome: short('first', 5) }, { after: 5, outcome: plate('second') });
    expect(await few.auto.solve(request, context())).toMatchObject({ report: { solver: 'second' } });
  });

  it('says of a search that ran out of time what the other one had found to its end', async () => {
    const { auto } = three(
      { after: 5, outcome: failed('first') },
      { after: 5, outcome: failed('second', 'timeout') },
    );
    expect(await auto.solve(request, context())).toMatchObject({
      code: 'timeout',
      message: 'second found nothing. first found nothing',
    });
  });

  it('asks the external script only where there is no second and the first found nothing', async () => {
    const found = three(
      { after: 5, outcome: failed('first') },
      { available: false },
      { after: 5, outcome: plate('last') },
    );
    expect(await found.auto.solve(request, context())).toMatchObject({ report: { solver: 'last' } });
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const spared = three({ after: 5, outcome: plate('first') }, { available: false }, { after: 5 });
    await spared.auto.solve(request, context());
    expect(spared.last.calls).toBe(0);
  });

  it('says of a machine at fault that it is, unless another solver found the image', async () => {
    const error = new AstroJobsError('storage_full', 'No space is left');
    const lost = three({ after: 5, outcome: failed('first') }, { after: 5, error });
    await expect(lost.auto.solve(request, context())).rejects.toBe(error);
    await rm(folder, { recursive: true });
    await mkdir(folder);
    const saved = three({ after: 5, error }, { after: 5, outcome: plate('second') });
    expect(await saved.auto.solve(request, context())).toMatchObject({ report: { solver: 'second' } });
  });

  it('ends both with the reason of the signal', async () => {
    const { auto, first, second } = three({}, {});
    const stop = new AbortController();
    const solving = auto.solve(request, context(stop.signal));
    setTimeout(() => stop.abort(new Error('enough')), 1200);
    await expect(solving).rejects.toThrow('enough');
    expect([first.ended, second.ended]).toEqual([stop.signal.reason, stop.signal.reason]);
  });

  it('is available where one of the three is', async () => {
    const none = three({ available: false }, { available: false });
    expect(await none.auto.inspect()).toMatchObject({ name: 'auto', available: false });
    expect(await three({ available: false }, {}).auto.inspect()).toMatchObject({ available: true });
    await expect(none.auto.solve(request, context())).rejects.toMatchObject({ code: 'solver_unavailable' });
  });
});
