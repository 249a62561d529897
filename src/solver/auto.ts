import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AstroJobsError } from '../job/errors.js';
import type { Attempt, SolveReport } from '../job/result.js';
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
    const indexes = usable.flatMap((info) => info.indexes ?? []);
    return { ...best, name: this.name, ...(indexes.length > 0 && { indexes }) };
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
    const [first, second] = await Promise.all([isUsable(this.#first), isUsable(this.#second)]);
    const started = performance.now();
    const ended: Ending[] = [];
    if (first && second) ended.push(...(await this.#sideBySide(request, context)));
    else if (first || second)
      ended.push(await this.#end(first ? this.#first : this.#second, request, context, context.signal));
    const isFound = ended.some(({ outcome }) => outcome?.kind === 'plate');
    // Without solve-field the external script is what may still find the image.
    if (!isFound && !second && (await isUsable(this.#last)))
      ended.push(await this.#end(this.#last, request, context, context.signal));
    context.signal.throwIfAborted();
    return decide(ended, { attempts, seconds: (performance.now() - started) / 1000 });
  }

  async #sideBySide(request: SolveRequest, context: SolveContext): Promise<Ending[]> {
    const [stopFirst, stopSecond, noWaiting] = [
      new AbortController(),
      new AbortController(),
      new AbortController(),
    ];
    const either = (stop: AbortController) => AbortSignal.any([context.signal, stop.signal]);
    const first = this.#end(this.#first, request, context, either(stopFirst)).then((ending) => {
      if (ending.outcome?.kind === 'plate') stopSecond.abort(OVERTAKEN);
      noWaiting.abort();
      return ending;
    });
    await sleep(HEAD_START_MS, undefined, {
      signal: AbortSignal.any([context.signal, noWaiting.signal]),
    }).catch(() => {});
    if (either(stopSecond).aborted) return [await first];
    const second = this.#end(this.#second, request, context, either(stopSecond)).then((ending) => {
      if (ending.outcome?.kind === 'plate') stopFirst.abort(OVERTAKEN);
      return ending;
    });
    return Promise.all([first, second]);
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

/** Another solver has found the image. */
const OVERTAKEN = new Error('Another solver has found the image');

async function isUsable(solver: Solver): Promise<boolean> {
  return (await solver.inspect()).available;
}

/** The solution where there is one, else what the most thorough has to say; with the attempts of all. */
function decide(ended: readonly Ending[], all: Pick<SolveReport, 'attempts' | 'seconds'>): SolveOutcome {
  const outcomes = ended.flatMap(({ outcome }) => (outcome ? [outcome] : []));
  const chosen = outcomes.find(({ kind }) => kind === 'plate') ?? outcomes.at(-1);
  const errors = ended.flatMap(({ error }) => (error === undefined || error === OVERTAKEN ? [] : [error]));
  if (!chosen) throw errors.at(-1) ?? new AstroJobsError('solver_unavailable', 'No solver is available');
  if (chosen.kind === 'document') return chosen;
  // A machine at fault is not the image's fault: nothing is said of an image that one of them could not search.
  if (chosen.kind === 'failed' && errors.length > 0) throw errors[0];
  return { ...chosen, report: { ...chosen.report, ...all } };
}
