export { BullMQJobQueue, type BullMQJobQueueOptions } from './bullmq-job-queue.js';
export type { KeyRateLimit } from './worker-registry.js';
