import { settledWithin } from '../async/settled-within.js';
import { DEFAULTS } from '../defaults.js';
import type { Logger } from '../job/logger.js';
import type { JobStore } from '../store/job-store.js';
import type { JobQueue } from './job-queue.js';

/** How what runs jobs is closed. */
export interface CloseOptions {
  /** Seconds that running jobs have to end before they are stopped and given back. @default 8 */
  graceSeconds?: number;
}

/** Within the two seconds of `JobQueue.close`, and the rest for the store. */
const QUEUE_MS = DEFAULTS.releaseMs + 2 * DEFAULTS.goodbyeMs;

/** Closes a queue, then its store. Late or failing ones are logged and left behind: nothing that they do keeps a host from ending. */
export async function closeAll({
  queue,
  store,
  graceSeconds,
  logger,
}: {
  queue: JobQueue;
  store: JobStore;
  graceSeconds: number;
  logger: Logger;
}): Promise<void> {
  const closing = async (what: string, work: Promise<void>, ms: number) => {
    const failed = (err: unknown) => logger.warn({ err }, `The ${what} was not closed properly`);
    if (!(await settledWithin(ms, work.catch(failed))))
      logger.warn({}, `The ${what} is slow to close; left behind`);
  };
  await closing('queue', queue.close({ graceSeconds }), graceSeconds * 1000 + QUEUE_MS);
  await closing('store', store.close(), DEFAULTS.goodbyeMs);
}
