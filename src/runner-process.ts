import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import lockfile from 'proper-lockfile';
import { AstroJobs } from './astro-jobs.js';
import type { Logger } from './job/logger.js';
import { thisWorker } from './job/machine.js';
import { RUNNER_STALE_MS, runnerFiles } from './queue/detached.js';
import { FileSystemJobStore } from './store/file-system/file-system-job-store.js';

// The process that `DetachedQueue` starts: runs the jobs of one jobs directory until none is left, then ends.

const POLL_MS = 500;

const line = (level: string) => (fields: object, message: string) => {
  const { err, ...rest } = fields as { err?: unknown };
  const cause = err instanceof Error ? ` ${err.stack ?? err.message}` : '';
  process.stderr.write(`${new Date().toISOString()} ${level} ${message} ${JSON.stringify(rest)}${cause}\n`);
};
const logger: Logger = { debug() {}, info: line('info'), warn: line('warn'), error: line('error') };

async function main(dir: string): Promise<void> {
  const files = runnerFiles(dir);
  const store = new FileSystemJobStore({ dir });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      // Told to stop, not out of work: whoever started it need not start another.
      process.exitCode = 128 + constants.signals[signal];
      stop.abort();
    });
  }

  do {
    const release = await takeLock(files, stop);
    if (!release) return;
    await writeFile(files.identity, JSON.stringify(thisWorker), { mode: 0o600 });
    const jobs = new AstroJobs({ store, logger });
    try {
      while (!stop.signal.aborted && (await hasWork(store))) {
        jobs.wake();
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    } finally {
      await jobs.close({ deadline: 0 });
      await release().catch(() => {});
    }
    // A caller that saw the lock held has left its job to us; it was in the store before the lock was let go.
  } while (!stop.signal.aborted && (await hasWork(store)));
}

async function hasWork(store: FileSystemJobStore): Promise<boolean> {
  return (await store.list({ states: ['queued', 'processing'], limit: 1 })).jobs.length > 0;
}

/** Undefined when another runner lives. */
async function takeLock(files: ReturnType<typeof runnerFiles>, stop: AbortController) {
  try {
    return await lockfile.lock(files.house, {
      lockfilePath: files.lock,
      realpath: false,
      stale: RUNNER_STALE_MS,
      update: RUNNER_STALE_MS / 4,
      retries: { retries: 12, factor: 1, minTimeout: RUNNER_STALE_MS / 8 },
      // After a long sleep another runner may have come; the jobs' own leases see to the rest.
      onCompromised: (err) => {
        logger.warn({ err }, 'Another runner has taken over');
        stop.abort();
      },
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
    throw error;
  }
}

await main(process.argv[2] ?? '').catch((err: unknown) => {
  logger.error({ err }, 'The runner ended');
  process.exitCode = 1;
});
