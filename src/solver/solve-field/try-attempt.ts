import { AstroJobsError } from '../../job/errors.js';
import type { Attempt as AttemptRecord } from '../../job/solve-report.js';
import { CannotStart } from '../../process/run-process.js';
import type { InstalledIndex } from '../indexes/installed.js';
import type { Attempt } from '../search/attempts.js';
import { respectsBounds } from '../search/respects-bounds.js';
import { type EngineOutcome, type EngineSetting, runEngine } from './run-engine.js';
import { ExtractionFailed, type StarLists } from './star-lists.js';

/** Fewer stars than this make no quad that could be told from chance. */
export const FEWEST_STARS = 5;

/** What the attempts at one image share, and what they leave behind. */
export interface Trial {
  lists: StarLists;
  setting: EngineSetting;
  /** The report's lines, in the order in which attempts ended. */
  attempts: AttemptRecord[];
  onAttempt?(attempt: AttemptRecord): void;
  /** How the first run that died by itself died. */
  crash?: string;
}

/** A solution, the attempt that found it, and how many stars had been found. */
export type Solved = Extract<EngineOutcome, { kind: 'solved' }> & { attempt: Attempt; detected: number };

/**
 * One turn of one attempt, and its line in the report. Undefined when there is no solution to be found that way.
 * @throws `signal.reason` when it was ended; AstroJobsError `solver_unavailable` when the program cannot be started.
 */
export async function tryAttempt(
  attempt: Attempt,
  indexes: readonly InstalledIndex[],
  trial: Trial,
  signal: AbortSignal,
  seconds: number,
): Promise<Solved | undefined> {
  const { lists, setting, attempts } = trial;
  const started = performance.now();
  const record = (outcome: AttemptRecord['outcome']) => {
    const took = Math.round(performance.now() - started) / 1000;
    const ended = { name: attempt.name, reason: attempt.reason, seconds: took, outcome };
    attempts.push(ended);
    trial.onAttempt?.(ended);
  };
  try {
    const stars = await lists.get(attempt.input, signal);
    if (stars.x.length < FEWEST_STARS) {
      record('too_few_stars');
      return undefined;
    }
    setting.log(`[${attempt.name}] ${attempt.reason}; ${stars.x.length} of ${stars.detected} stars\n`);
    const run = { attempt, stars, indexes, cpuLimitSeconds: seconds };
    let outcome = await runEngine(run, setting, signal);
    if (outcome.kind === 'crashed' && outcome.killed) {
      setting.log(`[${attempt.name}] ${outcome.message}; once more\n`);
      outcome = await runEngine(run, setting, signal);
    }
    if (outcome.kind === 'crashed') {
      trial.crash ??= outcome.message;
      record('crashed');
      return undefined;
    }
    if (outcome.kind === 'no_solution' || !respectsBounds(outcome.solution.wcs, attempt)) {
      record('no_solution');
      return undefined;
    }
    record('solved');
    return { ...outcome, attempt, detected: stars.detected };
  } catch (error) {
    record(signal.aborted ? 'stopped' : 'crashed');
    if (!signal.aborted && error instanceof ExtractionFailed) {
      trial.crash ??= error.message;
      return undefined;
    }
    if (!signal.aborted && error instanceof CannotStart) {
      throw new AstroJobsError('solver_unavailable', error.message, { cause: error });
    }
    throw error;
  }
}
