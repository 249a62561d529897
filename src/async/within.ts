import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What `work` resolves with, if it does so within `ms`; otherwise rejects with what `late` makes. The work goes on: only the
 * waiting ends, so that a connection which is dead without saying so holds up no caller.
 */
export async function within<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const timer = new AbortController();
  const expiry = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw late();
  });
  try {
    return await Promise.race([work, expiry]);
  } finally {
    timer.abort();
    expiry.catch(() => {});
  }
}
