/**
 * Workers on other machines, told by Redis, Valkey or PostgreSQL; needs the package `bullmq`.
 * @module astro-jobs/queues/bullmq
 */

export { BullMQJobQueue, type BullMQJobQueueOptions } from './bullmq-job-queue.js';
export type { KeyRateLimit } from './worker-registry.js';
