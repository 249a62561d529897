import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultIndexDirs, defaultSolveField } from '../../defaults.js';
import type { ErrorCode } from '../../job/error-codes.js';
import { AstroJobsError } from '../../job/errors.js';
import type { Attempt as AttemptRecord, SolveReport } from '../../job/solve-report.js';
import { findProgram, versionOf } from '../../process/program.js';
import { RecentMap } from '../../recent-map.js';
import type { Trail } from '../../stars/trail.js';
import { findIndexes } from '../indexes/installed.js';
import { noIndexMessage } from '../indexes/no-index.js';
import { indexesForScale, indexesOf } from '../indexes/select.js';
import { userScale, widestScale } from '../search/bounds.js';
import { highestOrder } from '../search/highest-order.js';
import { planAttempts } from '../search/plan.js';
import { race } from '../search/race.js';
import { refusal, type Searched } from '../search/refusal.js';
import { reportHints } from '../search/report-hints.js';
import { trailedQuality } from '../search/trailed.js';
import type { IndexFile, PlateOutcome, SolveContext, SolveRequest, Solver, SolverInfo } from '../solver.js';
import { type Refined, refine } from './refine-solution.js';
import type { EngineSetting } from './run-engine.js';
import { SOLUTION_FILES } from './solution.js';
import { StarLists } from './star-lists.js';
import { FEWEST_STARS, type Solved, type Trial, tryAttempt } from './try-attempt.js';

/** Where the program and its index files are. */
export interface SolveFieldOptions {
  /** Path or name of solve-field. @default ASTRO_SOLVE_FIELD, else `solve-field` on the PATH */
  program?: string;
  /** Folders with index files besides those of the installed configuration. @default process.env.ASTRO_INDEX_DIRS */
  indexDirs?: readonly string[];
}

/** How long the likeliest attempt runs alone; most hinted fields are found by then. */
const HEAD_START_MS = 150;
/** Kept free at the end of the job's time, so that it ends with what was learned. */
const CLOSING_SECONDS = 0.3;

/** Finds plate solutions with astrometry.net's solve-field and the index files that are installed for it. */
export class SolveField implements Solver {
  readonly name = 'solve-field';
  readonly #wanted: string;
  readonly #indexDirs: readonly string[];
  /** What the program says of its version, by its path. */
  readonly #versions = new RecentMap<string, Promise<string | undefined>>(8);

  constructor(options: SolveFieldOptions = {}) {
    this.#wanted = options.program ?? defaultSolveField();
    this.#indexDirs = options.indexDirs ?? defaultIndexDirs();
  }

  async inspect(): Promise<
    SolverInfo & {
      /** The index files that it was found to have. */
      indexes: readonly IndexFile[];
    }
  > {
    const path = await findProgram(this.#wanted);
    const indexes = await findIndexes({ ...(path && { program: path }), dirs: this.#indexDirs });
    if (path === undefined) return { name: this.name, available: false, problem: this.#missing(), indexes };
    const version = await this.#version(path);
    return { name: this.name, available: true, path, ...(version && { version }), indexes };
  }

  async solve(request: SolveRequest, context: SolveContext): Promise<PlateOutcome> {
    const program = await findProgram(this.#wanted);
    if (program === undefined) throw new AstroJobsError('solver_unavailable', this.#missing());
    const indexes = await findIndexes({ program, dirs: this.#indexDirs });
    const started = performance.now();
    const attempts: AttemptRecord[] = [];
    const report = async (found?: Solved): Promise<SolveReport> => {
      const known = found?.solution.version ?? (await this.#version(program));
      return {
        solver: this.name,
        ...(known && { version: known }),
        seconds: (performance.now() - started) / 1000,
        hints: reportHints(request),
        attempts,
      };
    };

    const { image, params } = request;
    const usable = indexesForScale(
      indexes,
      userScale(params, image.width) ?? widestScale(image.width),
      image,
    );
    if (usable.length === 0) {
      const message = noIndexMessage(indexes, params, image);
      return { kind: 'failed', code: 'no_index_for_scale', message, report: await report(), files: {} };
    }

    const lists = new StarLists({ image, program, scratch: context.scratch, log: context.log });
    const setting: EngineSetting = {
      program,
      width: image.width,
      height: image.height,
      scratch: context.scratch,
      log: context.log,
    };
    context.onProgress({ stage: 'solving' });
    const trial: Trial = { lists, setting, attempts, onAttempt: context.onAttempt };
    try {
      const plan = planAttempts(request);
      const runners = plan.flatMap((attempt) => {
        const share = indexesOf(attempt, usable, image);
        if (share.length === 0) return [];
        const run = (signal: AbortSignal, seconds: number) =>
          tryAttempt(attempt, share, trial, signal, seconds);
        return [{ seconds: attempt.seconds, run }];
      });
      const { winner, exhausted } = await race(runners, {
        lanes: context.cores,
        headStartMs: HEAD_START_MS,
        ...(plan[0] && { begin: lists.get(plan[0].input, context.signal) }),
        signal: context.signal,
        deadline: started + (params.timeout - CLOSING_SECONDS) * 1000,
      });
      if (winner) {
        const stars = await lists.get(winner.attempt.input, context.signal);
        const lens = request.hints.lens?.calibration;
        const found = await refine(winner, stars, indexes, highestOrder(request), lens);
        return await solvedPlate(found, stars.trail, await report(found));
      }
      const { first } = lists;
      const [code, message] = whyUnsolved(trial, {
        detected: first?.detected,
        fewest: FEWEST_STARS,
        trail: first?.trail,
        isNegative: first?.isNegative,
        ...(!exhausted && { timedOut: params.timeout }),
        ...fieldsOf(request),
      });
      const sources = first && { detected: first.detected };
      return {
        kind: 'failed',
        code,
        message,
        ...(sources && { sources }),
        report: await report(),
        files: {},
      };
    } finally {
      await lists.close();
    }
  }

  #version(program: string): Promise<string | undefined> {
    return this.#versions.getOrMake(program, () => versionOf(program));
  }

  #missing(): string {
    return `solve-field was not found as \`${this.#wanted}\`; install it (Debian, Ubuntu: apt-get install astrometry.net astrometry-data-tycho2), or say where it is with ASTRO_SOLVE_FIELD`;
  }
}

async function solvedPlate(
  { solution, folder, command, detected, fit }: Refined,
  trail: Trail | undefined,
  report: SolveReport,
): Promise<PlateOutcome> {
  const names = SOLUTION_FILES.map((extension) => `solution.${extension}`);
  const left = new Set(await readdir(folder));
  return {
    kind: 'plate',
    wcs: solution.wcs,
    sources: { detected, matched: solution.matched },
    quality: { ...solution.quality, ...trailedQuality(trail, solution.wcs) },
    report: { ...report, command, ...(fit && { fit }) },
    files: Object.fromEntries(
      names.filter((name) => left.has(name)).map((name) => [name, join(folder, name)]),
    ),
  };
}

function whyUnsolved({ attempts, crash }: Trial, searched: Searched): [ErrorCode, string] {
  if (crash !== undefined && attempts.every(({ outcome }) => outcome === 'crashed'))
    return ['solver_crashed', crash];
  return refusal(searched);
}

/** Which fields were searched, degrees of the width. */
function fieldsOf({ image, params }: SolveRequest): Pick<Searched, 'from_deg' | 'to_deg'> {
  const { low, high } = userScale(params, image.width) ?? widestScale(image.width);
  return { from_deg: (low * image.width) / 3600, to_deg: Math.min(180, (high * image.width) / 3600) };
}
