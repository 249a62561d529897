import assert from 'node:assert/strict';
import { type SolverUnderTest, settlesWithin } from './under-test.js';

type Checks = Readonly<Record<string, (under: SolverUnderTest) => Promise<void>>>;

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

  'is inspected quickly after the first time': async ({ solver }) => {
    await solver.inspect();
    await settlesWithin(1000, 'A second inspection', solver.inspect());
  },
};
