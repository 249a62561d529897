import { AstroJobsError } from '../../job/errors.js';
import { asStatus, type JobStatus, statusSchema } from '../../job/status.js';
import type { JobRecord } from '../job-store.js';
import { turnOf } from '../order.js';

/** A row of `job`, as `RECORD_COLUMNS` brings it. */
export interface JobRow {
  id: string;
  revision: string;
  document: unknown;
  lease_remaining: number | null;
}

/** The lease is read as seconds left by the clock of the database, so that the clock of no reader matters. */
export const RECORD_COLUMNS = `job.id, job.revision, job.document,
  extract(epoch from job.lease_until - clock_timestamp())::float8 as lease_remaining`;

/** PostgreSQL takes neither NUL nor half a surrogate pair; both become U+FFFD. */
export function toText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\uFFFD')).toString();
}

export function toJsonb(document: object): string {
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'string' ? toText(value) : value,
  );
}

/** @throws AstroJobsError `corrupt_document` */
export function toRecord(row: JobRow): JobRecord {
  const parsed = statusSchema.safeParse(row.document);
  if (!parsed.success) {
    const problem = parsed.error.issues[0]?.message ?? 'not a status';
    throw new AstroJobsError('corrupt_document', `The status of the job cannot be read: ${problem}`, {
      jobId: row.id,
    });
  }
  const record: JobRecord = { status: asStatus(parsed.data), revision: Number(row.revision) };
  if (parsed.data.state === 'processing') record.leaseRemaining = row.lease_remaining ?? 0;
  return record;
}

/** Columns by which jobs are found; everything else is in the document. */
export function columnsOf(status: JobStatus): {
  state: string;
  priority: number;
  created_at: number;
  due_at: number;
  run_at: number;
} {
  const due = status.not_before ?? 0;
  return {
    state: status.state,
    priority: status.priority ?? 0,
    created_at: status.created_at,
    due_at: due,
    run_at: turnOf(status),
  };
}
