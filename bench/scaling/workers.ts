import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AstroJobs } from '../../src/astro-jobs.js';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { Resident } from '../shared/resident.js';
import { treeSeconds } from '../shared/tree-seconds.js';

/** Which store, and what tells the workers of jobs. */
export const SETUPS = [
  'folder',
  'folder, BullMQ on Redis',
  'PostgreSQL',
  'PostgreSQL, BullMQ on Redis',
  'PostgreSQL, BullMQ on PostgreSQL',
] as const;
export type Setup = (typeof SETUPS)[number];

export interface WorkerFigures {
  setup: Setup;
  workers: number;
  /** From the first start to the last end. */
  perSecond: number;
  /** CPU seconds of the workers and the programs below them, of one job. */
  workerSeconds: number;
  /** Of the databases, of one job. */
  databaseSeconds: number;
  /** Calls of the store by the workers, of one job. */
  operations: number;
}

const SCRIPT = fileURLToPath(new URL('worker.mjs', import.meta.url));
const ORION = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
/** Seconds without the end of a job after which a measurement is given up. */
const PATIENCE = 90;
let names = 0;

/** So many workers of one job each. @param fixed whether their solver answers at once, or is the real one */
export async function measureWorkers(
  setup: Setup,
  { workers, jobs: count, fixed }: { workers: number; jobs: number; fixed: boolean },
  servers: { postgres: string; redis: string },
): Promise<WorkerFigures> {
  names += 1;
  const dir = await mkdtemp(join(tmpdir(), 'bench-workers-'));
  const onPostgres = setup.startsWith('PostgreSQL');
  const url = setup.endsWith('on Redis') ? servers.redis : servers.postgres;
  const queue = setup.includes('BullMQ') ? { url, name: `workers_${names}` } : undefined;
  const place = onPostgres ? { postgres: servers.postgres } : { dir };
  const store: JobStore = onPostgres
    ? new PostgresJobStore({ connectionString: servers.postgres })
    : new FileSystemJobStore({ dir });
  const jobs = new AstroJobs({
    store,
    queue: queue ? new BullMQJobQueue(queue) : new InProcessQueue({ concurrency: 0 }),
  });
  const command = [process.execPath, SCRIPT, JSON.stringify({ ...place, queue, fixed })];
  const residents = Array.from({ length: workers }, () => new Resident(command));
  const params = fixed ? {} : { scale_low: 10, scale_high: 20 };
  const submit = () => jobs.submit(ORION, params);
  const ended = async () => {
    let [left, since] = [Number.POSITIVE_INFINITY, performance.now()];
    for (;;) {
      const { queued, processing } = await store.counts(['queued', 'processing']);
      if (queued + processing === 0) return;
      if (queued + processing !== left) [left, since] = [queued + processing, performance.now()];
      const dead = residents.filter((one) => !one.isRunning);
      const seconds = (performance.now() - since) / 1000;
      if (dead.length > 0 || seconds > PATIENCE) {
        const said = residents.map((one) => one.said).join('');
        throw new Error(
          `${setup}: ${left} jobs left, none ended for ${seconds.toFixed(0)} s, ${dead.length} of ${workers} workers gone; they said: ${said}`,
        );
      }
      await sleep(20);
    }
  };
  try {
    const greetings = (await Promise.all(residents.map((one) => one.start()))) as { pid: number }[];
    if (greetings.some((greeting) => !greeting))
      throw new Error(`A worker ended before it took a job: ${residents.map((one) => one.said).join('')}`);
    const used = async () => {
      const answers = (await Promise.all(residents.map((one) => one.ask({}, 60)))) as {
        operations: number;
      }[];
      const ofWorkers = greetings.reduce((sum, { pid }) => sum + treeSeconds(pid), 0);
      return {
        operations: answers.reduce((sum, { operations }) => sum + operations, 0),
        workers: ofWorkers,
        databases: treeSeconds(process.pid) - ofWorkers - treeOfThis(),
      };
    };
    // Each has read its code, its stars and quads.
    await Promise.all(Array.from({ length: workers * 3 }, submit));
    await ended();
    const before = await used();
    const from = performance.now();
    await jobs.submitMany(Array.from({ length: count }, () => ({ image: ORION, params })));
    await ended();
    const seconds = (performance.now() - from) / 1000;
    const after = await used();
    const { done } = await store.counts(['done']);
    if (done < count) throw new Error(`${done} of ${count} jobs were done`);
    return {
      ...{ setup, workers, perSecond: count / seconds },
      workerSeconds: (after.workers - before.workers) / count,
      databaseSeconds: (after.databases - before.databases) / count,
      operations: (after.operations - before.operations) / count,
    };
  } finally {
    for (const one of residents) await one.close();
    for (const { job_id } of (await jobs.list({ limit: 1000 })).jobs) await jobs.remove(job_id);
    await jobs.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** CPU seconds of this process alone. */
function treeOfThis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
