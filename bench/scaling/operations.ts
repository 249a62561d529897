import { nowSeconds } from '../../src/job/status.js';
import { claimed, failed } from '../../src/job/transitions.js';
import type { JobRecord, JobStore, Outcome } from '../../src/store/job-store.js';
import { IMAGE, newStatus, one } from './pairs.js';

/** Side by side, as several workers and servers ask. */
const AT_ONCE = 8;

const OUTCOME: Outcome = {
  result: { ok: false, error: 'measured', error_code: 'no_solution' },
  files: {},
};

/** What a job needs of a store, in that order, and a list. */
export const OPERATIONS = ['create', 'get', 'runnable', 'claim', 'renew', 'settle', 'list of 100'] as const;

/** How often a second one process can have each operation of a store. */
export async function measureOperations(
  store: JobStore,
  jobs: number,
): Promise<Record<(typeof OPERATIONS)[number], number>> {
  const records: JobRecord[] = [];
  const rate = async (act: (index: number) => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    let next = 0;
    const work = async () => {
      while (next < jobs) {
        const index = next;
        next += 1;
        await act(index);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return (jobs * 1000) / (performance.now() - from);
  };
  const record = (index: number): JobRecord => records[index] ?? raise();
  const worker = { host: 'bench', pid: 1 };
  const swap = async (
    index: number,
    next: (record: JobRecord) => Parameters<JobStore['replace']>[2],
    outcome?: Outcome,
  ) => {
    const before = record(index);
    const after = await store.replace(before.status.job_id, before.revision, next(before), outcome);
    records[index] = after ?? raise();
  };
  return {
    create: await rate(async (index) => {
      records[index] = (await store.create(newStatus(), one(IMAGE))).record;
    }),
    get: await rate((index) => store.get(record(index).status.job_id)),
    runnable: await rate(() => store.runnable({ now: nowSeconds(), limit: 1 })),
    claim: await rate((index) =>
      swap(index, ({ status }) =>
        claimed(status, { token: `t${index}`, worker, leaseSeconds: 60 }, nowSeconds()),
      ),
    ),
    renew: await rate((index) => store.renew(record(index).status.job_id, record(index).revision)),
    settle: await rate((index) =>
      swap(index, ({ status }) => failed(status, 'no_solution', 'measured', nowSeconds()), OUTCOME),
    ),
    'list of 100': await rate(() => store.list({ limit: 100 })),
  };
}

function raise(): never {
  throw new Error('The store lost a job');
}
