import { setTimeout as sleep } from 'node:timers/promises';
import { AstroJobs } from './astro-jobs.js';
import type { Logger } from './job/logger.js';
import { lowerPriority } from './process/priority.js';
import { type Interrupted, Termination } from './process/termination.js';
import { holdRunnerLock } from './queue/runner-lock.js';
import { FileSystemJobStore } from './store/file-system/file-system-job-store.js';

// The process that `DetachedQueue` starts: runs the jobs of one jobs directory until none is left, then ends.

const POLL_MS = 500;
/** Long enough for the lock of a killed runner to go stale. */
const LOCK_RETRIES = 12;

const write = (level: string) => (fields: object, message: string) => {
  const { err, ...rest } = fields as { err?: unknown };
  const cause = err instanceof Error ? ` ${err.stack ?? err.message}` : '';
  process.stderr.write(`${new Date().toISOString()} ${level} ${message} ${JSON.stringify(rest)}${cause}\n`);
};
const logger: Logger = { debug() {}, info: write('info'), warn: write('warn'), error: write('error') };

async function main(dir: string): Promise<void> {
  lowerPriority(5);
  const store = new FileSystemJobStore({ dir });
  const { signal } = new Termination({ graceSeconds: 0 });
  const stop = new AbortController();
  signal.addEventListener('abort', () => {
    // Told to stop, not out of work: whoever started it need not start another.
    process.exitCode = (signal.reason as Interrupted).exitCode;
    stop.abort();
  });

  do {
    const release = await holdRunnerLock(dir, {
      retries: LOCK_RETRIES,
      onLost: (err) => {
        logger.warn({ err }, 'Another runner has taken over');
        stop.abort();
      },
    });
    if (!release) return;
    const jobs = new AstroJobs({ store, logger });
    try {
      while (!stop.signal.aborted && (await hasWork(store))) {
        jobs.wake();
        await sleep(POLL_MS);
      }
    } finally {
      await jobs.close({ graceSeconds: 0 });
      await release();
    }
    // A caller that saw the lock held has left its job to us; it was in the store before the lock was let go.
  } while (!stop.signal.aborted && (await hasWork(store)));
}

async function hasWork(store: FileSystemJobStore): Promise<boolean> {
  const { queued, processing } = await store.counts(['queued', 'processing']);
  return queued + processing > 0;
}

await main(process.argv[2] ?? '').catch((err: unknown) => {
  logger.error({ err }, 'The runner ended');
  process.exitCode = 1;
});
