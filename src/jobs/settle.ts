import { setTimeout as sleep } from 'node:timers/promises';
import { AstroJobsError } from '../job/errors.js';
import { failedResult } from '../job/failed-result.js';
import { assertJobId } from '../job/id.js';
import { isSettled, type JobState, type JobStatus, nowSeconds } from '../job/status.js';
import { type Asked, cancelRequested, failed, retried } from '../job/transitions.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { JobPage, JobRecord, JobStore } from '../store/job-store.js';
import type { Runner } from '../worker/runner.js';

/** Which settled jobs are removed. */
export interface PruneOptions {
  /** Settled for longer than so many seconds, or since before this instant. */
  olderThan: number | Date;
  /** @default done and error */
  states?: readonly JobState[];
  /** Only jobs with this tag. */
  tag?: string;
  /** No jobs with one of these tags. */
  exceptTags?: readonly string[];
}

const CANCEL_POLL_MS = 100;
const PRUNE_PAGE = 500;
const DEBRIS_AGE_SECONDS = 3600;

export function notFound(id: string): AstroJobsError {
  return new AstroJobsError('not_found', 'Job not found', { jobId: id });
}

/** @throws AstroJobsError `invalid_id`, `not_found` */
export async function recordOf(store: JobStore, id: string): Promise<JobRecord> {
  const record = await store.get(assertJobId(id));
  if (!record) throw notFound(id);
  return record;
}

/** Ends a job wherever it runs; resolves when it has ended. */
export async function cancelJob(
  { store, queue, runner }: { store: JobStore; queue: JobQueue; runner: Runner },
  id: string,
): Promise<JobStatus> {
  for (;;) {
    const { status, revision } = await recordOf(store, id);
    if (isSettled(status)) return status;
    // One without a lease is run by another program, which hears of nothing: it ends here, and what that program settles later is ignored.
    if (status.state === 'queued' || !status.lease) await endAsCancelled(store, status, revision);
    else if (status.cancel_requested_at === undefined) {
      await store.replace(id, revision, cancelRequested(status, nowSeconds()));
    } else {
      await queue.cancelled(id);
      // A worker that has died meanwhile does not answer; then the claim ends the job here.
      await runner.claim(id);
      await sleep(CANCEL_POLL_MS);
    }
  }
}

async function endAsCancelled(store: JobStore, status: JobStatus, revision: number): Promise<void> {
  const error = new AstroJobsError('cancelled', 'The job was cancelled');
  const ended = failed(status, error.code, error.message, nowSeconds());
  const result = failedResult(error, { filename: status.filename });
  await store.replace(status.job_id, revision, ended, { result, files: {} });
}

/** Queues a failed job once more, as `asked` says; one that is waiting or running stays as it is. */
export async function retryJob(
  store: JobStore,
  id: string,
  asked: (status: JobStatus) => Asked | undefined,
): Promise<JobStatus> {
  for (;;) {
    const { status, revision } = await recordOf(store, id);
    if (!isSettled(status)) return status;
    const again = await store.replace(id, revision, retried(status, nowSeconds(), asked(status)));
    if (again) return again.status;
  }
}

/** Removes settled jobs that ended long ago; resolves with their ids. */
export async function pruneJobs(
  store: JobStore,
  { olderThan, states = ['done', 'error'], tag, exceptTags = [] }: PruneOptions,
): Promise<string[]> {
  const before = olderThan instanceof Date ? olderThan.getTime() / 1000 : nowSeconds() - olderThan;
  const isOld = (job: JobStatus) => isSettled(job) && job.finished_at < before;
  const isKept = ({ tags = [] }: JobStatus) => tags.some((one) => exceptTags.includes(one));
  const removed: string[] = [];
  let after: string | undefined;
  do {
    const page: JobPage = await store.list({ states, tag, limit: PRUNE_PAGE, after });
    for (const job of page.jobs) {
      if (isOld(job) && !isKept(job) && (await store.remove(job.job_id))) removed.push(job.job_id);
    }
    after = page.next;
  } while (after !== undefined);
  await store.sweep(DEBRIS_AGE_SECONDS);
  return removed;
}
