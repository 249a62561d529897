import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `work` is settled, well or badly, but for `ms` at the most; whether it was. The work goes on: only the waiting ends. */
export async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const settled = work.then(
    () => true,
    () => true,
  );
  const expiry = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([settled, expiry]);
  } finally {
    timer.abort();
  }
}
