// The solver keeps what the Solver interface promises, with the stand-in in the place of ASTAP.
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { describeSolver } from 'astro-jobs/testing';
import { AstapSolver } from './astap-solver.mjs';
import { ORION, photographs, STAND_IN } from './photographs.mjs';

describeSolver({ describe, it }, 'AstapSolver', async () => {
  const { make, folder, dispose } = await photographs();
  return {
    solver: new AstapSolver({ program: STAND_IN }),
    unavailable: new AstapSolver({ program: join(folder, 'nowhere') }),
    solvable: { ...(await make('known.jpg', ORION)), ra_deg: 84.15, dec_deg: -3, within_deg: 0.01 },
    unsolvable: await make('unknown.jpg'),
    slow: await make('slow.jpg', { wait_seconds: 30 }),
    dispose,
  };
});
