export type { QueueUnderTest, QueueWanted } from './queue/contract.js';
export { describeQueue } from './queue/contract.js';
export type { StoreUnderTest, TestRunner } from './store/contract.js';
export { describeStore } from './store/contract.js';
