import { within } from '../async/within.js';
import { DEFAULTS } from '../defaults.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';
import type { JobQueue } from '../queue/job-queue.js';
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
  /** Where jobs live. */
  store: StoreInspection;
  /** Who runs the jobs. */
  queue: QueueInspection;
}

/** Whether a store can be used, and what it can do. */
export interface StoreInspection extends StoreCapabilities {
  /** Whether jobs can be stored. */
  usable: boolean;
  /** The version of its tables, where it has some. */
  schema_version?: number;
  /** Why it is not. */
  problem?: string;
}

/** Whether a queue can be used. */
export interface QueueInspection {
  /** The name of the queue. */
  name: string;
  /** Whether it answers. */
  usable: boolean;
  /** Why it is not. */
  problem?: string;
}

/** Solvers that are not programs of their own, and the external script, which has its place. */
const OWN: ReadonlySet<string> = new Set(['auto', 'builtin', 'external']);

export async function inspect(parts: {
  solvers: readonly Solver[];
  store: JobStore;
  queue: JobQueue;
}): Promise<Inspection> {
  const withinMs = DEFAULTS.inspectMs;
  const [solvers, store, queue] = await Promise.all([
    Promise.all(parts.solvers.map(inspectSolver)),
    inspectStore(parts.store, withinMs),
    usable(inTime(parts.queue.check?.({ withinMs }), withinMs)),
  ]);
  const none: SolverInfo = { name: 'none', available: false, problem: 'No solver is registered' };
  const named = (name: string) => solvers.find((solver) => solver.name === name) ?? none;
  return {
    solvers,
    engine: named('builtin'),
    solver: solvers.find(({ name }) => !OWN.has(name)) ?? none,
    extractor: named('external'),
    store,
    queue: { name: parts.queue.name, ...queue },
  };
}

async function inspectSolver(solver: Solver): Promise<SolverInfo> {
  const { name } = solver;
  const seconds = DEFAULTS.inspectSolverMs / 1000;
  const late = () => new AstroJobsError('solver_unavailable', `No answer within ${seconds} s`);
  try {
    return await within(DEFAULTS.inspectSolverMs, solver.inspect(), late);
  } catch (error) {
    const { message } = toAstroJobsError(error, `looking whether the solver ${name} can be used`);
    return { name, available: false, problem: message };
  }
}

async function inspectStore(store: JobStore, withinMs: number): Promise<StoreInspection> {
  const found = { ...store.capabilities, ...(await usable(inTime(store.check({ withinMs }), withinMs))) };
  if (!found.usable || !store.schemaVersion) return found;
  const late = () => new Error('late');
  const version = await within(withinMs, store.schemaVersion(), late).catch(() => undefined);
  return version === undefined ? found : { ...found, schema_version: version };
}

/** Twice as long as it is asked for: then it does not keep to it, like a folder of a server that is gone. */
async function inTime(check: Promise<void> | undefined, withinMs: number): Promise<void> {
  const seconds = (2 * withinMs) / 1000;
  const late = () => new AstroJobsError('storage_failed', `No answer within ${seconds} s`);
  if (check) await within(2 * withinMs, check, late);
}

async function usable(check: Promise<void>): Promise<{ usable: boolean; problem?: string }> {
  try {
    await check;
    return { usable: true };
  } catch (error) {
    return { usable: false, problem: toAstroJobsError(error, 'looking whether it answers').message };
  }
}
