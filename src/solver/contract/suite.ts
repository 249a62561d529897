import type { TestRunner } from '../../store/contract.js';
import { ending } from './ending.js';
import { inspection } from './inspection.js';
import { outcomes } from './outcomes.js';
import type { SolverUnderTest } from './under-test.js';

/**
 * What every `Solver` promises, as tests. `make` returns the solver with photographs that it knows.
 *
 * @example
 * describeSolver({ describe, it }, 'MySolver', async () => ({ solver, solvable, unsolvable, slow, dispose }));
 */
export function describeSolver(runner: TestRunner, name: string, make: () => Promise<SolverUnderTest>): void {
  runner.describe(`${name} keeps the promises of a Solver`, () => {
    for (const [what, check] of Object.entries({ ...inspection, ...outcomes, ...ending })) {
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
