import assert from 'node:assert/strict';
import { END_MS, settlesWithin, trySolver } from './trial.js';
import type { Checks } from './under-test.js';

/** What `name` and `inspect` promise. */
export const inspection: Checks = {
  'has a name that `params.solver` can be': async ({ solver }) => {
    assert.match(
      solver.name,
      /^[a-z0-9][a-z0-9._-]{0,63}$/,
      `${solver.name} can be no value of params.solver`,
    );
    assert.notEqual(solver.name, 'auto', 'auto is what chooses among solvers');
  },

  'says that it is available, under its name': async ({ solver }) => {
    const info = await solver.inspect();
    assert.equal(info.name, solver.name);
    assert.ok(info.available, `it is not available here: ${info.problem}`);
  },

  'names the sizes of quads of each index file that it lists': async ({ solver }) => {
    const { indexes = [] } = await solver.inspect();
    for (const { path, lower_arcmin, upper_arcmin } of indexes)
      assert.ok(
        lower_arcmin > 0 && upper_arcmin > lower_arcmin,
        `${path}: ${lower_arcmin} to ${upper_arcmin}′`,
      );
  },

  'is cheap to inspect after the first time': async ({ solver }) => {
    await solver.inspect();
    const more = Promise.all(Array.from({ length: 20 }, () => solver.inspect()));
    await settlesWithin(END_MS, 'Inspecting it twenty times', more);
  },

  'is inspected without an error where no program is to be found': async ({ solver }) => {
    const path = process.env.PATH;
    process.env.PATH = '';
    try {
      assert.equal((await solver.inspect()).name, solver.name);
    } finally {
      process.env.PATH = path;
    }
  },

  'says what is missing, and solves nothing, where it is not available': async ({
    unavailable,
    solvable,
  }) => {
    if (unavailable === 'never') return;
    const { available, problem } = await unavailable.inspect();
    assert.equal(available, false);
    assert.ok(problem, 'it does not say in `problem` what is missing');
    await assert.rejects(
      trySolver(unavailable, solvable),
      { name: 'AstroJobsError', code: 'solver_unavailable' },
      'it does not reject with an AstroJobsError of the code solver_unavailable',
    );
  },
};
