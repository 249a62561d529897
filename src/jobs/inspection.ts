import { toAstroJobsError } from '../job/errors.js';
import type { Solver, SolverInfo } from '../solver/solver.js';
import type { JobStore, StoreCapabilities } from '../store/job-store.js';

/** Whether everything is here that jobs need. */
export interface Inspection {
  /** The registered solvers, the preferred first. */
  solvers: SolverInfo[];
  /** The preferred one. */
  solver: SolverInfo;
  /** The external script. */
  extractor: SolverInfo;
  store: StoreInspection;
  /** Name of the queue. */
  queue: string;
}

export interface StoreInspection extends StoreCapabilities {
  usable: boolean;
  /** Why it is not. */
  problem?: string;
}

export async function inspect(parts: {
  solvers: readonly Solver[];
  store: JobStore;
  queue: string;
}): Promise<Inspection> {
  const [solvers, store] = await Promise.all([
    Promise.all(parts.solvers.map((solver) => solver.inspect())),
    inspectStore(parts.store),
  ]);
  const none: SolverInfo = { name: 'none', available: false, problem: 'No solver is registered' };
  const programs = solvers.filter(({ name }) => name !== 'external');
  return {
    solvers,
    solver: programs[0] ?? none,
    extractor: solvers.find(({ name }) => name === 'external') ?? none,
    store,
    queue: parts.queue,
  };
}

async function inspectStore(store: JobStore): Promise<StoreInspection> {
  const { capabilities } = store;
  try {
    await store.check();
    return { ...capabilities, usable: true };
  } catch (error) {
    return { ...capabilities, usable: false, problem: toAstroJobsError(error, 'using the store').message };
  }
}
