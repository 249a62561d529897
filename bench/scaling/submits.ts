import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../src/job/logger.js';
import { isSettled, nowSeconds } from '../../src/job/status.js';
import { JobRunner } from '../../src/worker/job-runner.js';
import { createTracer } from '../../src/worker/tracing.js';
import { IMAGE, newStatus, type OpenStore, one, openQueue, type QueueKind, type Servers } from './pairs.js';

export interface SubmitFigures {
  /** Submits acknowledged per second, eight at a time. */
  perSecond: number;
  /** From the call of submit to the start of the job by an idle worker, milliseconds. */
  startMedianMs: number;
  startP95Ms: number;
}

const SUBMITS = 240;
const AT_ONCE = 8;
const STARTS = 25;

export async function measureSubmits(
  { store }: OpenStore,
  kind: QueueKind,
  servers: Servers,
): Promise<SubmitFigures> {
  const queue = await openQueue(kind, servers);
  // The pipeline is left out: what is measured is the way to it.
  const result = { ok: false as const, error: 'measured', error_code: 'no_solution' as const };
  const runner = new JobRunner({
    ...{
      store,
      analyze: async () => ({ result, files: {} }),
      prepare() {},
      leaseSeconds: 30,
      maxAttempts: 3,
    },
    ...{ logger: silentLogger, tracer: createTracer() },
  });
  queue.attach({ store, runner, logger: silentLogger });
  const submit = async (fields = {}) => {
    const status = newStatus(fields);
    await store.create(status, one(IMAGE));
    await queue.enqueue(status);
    return status.job_id;
  };
  try {
    const ids: string[] = [await submit({ not_before: nowSeconds() + 86_400 })];
    const from = performance.now();
    let left = SUBMITS;
    const submitter = async () => {
      while (left-- > 0) ids.push(await submit({ not_before: nowSeconds() + 86_400 }));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, submitter));
    const perSecond = (SUBMITS * 1000) / (performance.now() - from);
    for (const id of ids) await store.remove(id);

    queue.work?.({ concurrency: 1 });
    await sleep(1500);
    const delays: number[] = [];
    for (let index = 0; index < STARTS; index += 1) {
      const called = nowSeconds();
      const id = await submit();
      let record = await store.get(id);
      while (record && !isSettled(record.status)) {
        await sleep(5);
        record = await store.get(id);
      }
      delays.push((record!.status.started_at! - called) * 1000);
      await store.remove(id);
    }
    delays.sort((a, b) => a - b);
    return {
      perSecond,
      startMedianMs: delays[Math.floor(STARTS / 2)]!,
      startP95Ms: delays[Math.floor(STARTS * 0.95)]!,
    };
  } finally {
    await queue.close({ graceSeconds: 0 });
  }
}
