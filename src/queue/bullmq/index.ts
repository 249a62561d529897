export type { KeyRateLimit } from './board.js';
export { BullMQJobQueue, type BullMQJobQueueOptions } from './bullmq-job-queue.js';
