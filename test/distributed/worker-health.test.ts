import { expect, it } from 'vitest';
import { AstroJobWorker } from '../../src/astro-job-worker.js';
import type { Solver } from '../../src/solver/solver.js';
import { MemoryJobStore } from '../../src/store/memory-job-store.js';
import { newStatus } from '../worker/scripted.js';
import { until } from './fleet.js';

/** Solves nothing until it is let. */
function held(available = true): Solver & { solving: number; let(): void } {
  let release = () => {};
  const free = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    name: 'held',
    solving: 0,
    let: () => release(),
    inspect: async () => ({
      name: 'held',
      available,
      indexes: [],
      ...(!available && { problem: 'No solver' }),
    }),
    async solve() {
      this.solving += 1;
      await free;
      const report = { solver: 'held', seconds: 0 };
      return { kind: 'failed', code: 'no_solution', message: 'let', report, files: {} };
    },
  };
}

async function probe(worker: AstroJobWorker, path: string, init?: RequestInit) {
  const response = await fetch(`http://127.0.0.1:${worker.healthPort}${path}`, init);
  const text = await response.text();
  return { status: response.status, ...(text !== '' && { body: JSON.parse(text) as unknown }) };
}

async function add(store: MemoryJobStore): Promise<string> {
  async function* image(): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256, 9)]);
  }
  return (await store.create(newStatus(), image())).record.status.job_id;
}

it('tells probes that it lives, takes jobs, and drains; and lets its job end', async () => {
  const store = new MemoryJobStore();
  const solver = held();
  const worker = new AstroJobWorker({ store, solver, concurrency: 1, health: { port: 0 } });
  const ran = worker.run();
  await worker.start();
  const about = { concurrency: 1, pid: process.pid };
  expect(await probe(worker, '/readyz')).toMatchObject({
    status: 200,
    body: { ...about, ready: true, running: 0 },
  });
  expect(await probe(worker, '/healthz?verbose')).toMatchObject({ status: 200 });
  expect(await probe(worker, '/')).toEqual({ status: 404 });
  expect(await probe(worker, '/readyz', { method: 'POST' })).toEqual({ status: 404 });

  const running = await add(store);
  await until(() => solver.solving === 1);
  expect(await probe(worker, '/readyz')).toMatchObject({ body: { ready: true, running: 1 } });

  const closed = worker.close({ graceSeconds: 3600 });
  const waiting = await add(store);
  expect(await probe(worker, '/healthz')).toMatchObject({ status: 200, body: { ready: false, running: 1 } });
  expect(await probe(worker, '/readyz')).toMatchObject({ status: 503 });
  solver.let();
  await closed;
  await ran;
  expect((await store.get(running))?.status).toMatchObject({ state: 'error', message: 'let' });
  expect((await store.get(waiting))?.status.state).toBe('queued');
  await expect(probe(worker, '/healthz')).rejects.toThrow();
});

it('is alive but takes nothing while its store does not answer', async () => {
  const store = new MemoryJobStore();
  await using worker = new AstroJobWorker({ store, solver: held(), health: { port: 0 } });
  await worker.start();
  store.runnable = () => Promise.reject(new Error('away'));
  expect(await probe(worker, '/healthz')).toMatchObject({ status: 200, body: { ready: false } });
  expect(await probe(worker, '/readyz')).toMatchObject({ status: 503 });
});

it('does not start where nothing can be solved', async () => {
  const solver = held(false);
  const worker = new AstroJobWorker({ store: new MemoryJobStore(), solver, extractorBin: '/nowhere' });
  await expect(worker.start()).rejects.toMatchObject({ code: 'solver_unavailable' });
  await worker.close();
});
