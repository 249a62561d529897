import { setTimeout as sleep } from 'node:timers/promises';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import type { JobStore } from '../../src/store/job-store.js';
import { PostgresJobStore } from '../../src/store/postgres/index.js';
import type { Pair } from './pairs.js';

/** What became of the jobs that a pair has acknowledged. */
export interface Account {
  acknowledged: number;
  /** Done, and solved exactly once. */
  done: number;
  /** Still waiting or running. */
  open: number;
  /** Not there any more. */
  lost: string[];
  /** Ended in `error`, which none of them has a reason for. */
  failed: string[];
  /** Solved more than once, or done without having been solved. */
  notOnce: string[];
}

/**
 * Looks at every job of a pair.
 * @param withinMs - how long it waits for each that is open
 */
export async function accountOf(pair: Pair, ids: readonly string[], withinMs = 0): Promise<Account> {
  const { ASTRO_JOBS_STORE_URL: url, JOBS_DIR: dir } = pair.env;
  const store: JobStore = url
    ? new PostgresJobStore({ connectionString: url })
    : new FileSystemJobStore({ dir });
  const account: Account = {
    acknowledged: ids.length,
    done: 0,
    open: 0,
    lost: [],
    failed: [],
    notOnce: [],
  };
  try {
    for (const id of ids) {
      const state = await settledState(store, id, performance.now() + withinMs);
      const solved = await timesSolved(store, id);
      if (state === undefined) account.lost.push(id);
      else if (state === 'error') account.failed.push(id);
      else if (solved > 1 || (state === 'done' && solved === 0)) account.notOnce.push(id);
      else if (state === 'done') account.done += 1;
      else account.open += 1;
    }
  } finally {
    await store.close();
  }
  return account;
}

/** The state of a job that has settled, or that it had when there was no more time. */
async function settledState(store: JobStore, id: string, until: number) {
  for (;;) {
    const state = (await store.get(id))?.status.state;
    if ((state !== 'queued' && state !== 'processing') || performance.now() > until) return state;
    await sleep(200);
  }
}

async function timesSolved(store: JobStore, id: string): Promise<number> {
  const log = await store.log(id);
  const text = log ? Buffer.concat(await log.read().toArray()).toString() : '';
  return text.split(/^\[astro-jobs \S+\] Solved$/m).length - 1;
}
