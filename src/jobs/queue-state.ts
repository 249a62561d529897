import { JOB_STATES, type JobStatus, nowSeconds } from '../job/status.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { JobStore } from '../store/job-store.js';
import type { QueueState, WorkerState } from './types/queue-state.js';

export type { QueueState, WorkerState } from './types/queue-state.js';

/** A process that takes jobs, as the queue or the store knows it. */
interface LivingWorker {
  host: string;
  pid: number;
  concurrency?: number;
}

/** Running jobs that are told of. */
const RUNNING = 500;

export async function queueState({
  store,
  queue,
}: {
  store: JobStore;
  queue: JobQueue;
}): Promise<QueueState> {
  const now = nowSeconds();
  const [counts, running, wanted, ofQueue, ofStore, oldest] = await Promise.all([
    store.counts(JOB_STATES),
    store.list({ states: ['processing'], limit: RUNNING }),
    store.runnable({ now, limit: RUNNING }),
    queue.workers?.() ?? [],
    store.workers?.list() ?? [],
    store.oldestQueued(),
  ]);
  const abandoned = new Set(wanted);
  const workers = new Map<string, WorkerState>();
  const elsewhere: JobStatus[] = [];
  for (const job of running.jobs.toReversed()) {
    const { worker } = job;
    if (!worker) {
      elsewhere.push(job);
      continue;
    }
    const { host, pid } = worker;
    const key = JSON.stringify([host, pid, worker.machine]);
    const known = workers.get(key) ?? { host, pid, state: 'lost', jobs: [] };
    if (!abandoned.has(job.job_id)) known.state = 'busy';
    known.jobs.push(job);
    workers.set(key, known);
  }
  const living = new Map<string, LivingWorker>();
  for (const worker of [...ofQueue, ...ofStore])
    living.set(JSON.stringify([worker.host, worker.pid]), worker);
  const holding = [...workers.values()].map((worker): WorkerState => {
    const key = JSON.stringify([worker.host, worker.pid]);
    const concurrency = living.get(key)?.concurrency;
    if (worker.state === 'busy') living.delete(key);
    return { ...worker, ...(concurrency !== undefined && { concurrency }) };
  });
  const idle = [...living.values()].map(
    ({ host, pid, concurrency }): WorkerState => ({
      ...{ host, pid, state: 'idle' },
      ...(concurrency !== undefined && { concurrency }),
      jobs: [],
    }),
  );
  return {
    queue: queue.name,
    counts,
    ...(oldest && { oldest: { job_id: oldest.job_id, seconds: Math.max(0, now - oldest.created_at) } }),
    workers: [...holding, ...idle],
    elsewhere,
    more: running.next !== undefined,
  };
}
