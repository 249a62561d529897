/**
 * A solver that answers what it is told, and the promises of stores, queues, solvers and key stores as tests.
 * @module astro-jobs/testing
 */

export { describeQueue } from './queue/contract/suite.js';
export type { QueueUnderTest, QueueWanted } from './queue/contract/under-test.js';
export { describeSolver } from './solver/contract/suite.js';
export type { SolverImage, SolverUnderTest } from './solver/contract/under-test.js';
export {
  type FixedFailure,
  type FixedField,
  FixedSolver,
  type FixedSolverOptions,
} from './solver/fixed-solver.js';
export { describeKeyStore, type KeyStoreUnderTest } from './store/contract/key-store.js';
export { describeStore } from './store/contract/suite.js';
export type { StoreUnderTest, TestRunner } from './store/contract/under-test.js';
