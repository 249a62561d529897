import type { TestRunner } from '../../store/contract/under-test.js';
import { ending } from './ending.js';
import { inspection } from './inspection.js';
import { isolation } from './isolation.js';
import { outcomes } from './outcomes.js';
import type { SolverUnderTest } from './under-test.js';

/**
 * What every `Solver` promises, as tests. `make` returns the solver with photographs that it knows; it is called for each test.
 * The tests of one suite must run one after another, since some of them change the environment variables of the process.
 *
 * @example
 * describeSolver({ describe, it }, 'MySolver', async () => ({ solver, unavailable, solvable, unsolvable, slow, dispose }));
 */
export function describeSolver(runner: TestRunner, name: string, make: () => Promise<SolverUnderTest>): void {
  runner.describe(`${name} keeps the promises of a Solver`, () => {
    for (const [what, check] of Object.entries({ ...inspection, ...outcomes, ...isolation, ...ending })) {
      runner.it(what, async () => {
        const under = await make();
        try {
          await check(under);
        } finally {
          await under.dispose();
        }
      });
    }
  });
}
