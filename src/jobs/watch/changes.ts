import { setTimeout as sleep } from 'node:timers/promises';
import { Signal } from '../../async/signal.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import type { StoredFile } from '../../store/job-store.js';
import type { JobWatcher } from './job-watcher.js';

/** How often a caller reads a job without news, milliseconds: so often for a few of them, and so much longer for each that is followed. */
const WAKE_EVERY_MS = 1000;
const WAKE_A_JOB_MS = 20;
const LOG_POLL_MS = 250;

/** How long a caller waits for the end of a job. */
export interface WaitOptions {
  /** Ends the waiting, not the job; it then rejects with `signal.reason`. */
  signal?: AbortSignal;
  /** Seconds, from now. @default no limit */
  timeout?: number;
}

export interface ChangesOptions {
  watcher: JobWatcher;
  id: string;
  /** Reads the status now; throws when there is no such job, or the store is closed. */
  read(): Promise<JobStatus>;
  /** What `read` makes of a status that was just read. */
  locate(status: JobStatus): Promise<JobStatus>;
  /** Why a job that waits will not be run. */
  problem(): Error | undefined;
  signal?: AbortSignal;
}

/** The status now, and again with each change, until the job is settled. */
export async function* changesOf({
  watcher,
  id,
  read,
  locate,
  problem,
  signal,
}: ChangesOptions): AsyncGenerator<JobStatus, void, void> {
  signal?.throwIfAborted();
  const news = new Signal();
  const wake = () => news.raise();
  let told: JobStatus | undefined;
  const unfollow = watcher.follow(id, (status) => {
    told = status;
    wake();
  });
  signal?.addEventListener('abort', wake);
  try {
    let seen: string | undefined;
    let updatedAt = 0;
    for (;;) {
      news.lower();
      const latest = told;
      told = undefined;
      // What was told may have been read before what was read here.
      const status = await (latest && latest.updated_at >= updatedAt ? locate(latest) : read());
      updatedAt = status.updated_at;
      const version = JSON.stringify([
        status.state,
        status.attempts,
        // An estimate runs down by itself.
        { ...status.progress, estimate_seconds: undefined },
        status.cancel_requested_at,
      ]);
      if (version !== seen) yield status;
      if (isSettled(status)) return;
      const stuck = status.state === 'queued' ? problem() : undefined;
      if (stuck) throw stuck;
      seen = version;
      // Also without news: reading sees to it that a job which no worker has taken is run.
      await news.within(Math.max(WAKE_EVERY_MS, WAKE_A_JOB_MS * watcher.size));
      signal?.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener('abort', wake);
    unfollow();
  }
}

/** A growing log in pieces, until the job is settled and the log read to its end. */
export async function* logOf(
  read: () => Promise<{ status: JobStatus; log: StoredFile | undefined }>,
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let start = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { status, log } = await read();
    if (log && log.size > start) {
      for await (const part of log.read({ start, end: log.size - 1 })) {
        yield decoder.decode(part as Uint8Array, { stream: true });
      }
      start = log.size;
    } else if (isSettled(status)) return;
    else await sleep(LOG_POLL_MS);
  }
}
