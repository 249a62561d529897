import assert from 'node:assert/strict';
import { newJobId } from '../../job/id.js';
import { parseParams } from '../../job/params.js';
import type { JobResult } from '../../job/result.js';
import { asStatus, type JobStatus, nowSeconds } from '../../job/status.js';
import { type Claimant, claimed, failed } from '../../job/transitions.js';
import type { JobRecord, JobStore, StoredFile } from '../job-store.js';

/** The two verbs of a test runner that the suites need; vitest, node:test, mocha and jest all have them. */
export interface TestRunner {
  /** Groups tests under a name. */
  describe(name: string, body: () => void): void;
  /** Declares one test. */
  it(name: string, body: () => Promise<void>): void;
}

/** A store to test, empty, and how to let go of it. */
export interface StoreUnderTest {
  /** The store that is tested. */
  store: JobStore;
  /** Lets go of what was opened for the test. */
  dispose(): Promise<void>;
}

/** Tests by what they show; each is given an empty store. */
export type Checks = Readonly<Record<string, (store: JobStore) => Promise<void>>>;

export const IMAGE = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256));

export const RESULT: JobResult = {
  ok: false,
  error: 'nothing there',
  error_code: 'no_solution',
  filename: 'sky.jpg',
};

/** What `settle` adds to the log. */
export const LAST_LINE = 'settled ✓\n';

export async function* chunks(data: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

export async function contentOf(
  file: StoredFile | undefined,
  range?: { start?: number; end?: number },
): Promise<Buffer> {
  assert.ok(file, 'the store has no such file');
  const parts: Buffer[] = [];
  for await (const part of file.read(range)) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

export function newStatus(fields: Partial<JobStatus> = {}): JobStatus {
  const now = nowSeconds();
  return asStatus({
    job_id: newJobId(),
    state: 'queued',
    message: null,
    params: parseParams({}),
    created_at: now,
    updated_at: now,
    filename: 'sky.jpg',
    max_attempts: 3,
    ...fields,
  });
}

/** A worker on another machine. */
export function claimant(leaseSeconds = 60): Claimant {
  return { token: newJobId(), worker: { host: 'elsewhere', pid: 1 }, leaseSeconds };
}

export async function create(store: JobStore, fields?: Partial<JobStatus>): Promise<JobRecord> {
  return (await store.create(newStatus(fields), chunks(IMAGE))).record;
}

/** The newest record of a job that must be there. */
export async function recordOf(store: JobStore, id: string): Promise<JobRecord> {
  const record = await store.get(id);
  assert.ok(record, '`get` does not find a job that was created');
  return record;
}

/** Swaps in what `change` makes of the status, which the store must take. */
export async function replaced(
  store: JobStore,
  { status, revision }: JobRecord,
  change: (status: JobStatus) => JobStatus,
  outcome?: Parameters<JobStore['replace']>[3],
): Promise<JobRecord> {
  const record = await store.replace(status.job_id, revision, change(status), outcome);
  assert.ok(record, '`replace` refused a change against the newest revision');
  return record;
}

export function claim(store: JobStore, record: JobRecord, by = claimant()): Promise<JobRecord> {
  return replaced(store, record, (status) => claimed(status, by, nowSeconds()));
}

/** Settles a running job as failed, with a result and these files. */
export function settle(
  store: JobStore,
  record: JobRecord,
  files: Record<string, string> = {},
): Promise<JobRecord> {
  const end = (status: JobStatus) => failed(status, 'no_solution', 'nothing there', nowSeconds());
  return replaced(store, record, end, { result: RESULT, files, log: LAST_LINE });
}

export const idsOf = (records: readonly JobRecord[]): string[] => records.map(({ status }) => status.job_id);
