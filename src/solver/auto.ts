import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anySignal } from '../async/any-signal.js';
import { AstroJobsError } from '../job/errors.js';
import type { Attempt, SolveReport } from '../job/solve-report.js';
import type { SolveContext, SolveOutcome, SolveRequest, Solver, SolverInfo } from './solver.js';

export interface AutoSolverOptions {
  /** Begins at once. */
  first: Solver;
  /** Joins in when the first has not found the image within its head start, where it can be used here. */
  second: Solver;
  /** Is asked when the second cannot be used here and the first has found nothing. */
  last: Solver;
}

/** How long the first solver searches alone; nearly all images that it finds at all are found by then. */
const HEAD_START_MS = 1000;

/** Of fewer no quad can be made. */
const FEWEST_STARS = 4;

/** What came of one solver: an outcome, or what it rejected with. */
type Ending = { outcome: SolveOutcome; error?: undefined } | { outcome?: undefined; error: unknown };

/**
 * `auto`: several solvers for one image, so that the quick one spares most images the thorough one. The first verified solution counts,
 * and ends the others.
 */
export class AutoSolver implements Solver {
  readonly name = 'auto';
  readonly #first: Solver;
  readonly #second: Solver;
  readonly #last: Solver;

  constructor({ first, second, last }: AutoSolverOptions) {
    this.#first = first;
    this.#second = second;
    this.#last = last;
  }

  async inspect(): Promise<SolverInfo> {
    const infos = await Promise.all(
      [this.#first, this.#second, this.#last].map((solver) => solver.inspect()),
    );
    const usable = infos.filter(({ available }) => available);
    const [best = infos[0]] = usable;
    if (!best) throw new TypeError('There are three solvers');
    // Two solvers may search the same files.
    const indexes = new Map(
      usable.flatMap((info) => (info.indexes ?? []).map((index) => [index.path, index])),
    );
    return { ...best, name: this.name, ...(indexes.size > 0 && { indexes: [...indexes.values()] }) };
  }

  prepare(): void {
    this.#first.prepare?.();
  }

  async solve(request: SolveRequest, asked: SolveContext): Promise<SolveOutcome> {
    const attempts: Attempt[] = [];
    const context: SolveContext = {
      ...asked,
      onAttempt(attempt) {
        attempts.push(attempt);
        asked.onAttempt?.(attempt);
      },
    };
    const started = performance.now();
    const ended = await this.#search(request, context);
    context.signal.throwIfAborted();
    if (ended.length === 0) {
      const { problem } = await this.#first.inspect();
      throw new AstroJobsError('solver_unavailable', problem ?? 'No solver is available');
    }
    return decide(ended, { attempts, seconds: (performance.now() - started) / 1000 });
  }

  async #search(request: SolveRequest, context: SolveContext): Promise<Ending[]> {
    const { signal } = context;
    const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
    let isSolved = false;
    const run = (solver: Solver, stop: AbortController, other: AbortController) =>
      this.#end(solver, request, context, anySignal(signal, stop.signal)).then((ending) => {
        isSolved ||= isPlate(ending);
        if (isPlate(ending) || isStarless(ending)) other.abort(OVERTAKEN);
        return ending;
      });
    const isOpen = () => !isSolved && !signal.aborted;
    const ended: Promise<Ending>[] = [];
    if (await isUsable(this.#first)) {
      const first = run(this.#first, stopFirst, stopSecond);
      ended.push(first);
      await settledWithin(HEAD_START_MS, first);
    }
    // Not looked at before it is needed: that takes longer than most images.
    if (isOpen() && (await isUsable(this.#second))) {
      if (!stopSecond.signal.aborted) ended.push(run(this.#second, stopSecond, stopFirst));
    } else {
      await Promise.all(ended);
      // Without solve-field the external script is what may still find the image.
      if (isOpen() && (await isUsable(this.#last)))
        ended.push(this.#end(this.#last, request, context, signal));
    }
    return Promise.all(ended);
  }

  /** Runs one solver in a folder of its own. */
  async #end(
    solver: Solver,
    request: SolveRequest,
    context: SolveContext,
    signal: AbortSignal,
  ): Promise<Ending> {
    try {
      const scratch = join(context.scratch, solver.name);
      await mkdir(scratch);
      return { outcome: await solver.solve(request, { ...context, scratch, signal }) };
    } catch (error) {
      return { error };
    }
  }
}

/** Resolves when the work has ended, or after so many milliseconds. */
async function settledWithin(ms: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

/** Another solver has found the image, or that it shows no stars. */
const OVERTAKEN = new Error('Another solver has found the image, or that it shows no stars');

const isPlate = ({ outcome }: Ending) => outcome?.kind === 'plate';

/** Whether nothing is above the noise of which any solver could make a pattern: then a search would only use up the time. */
function isStarless({ outcome }: Ending): boolean {
  if (outcome?.kind !== 'failed' || outcome.code !== 'too_few_stars') return false;
  return outcome.sources !== undefined && outcome.sources.detected < FEWEST_STARS;
}

async function isUsable(solver: Solver): Promise<boolean> {
  return (await solver.inspect()).available;
}

/** The solution where there is one, else what came of the most thorough; with the attempts of all. */
function decide(ended: readonly Ending[], all: Pick<SolveReport, 'attempts' | 'seconds'>): SolveOutcome {
  const found = ended.find(isPlate) ?? ended.findLast(({ error }) => error !== OVERTAKEN);
  if (!found?.outcome) throw found?.error;
  const outcome = { ...found.outcome };
  if (outcome.kind === 'document') return outcome;
  if (outcome.kind === 'failed' && outcome.code === 'timeout')
    outcome.message = [outcome.message, ...exhaustedSearches(ended)].join('. ');
  return { ...outcome, report: { ...outcome.report, ...all } };
}

/** What those say who have searched to the end, while another was still searching. */
function exhaustedSearches(ended: readonly Ending[]): string[] {
  return ended.flatMap(({ outcome }) =>
    outcome?.kind === 'failed' && outcome.code === 'no_solution' ? [outcome.message] : [],
  );
}
