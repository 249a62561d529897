import { JOB_STATES, type JobState, type JobStatus, nowSeconds } from '../job/status.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { JobStore } from '../store/job-store.js';

/** A process that runs jobs. */
export interface WorkerState {
  /** Host name of its machine. */
  host: string;
  /** Its process id there. */
  pid: number;
  /** `busy`: it runs the jobs below; `idle`: it is known to live, and waits; `lost`: it has let the leases of all its jobs end. */
  state: 'busy' | 'idle' | 'lost';
  /** Jobs that it runs side by side, at most; where it has said so. */
  concurrency?: number;
  /** What it runs, the longest running first. */
  jobs: JobStatus[];
}

/** A process that takes jobs, as the queue or the store knows it. */
interface LivingWorker {
  host: string;
  pid: number;
  concurrency?: number;
}

/** What waits, and who runs what, at this moment. */
export interface QueueState {
  /** Name of the queue: `in-process`, `detached`, `bullmq`, … */
  queue: string;
  /** Jobs in each state. */
  counts: Record<JobState, number>;
  /** The waiting job that was submitted first, and how long ago, seconds. */
  oldest?: {
    /** The id of the job. */
    job_id: string;
    /** Seconds since it was submitted. */
    seconds: number;
  };
  /** Processes that run jobs, and those that wait for some: as they said to the queue or the store within the last half minute. */
  workers: WorkerState[];
  /** Jobs that another program runs, which says nothing about itself. */
  elsewhere: JobStatus[];
  /** Whether more jobs run than are told of here. */
  more: boolean;
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
