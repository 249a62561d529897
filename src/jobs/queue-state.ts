import { JOB_STATES, type JobState, type JobStatus, nowSeconds } from '../job/status.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { JobStore } from '../store/job-store.js';

/** A process that runs jobs. */
export interface WorkerState {
  host: string;
  pid: number;
  /** `busy`: it runs the jobs below; `idle`: the queue knows that it lives; `lost`: it has let the leases of all its jobs end. */
  state: 'busy' | 'idle' | 'lost';
  /** What it runs, the longest running first. */
  jobs: JobStatus[];
}

/** What waits, and who runs what, at this moment. */
export interface QueueState {
  /** Name of the queue: `in-process`, `detached`, `bullmq`, … */
  queue: string;
  /** Jobs in each state. */
  counts: Record<JobState, number>;
  /** The waiting job that was submitted first, and how long ago, seconds; of the newest 10,000 when more wait. */
  oldest?: { job_id: string; seconds: number };
  /**
   * Processes that run jobs, and those that the queue knows to be waiting for some; a process without jobs that takes them out of the store
   * by itself is known to no other process.
   */
  workers: WorkerState[];
  /** Jobs that another program runs, which says nothing about itself. */
  elsewhere: JobStatus[];
  /** Whether more jobs run than are told of here. */
  more: boolean;
}

/** Running jobs that are told of. */
const RUNNING = 500;
/** Waiting jobs among which the oldest is looked for, and how many are read at a time. */
const [WAITING, PAGE] = [10_000, 1000];

export async function queueState({
  store,
  queue,
}: {
  store: JobStore;
  queue: JobQueue;
}): Promise<QueueState> {
  const now = nowSeconds();
  const [counts, running, wanted, idle, oldest] = await Promise.all([
    store.counts(JOB_STATES),
    store.list({ states: ['processing'], limit: RUNNING }),
    store.runnable({ now, limit: RUNNING }),
    queue.workers?.() ?? [],
    oldestWaiting(store),
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
  const busy = [...workers.values()];
  const isBusy = (one: { host: string; pid: number }) =>
    busy.some(({ host, pid, state }) => host === one.host && pid === one.pid && state === 'busy');
  const waiting = idle
    .filter((one) => !isBusy(one))
    .map(({ host, pid }): WorkerState => ({ host, pid, state: 'idle', jobs: [] }));
  return {
    queue: queue.name,
    counts,
    ...(oldest && { oldest: { job_id: oldest.job_id, seconds: Math.max(0, now - oldest.created_at) } }),
    workers: [...busy, ...waiting],
    elsewhere,
    more: running.next !== undefined,
  };
}

async function oldestWaiting(store: JobStore): Promise<JobStatus | undefined> {
  let oldest: JobStatus | undefined;
  let after: string | undefined;
  for (let read = 0; read < WAITING; read += PAGE) {
    const page = await store.list({ states: ['queued'], limit: PAGE, after });
    oldest = page.jobs.at(-1) ?? oldest;
    after = page.next;
    if (after === undefined) break;
  }
  return oldest;
}
