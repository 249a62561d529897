import { access, constants, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobsError } from 'astro-jobs';
import { encodeWcs } from 'astro-jobs/wcs';
import { failureOf, isWithinBounds, parseIni, wcsOf } from './answer.mjs';
import { astapArguments } from './arguments.mjs';
import { run } from './run.mjs';

/** The images that ASTAP reads; it tells them by the ends of their names. */
const EXTENSIONS = { fits: 'fits', jpeg: 'jpg', png: 'png', tiff: 'tif' };

/** @implements {import('astro-jobs').Solver} */
export class AstapSolver {
  name = 'astap';
  #program;
  #database;

  /**
   * @param {object} options
   * @param {string} options.program path of `astap_cli`, or of a program that speaks like it
   * @param {string} [options.database] folder of the star database, when it is not where ASTAP looks for it
   */
  constructor({ program, database }) {
    this.#program = program;
    this.#database = database;
  }

  /** Without `indexes`: ASTAP does not tell which fields its star database covers. */
  async inspect() {
    const { name } = this;
    const path = this.#program;
    try {
      await access(path, constants.X_OK);
      if (this.#database !== undefined) await access(this.#database);
      return { name, available: true, path };
    } catch (error) {
      const problem = `ASTAP cannot be used: ${error.message}; see https://www.hnsky.org/astap.htm`;
      return { name, available: false, path, problem };
    }
  }

  /**
   * @param {import('astro-jobs').SolveRequest} request
   * @param {import('astro-jobs').SolveContext} context
   * @returns {Promise<import('astro-jobs').PlateOutcome>}
   */
  async solve(request, context) {
    const started = performance.now();
    const { image, params } = request;
    const { scratch, signal, onProgress } = context;
    signal.throwIfAborted();
    onProgress({ stage: 'solving' });
    const report = (command) => ({
      solver: this.name,
      seconds: (performance.now() - started) / 1000,
      ...(command && { command }),
    });
    const extension = EXTENSIONS[image.kind];
    if (extension === undefined) {
      const message = `ASTAP reads ${Object.keys(EXTENSIONS).join(', ')}, and this is ${image.kind}`;
      return { kind: 'failed', code: 'unsupported_image', message, report: report(), files: {} };
    }
    // A path without characters that a program could give a meaning to.
    const file = join(scratch, `image.${extension}`);
    await symlink(image.path, file);
    const base = join(scratch, 'astap');
    const database = this.#database === undefined ? [] : ['-d', this.#database];
    const args = [...astapArguments(request, file, base), ...database];
    await run(this.#program, args, context);

    const ini = parseIni(await readFile(`${base}.ini`, 'utf8').catch(() => ''));
    const command = [this.#program, ...args];
    if (ini.PLTSOLVD !== 'T') {
      const { code, message } = failureOf(ini);
      if (code === 'solver_unavailable') throw new AstroJobsError(code, message);
      return { kind: 'failed', code, message, report: report(command), files: {} };
    }
    const wcs = wcsOf(ini, image);
    if (!isWithinBounds(wcs, params)) {
      const message = 'ASTAP found a solution outside the bounds that were given';
      return { kind: 'failed', code: 'no_solution', message, report: report(command), files: {} };
    }
    // Not ASTAP's own .wcs: its rows may be counted from the other end, and it lacks the size of the image.
    const solution = join(scratch, 'solution.wcs');
    await writeFile(solution, encodeWcs(wcs));
    return {
      kind: 'plate',
      wcs,
      // ASTAP does not tell how many stars it found and matched.
      sources: { detected: 0, matched: 0 },
      quality: {},
      report: report(command),
      files: { 'solution.wcs': solution },
    };
  }
}
