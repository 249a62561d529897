import { toAstroJobsError } from '../job/errors.js';
import type { Solver, SolverInfo } from '../solver/solver.js';
import type { JobStore, StoreCapabilities } from '../store/job-store.js';

/** Whether everything is here that jobs need. */
export interface Inspection {
  /** The registered solvers, the preferred first. */
  solvers: SolverInfo[];
  /** The package's own engine and its stars. */
  engine: SolverInfo;
  /** The program beside it: solve-field, or the first solver that the host has registered. */
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

/** Solvers that are not programs of their own, and the external script, which has its place. */
const OWN: ReadonlySet<string> = new Set(['auto', 'builtin', 'external']);

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
  const named = (name: string) => solvers.find((solver) => solver.name === name) ?? none;
  return {
    solvers,
    engine: named('builtin'),
    solver: solvers.find(({ name }) => !OWN.has(name)) ?? none,
    extractor: named('external'),
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
