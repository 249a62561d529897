import { AstroJobsError } from '../job/errors.js';
import type { Solver } from './solver.js';

/**
 * The solver that `params.solver` names; `auto` is the solver of that name, or else the first that is available.
 * @param solvers registered ones, the preferred first; of two with one name the first counts
 * @throws AstroJobsError `invalid_params` for a name that is not registered; `solver_unavailable` when the solver cannot be
 * used on this machine
 */
export async function chooseSolver(solvers: readonly Solver[], name: string): Promise<Solver> {
  const named = solvers.find((solver) => solver.name === name);
  // `auto` looks at each of its solvers when it comes to it: at some of them longer than most images take.
  if (named) return name === 'auto' ? named : requireAvailable(named);
  if (name !== 'auto') {
    const known = ['auto', ...new Set(solvers.map((solver) => solver.name))].join(', ');
    throw new AstroJobsError('invalid_params', `No solver \`${name}\` is registered; known are ${known}`);
  }
  const problems: string[] = [];
  for (const solver of solvers) {
    const { available, problem } = await solver.inspect();
    if (available) return solver;
    problems.push(problem ?? `${solver.name} is not available`);
  }
  throw new AstroJobsError('solver_unavailable', problems[0] ?? 'No solver is registered');
}

async function requireAvailable(solver: Solver): Promise<Solver> {
  const { available, problem } = await solver.inspect();
  if (available) return solver;
  throw new AstroJobsError('solver_unavailable', problem ?? `${solver.name} is not available`);
}
