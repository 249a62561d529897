import { within } from '../async/within.js';
import { nowSeconds } from '../job/status.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { JobStore } from '../store/job-store.js';

/** In which store and queue must answer a probe, milliseconds. */
const PROBE_MS = 3000;

/** Whether jobs can be found and their queue be reached, at the latest after three seconds. Never rejects. */
export async function isReachable({ store, queue }: { store: JobStore; queue: JobQueue }): Promise<boolean> {
  const asked = Promise.all([
    store.runnable({ now: nowSeconds(), limit: 1 }),
    queue.check?.({ withinMs: PROBE_MS }),
  ]);
  return within(PROBE_MS, asked, () => new Error('late')).then(
    () => true,
    () => false,
  );
}
