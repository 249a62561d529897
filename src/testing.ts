export type { QueueUnderTest, QueueWanted } from './queue/contract.js';
export { describeQueue } from './queue/contract.js';
export { describeSolver } from './solver/contract/suite.js';
export type { SolverImage, SolverUnderTest } from './solver/contract/under-test.js';
export type { StoreUnderTest, TestRunner } from './store/contract.js';
export { describeStore } from './store/contract.js';
