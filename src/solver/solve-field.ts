import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { AstroJobsError } from '../job/errors.js';
import { cleanStars } from '../stars/clean.js';
import { findStars } from '../stars/find.js';
import { byBrightness, spreadEvenly } from '../stars/order.js';
import type { Attempt } from './attempts.js';
import { type EngineSetting, runEngine } from './engine-run.js';
import { findIndexes, indexFoldersFromEnv } from './indexes.js';
import { runProcess } from './process.js';
import { SOLUTION_FILES } from './solution.js';
import type { SolveContext, SolveOutcome, SolveRequest, Solver, SolverInfo } from './solver.js';
import { starTable } from './tables.js';

export interface SolveFieldOptions {
  /** Path or name of solve-field. @default ASTRO_SOLVE_FIELD, else `solve-field` on the PATH */
  program?: string;
  /** Folders with index files besides those of the installed configuration. @default ASTRO_INDEX_DIRS */
  indexFolders?: readonly string[];
}

const INSTALL =
  'install it (Debian, Ubuntu: `apt-get install astrometry.net astrometry-data-tycho2`), or set ASTRO_SOLVE_FIELD';

/** Finds plate solutions with astrometry.net's solve-field and the index files that are installed for it. */
export class SolveField implements Solver {
  readonly name = 'solve-field';
  readonly #wanted: string;
  readonly #folders: readonly string[];
  #version?: Promise<string | undefined>;

  constructor(options: SolveFieldOptions = {}) {
    this.#wanted = options.program ?? (process.env.ASTRO_SOLVE_FIELD || 'solve-field');
    this.#folders = options.indexFolders ?? indexFoldersFromEnv();
  }

  async inspect(): Promise<SolverInfo> {
    const path = await findProgram(this.#wanted);
    const indexes = await findIndexes({ ...(path && { program: path }), folders: this.#folders });
    if (path === undefined)
      return { name: this.name, available: false, problem: missing(this.#wanted), indexes };
    this.#version ??= versionOf(path);
    const version = await this.#version;
    return { name: this.name, available: true, path, ...(version && { version }), indexes };
  }

  async solve(request: SolveRequest, context: SolveContext): Promise<SolveOutcome> {
    const started = performance.now();
    const program = await findProgram(this.#wanted);
    if (program === undefined) throw new AstroJobsError('solver_unavailable', missing(this.#wanted));
    const indexes = await findIndexes({ program, folders: this.#folders });
    const { image, params } = request;
    const setting: EngineSetting = {
      program,
      indexes,
      width: image.width,
      height: image.height,
      params,
      scratch: context.scratch,
      log: context.log,
    };
    const grey = await image.grey(2, context.signal);
    const stars = cleanStars(await findStars(grey, { signal: context.signal }), image);
    const list = spreadEvenly(byBrightness(stars), image, 10).slice(0, 300);
    const attempt: Attempt = {
      name: 'blind',
      reason: 'nothing is known about the field',
      input: { kind: 'stars', plan: { shrink: 2, sigmas: 5, boxes: 10, limit: 300 } },
      seconds: params.timeout,
    };
    const outcome = await runEngine(
      attempt,
      { kind: 'list', bytes: starTable(list) },
      setting,
      context.signal,
    );
    const report = { solver: this.name, seconds: (performance.now() - started) / 1000 };
    if (outcome.kind === 'solved') {
      const { solution, folder, command } = outcome;
      return {
        solved: true,
        wcs: solution.wcs,
        sources: { detected: stars.length, matched: solution.matched },
        quality: solution.quality,
        report: { ...report, command },
        files: Object.fromEntries(
          SOLUTION_FILES.map((extension) => [`solution.${extension}`, join(folder, `solution.${extension}`)]),
        ),
      };
    }
    return {
      solved: false,
      code: 'no_solution',
      message: 'No solution',
      sources: { detected: stars.length },
      report,
      files: {},
    };
  }
}

function missing(wanted: string): string {
  return `solve-field is not there (looked for ${wanted}); ${INSTALL}`;
}

/** The absolute path of a program by path or by name on the PATH. */
async function findProgram(wanted: string): Promise<string | undefined> {
  const candidates = /[/\\]/.test(wanted)
    ? [isAbsolute(wanted) ? wanted : resolve(wanted)]
    : (process.env.PATH ?? '')
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => join(folder, wanted));
  for (const path of candidates) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable && (await stat(path)).isFile()) return path;
  }
  return undefined;
}

async function versionOf(program: string): Promise<string | undefined> {
  let version: string | undefined;
  await runProcess({
    program,
    args: ['--version'],
    cwd: '/',
    signal: AbortSignal.timeout(10_000),
    onLine: (line) => {
      version ??= /\d+\.\d+\S*/.exec(line)?.[0];
    },
  }).catch(() => undefined);
  return version;
}
