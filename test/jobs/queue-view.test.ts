import { expect, it } from 'vitest';
import { newJobId } from '../../src/job/id.js';
import { asStatus, type JobStatus, nowSeconds } from '../../src/job/status.js';
import { claimed, solved } from '../../src/job/transitions.js';
import { QueueView } from '../../src/jobs/queue-view.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';

async function* noImage(): AsyncGenerator<Uint8Array> {}

async function create(store: MemoryJobStore, fields: Partial<JobStatus>): Promise<JobStatus> {
  const now = nowSeconds();
  const status = asStatus({
    job_id: newJobId(),
    state: 'queued',
    message: null,
    params: {},
    created_at: now,
    updated_at: now,
    max_attempts: 3,
    ...fields,
  });
  return (await store.create(status, noImage())).record.status;
}

it('gives waiting jobs the places in which they will be run', async () => {
  const store = new MemoryJobStore();
  const now = nowSeconds() - 100;
  const first = await create(store, { created_at: now, rate_key: 'many', expected_seconds: 60 });
  const second = await create(store, { created_at: now + 1, rate_key: 'many', expected_seconds: 60 });
  const other = await create(store, { created_at: now + 2, rate_key: 'few', expected_seconds: 60 });
  const view = new QueueView(store);
  const places = [];
  for (const status of [first, second, other]) places.push((await view.locate(status)).progress?.place);
  expect(places).toEqual([1, 3, 2]);
  expect((await view.locate(second)).progress).toEqual({ stage: 'waiting', attempt: 1, place: 3 });
});

it('estimates by how long the jobs took that it has met', async () => {
  const store = new MemoryJobStore();
  const view = new QueueView(store);
  const now = nowSeconds();
  const worker = { host: 'here', pid: 1 };
  const running = (started: number) =>
    claimed(
      {
        job_id: newJobId(),
        state: 'queued',
        message: null,
        params: {},
        created_at: started,
        updated_at: started,
      },
      { token: 'token', worker, leaseSeconds: 30 },
      started,
    );
  for (const seconds of [10, 20, 90]) await view.locate(solved(running(now - seconds), 'Solved', now));
  const [first, second] = [
    await create(store, { created_at: now - 2, expected_seconds: 1 }),
    await create(store, { created_at: now - 1, expected_seconds: 1 }),
  ];
  expect((await view.locate(first)).progress).toMatchObject({ place: 1, estimate_seconds: 0 });
  expect((await view.locate(second)).progress).toMatchObject({ place: 2, estimate_seconds: 20 });
  const { progress } = await view.locate(running(nowSeconds() - 15));
  expect(progress).toMatchObject({ stage: 'starting', attempt: 1 });
  expect(progress?.estimate_seconds).toBeGreaterThanOrEqual(4);
  expect(progress?.estimate_seconds).toBeLessThanOrEqual(5);
});
