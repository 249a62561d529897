import { AstroJobsError } from '../job/errors.js';
import { type JobResult, resultSchema } from '../job/result.js';
import { isSettled, type JobStatus } from '../job/status.js';
import type { JobStore } from '../store/job-store.js';

/**
 * The result document of a settled job, failed ones included.
 * @throws AstroJobsError `not_ready` before it is there; `corrupt_document` when it cannot be read
 */
export async function resultOf(store: JobStore, status: JobStatus): Promise<JobResult> {
  const id = status.job_id;
  const document = isSettled(status) ? await store.result(id) : undefined;
  if (document === undefined) {
    throw new AstroJobsError('not_ready', `Job not ready (state=${status.state})`, { jobId: id });
  }
  const parsed = resultSchema.safeParse(document);
  // Another program may have written it: its fields are passed on as they are, if it says whether it is ok.
  if (parsed.success) return parsed.data;
  if (typeof (document as { ok?: unknown } | null)?.ok === 'boolean') return document as JobResult;
  throw new AstroJobsError('corrupt_document', 'Invalid result JSON: it has no field `ok`', { jobId: id });
}
