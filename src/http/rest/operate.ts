import { json, publicStatus } from '../responses.js';
import type { Call } from '../services.js';

/** What waits, and who runs what. */
export async function queue(call: Call): Promise<Response> {
  const { workers, elsewhere, ...state } = await call.jobs.queueState();
  return json({
    ok: true,
    ...state,
    workers: workers.map((worker) => ({ ...worker, jobs: worker.jobs.map((job) => publicStatus(job)) })),
    elsewhere: elsewhere.map((job) => publicStatus(job)),
  });
}
