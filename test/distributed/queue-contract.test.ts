import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { isProcessAlive } from '../../src/process/machine.js';
import { BullMQJobQueue } from '../../src/queue/bullmq/index.js';
import { describeQueue } from '../../src/queue/contract/suite.js';
import type { QueueUnderTest, QueueWanted } from '../../src/queue/contract/under-test.js';
import { DetachedQueue } from '../../src/queue/detached.js';
import { InProcessQueue } from '../../src/queue/in-process.js';
import { runnerFiles } from '../../src/queue/runner-lock.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';
import { startRedis } from '../servers/redis.js';
import { hostFor } from './runner.js';

describeQueue({ describe, it }, 'InProcessQueue', async (wanted) => {
  const store = new MemoryJobStore();
  const queue = new InProcessQueue({ concurrency: wanted.concurrency, pollMs: 100 });
  queue.attach(hostFor(store, wanted));
  return { store, queue, runsHere: true, dispose: () => queue.close({ graceSeconds: 0 }) };
});

// Its runner is a process of the built package: `npm test` builds it first.
describeQueue({ describe, it }, 'DetachedQueue', async (wanted) => {
  process.env.ASTRO_EXTRACT_BIN = wanted.extractorBin;
  process.env.ASTRO_JOBS_CONCURRENCY = String(wanted.concurrency);
  const dir = await mkdtemp(join(tmpdir(), 'queue-store-'));
  const store = new FileSystemJobStore({ dir });
  const queue = new DetachedQueue({ dir });
  queue.attach(hostFor(store, wanted));
  const dispose = async () => {
    await queue.close();
    await store.close();
    const identity = await readFile(runnerFiles(dir).identity, 'utf8').catch(() => undefined);
    if (identity !== undefined) await endRunner((JSON.parse(identity) as { pid: number }).pid);
    await rm(dir, { recursive: true, force: true });
  };
  return { store, queue, runsHere: false, dispose };
});

async function endRunner(pid: number): Promise<void> {
  for (let tries = 0; isProcessAlive(pid); tries += 1) {
    process.kill(pid, tries < 100 ? 'SIGTERM' : 'SIGKILL');
    await sleep(100);
  }
}

let number = 0;

async function distributed(url: string, store: JobStore, wanted: QueueWanted): Promise<QueueUnderTest> {
  number += 1;
  const queue = new BullMQJobQueue({ url, name: `contract_${number}`, sweepSeconds: 0.5 });
  queue.attach(hostFor(store, wanted));
  queue.work({ concurrency: wanted.concurrency });
  const dispose = async () => {
    await queue.close({ graceSeconds: 0 });
    await store.close();
  };
  return { store, queue, runsHere: true, dispose };
}

describeWith(['postgres'], 'on a real PostgreSQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  describeQueue({ describe, it }, 'BullMQJobQueue with PostgresJobStore', async (wanted) => {
    const store = new PostgresJobStore({ connectionString: server.url, schema: `jobs_${number}` });
    return distributed(server.url, store, wanted);
  });
});

describeWith(['redis'], 'on a real Redis', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  describeQueue({ describe, it }, 'BullMQJobQueue with FileSystemJobStore', async (wanted) => {
    const dir = await mkdtemp(join(tmpdir(), 'queue-store-'));
    const under = await distributed(server.url, new FileSystemJobStore({ dir }), wanted);
    const dispose = async () => {
      await under.dispose();
      await rm(dir, { recursive: true, force: true });
    };
    return { ...under, dispose };
  });
});
