import { isSettled, type JobStatus } from '../../job/status.js';
import type { StoredFile } from '../../store/job-store.js';
import type { JobWatcher } from './job-watcher.js';

const WAKE_EVERY_MS = 1000;
const LOG_POLL_MS = 250;

/** How long a caller waits for the end of a job. */
export interface WaitOptions {
  signal?: AbortSignal;
  /** Seconds, from now. @default no limit */
  timeout?: number;
}

export interface ChangesOptions {
  watcher: JobWatcher;
  id: string;
  /** Reads the status now; throws when the job is not there or the house is closed. */
  read(): Promise<JobStatus>;
  signal?: AbortSignal;
}

/** The status now, and again with each change, until the job is settled. */
export async function* changesOf({
  watcher,
  id,
  read,
  signal,
}: ChangesOptions): AsyncGenerator<JobStatus, void, void> {
  signal?.throwIfAborted();
  let rung = false;
  let ring = () => {};
  const wake = () => {
    rung = true;
    ring();
  };
  const unfollow = watcher.follow(id, wake);
  signal?.addEventListener('abort', wake);
  try {
    let seen: string | undefined;
    for (;;) {
      rung = false;
      const status = await read();
      const version = JSON.stringify([
        status.state,
        status.attempts,
        status.progress,
        status.cancel_requested_at,
      ]);
      if (version !== seen) yield status;
      if (isSettled(status)) return;
      seen = version;
      if (!rung) {
        // Also without news: reading sees to it that a job which nobody runs is run.
        await new Promise<void>((resolve) => {
          ring = once(resolve, WAKE_EVERY_MS);
        });
      }
      signal?.throwIfAborted();
    }
  } finally {
    signal?.removeEventListener('abort', wake);
    unfollow();
  }
}

/** Calls `act` once: when the returned function is called, or after `ms`. */
function once(act: () => void, ms: number): () => void {
  const timer = setTimeout(act, ms);
  return () => {
    clearTimeout(timer);
    act();
  };
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
    else await new Promise((resolve) => setTimeout(resolve, LOG_POLL_MS));
  }
}
