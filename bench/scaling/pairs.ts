import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { newJobId } from '../../src/job/id.js';
import { parseParams } from '../../src/job/params.js';
import { asStatus, type JobStatus, nowSeconds } from '../../src/job/status.js';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { DetachedQueue } from '../../src/queue/detached.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import type { JobQueue } from '../../src/queue/job-queue.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';

export const PAIRS = [
  ['memory', 'in-process'],
  ['folder', 'in-process'],
  ['folder', 'detached'],
  ['folder', 'BullMQ on Redis'],
  ['PostgreSQL', 'in-process'],
  ['PostgreSQL', 'BullMQ on Redis'],
  ['PostgreSQL', 'BullMQ on PostgreSQL'],
] as const;

export type StoreKind = (typeof PAIRS)[number][0];
export type QueueKind = (typeof PAIRS)[number][1];

export interface Servers {
  postgres: string;
  redis: string;
  /** Of the folder store that is open. */
  folder: string;
}

export interface OpenStore {
  store: JobStore;
  /** Puts settled jobs there until there are `total`; past all verbs, for the sake of time. */
  fill(total: number): Promise<void>;
  dispose(): Promise<void>;
}

export function newStatus(fields: Partial<JobStatus> = {}): JobStatus {
  const now = nowSeconds();
  return asStatus({
    job_id: newJobId(),
    state: 'queued',
    message: 'Queued',
    params: parseParams({ solver: 'external' }),
    created_at: now,
    updated_at: now,
    filename: 'sky.pgm',
    attempts: 0,
    max_attempts: 3,
    ...fields,
  });
}

export const IMAGE = Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256, 7)]);

let schemas = 0;

export async function openStore(kind: StoreKind, servers: Servers): Promise<OpenStore> {
  if (kind === 'memory') {
    const store = new MemoryJobStore();
    const fill = async (total: number) => {
      for (let n = 0; n < total; n++) await store.create(settled(), one(IMAGE));
    };
    return { store, fill, dispose: () => store.close() };
  }
  if (kind === 'PostgreSQL') {
    schemas += 1;
    const schema = `bench_${schemas}`;
    const store = new PostgresJobStore({ connectionString: servers.postgres, schema });
    await store.counts();
    return {
      store,
      fill: (total) => fillPostgres(servers.postgres, schema, total),
      dispose: () => store.close(),
    };
  }
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-bench-'));
  const store = new FileSystemJobStore({ dir });
  servers.folder = dir;
  const dispose = async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  };
  return { store, fill: (total) => fillFolder(dir, total), dispose };
}

export async function openQueue(kind: QueueKind, servers: Servers): Promise<JobQueue> {
  if (kind === 'in-process') return new InProcessQueue({ concurrency: 1 });
  // Its runner is a process of its own, of the built package.
  if (kind === 'detached') return new DetachedQueue({ dir: servers.folder });
  schemas += 1;
  return new BullMQJobQueue({
    url: kind === 'BullMQ on Redis' ? servers.redis : servers.postgres,
    name: `bench_${schemas}`,
  });
}

export async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const settled = (): JobStatus => newStatus({ state: 'done', message: 'Solved' });

async function fillPostgres(url: string, schema: string, total: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  const document = JSON.stringify(settled());
  await client.query(
    `insert into ${schema}.job (id, change, state, priority, created_at, due_at, run_at, document)
     select id, gen_random_uuid(), 'done', 0, at, 0, at, $2::jsonb || jsonb_build_object('job_id', id, 'created_at', at)
     from (select overlay(overlay(md5(n::text) placing '4' from 13) placing '8' from 17) as id,
       extract(epoch from now())::float8 - n as at from generate_series(1, $1) n) made
     on conflict do nothing`,
    [total, document],
  );
  await client.query(`analyze ${schema}.job`);
  await client.end();
}

async function fillFolder(dir: string, total: number): Promise<void> {
  const made = async () => {
    const status = settled();
    const folder = join(dir, status.job_id);
    await mkdir(join(folder, 'input'), { recursive: true });
    await writeFile(join(folder, 'input', 'sky.pgm'), IMAGE);
    await writeFile(join(folder, 'status.json'), JSON.stringify(status));
  };
  for (let start = 0; start < total; start += 100) {
    await Promise.all(Array.from({ length: Math.min(100, total - start) }, made));
  }
}
