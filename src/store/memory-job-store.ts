import { safeFileName } from '../job/safe-name.js';
import { isSettled, type JobState, type JobStatus, nowSeconds, type Progress } from '../job/status.js';
import { MemoryKeyStore } from '../keys/memory-key-store.js';
import { assertCursor } from './cursor.js';
import { type Filtered, filteredOf, filterOf, MARKS } from './filters.js';
import type {
  Created,
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  Outcome,
  RunnableOptions,
  StoreCapabilities,
  StoredFile,
} from './job-store.js';
import { MemoryWorkerList } from './memory-worker-list.js';
import { NewestFirst, type Place } from './newest-first.js';
import { countClients, inFairOrder, turnOf } from './order.js';
import { readOutcomeFile } from './outcome-file.js';
import { storedBytes } from './stored-bytes.js';
import type { WorkerList } from './worker-list.js';

interface StoredJob {
  record: { status: JobStatus; revision: number };
  /** By the monotonic clock of this process, seconds. */
  leaseEnds: number;
  order: number;
  listed?: ListedJob;
  image: StoredFile;
  files: Map<string, StoredFile>;
  log: Buffer[];
}

/** Replaced with each change. */
interface ListedJob extends Place, Filtered {
  job: StoredJob;
}

/** Jobs in the memory of this process: for tests, and for hosts whose jobs need not outlive them. */
export class MemoryJobStore implements JobStore {
  /** What this store can do. */
  readonly capabilities: StoreCapabilities = { durable: false, shared: 'process', localFiles: false };
  readonly keys = new MemoryKeyStore();
  readonly workers: WorkerList = new MemoryWorkerList();
  readonly #jobs = new Map<string, StoredJob>();
  /** Those that are not settled, so that looking for work does not touch the others. */
  readonly #unsettled = new Set<StoredJob>();
  readonly #newestFirst = new NewestFirst<ListedJob>(MARKS);
  readonly #listeners = new Set<(id: string) => void>();
  #revisions = 0;
  #created = 0;

  async check(): Promise<void> {}

  async create(status: JobStatus, image: AsyncIterable<Uint8Array>): Promise<Created> {
    const existing = this.#jobs.get(status.job_id);
    if (existing) return { record: recordOf(existing), created: false };
    const chunks: Uint8Array[] = [];
    for await (const chunk of image) chunks.push(Uint8Array.from(chunk));
    const winner = this.#jobs.get(status.job_id);
    if (winner) return { record: recordOf(winner), created: false };
    this.#revisions += 1;
    this.#created += 1;
    const job: StoredJob = {
      record: { status: structuredClone(status), revision: this.#revisions },
      leaseEnds: Number.NEGATIVE_INFINITY,
      order: this.#created,
      image: storedBytes(safeFileName(status.filename ?? ''), Buffer.concat(chunks)),
      files: new Map(),
      log: [],
    };
    this.#jobs.set(status.job_id, job);
    this.#changed(status.job_id);
    return { record: recordOf(job), created: true };
  }

  async get(id: string): Promise<JobRecord | undefined> {
    const job = this.#jobs.get(id);
    return job && recordOf(job);
  }

  async replace(
    id: string,
    revision: number,
    next: JobStatus,
    outcome?: Outcome,
  ): Promise<JobRecord | undefined> {
    const files = new Map<string, StoredFile>();
    for (const [name, file] of Object.entries(outcome?.files ?? {})) {
      files.set(safeFileName(name), storedBytes(safeFileName(name), await readOutcomeFile(file)));
    }
    if (outcome)
      files.set('result.json', storedBytes('result.json', Buffer.from(JSON.stringify(outcome.result))));
    const job = this.#jobs.get(id);
    if (job?.record.revision !== revision) return undefined;
    this.#revisions += 1;
    job.record = { status: JSON.parse(JSON.stringify(next)) as JobStatus, revision: this.#revisions };
    job.leaseEnds = steadySeconds() + (next.lease?.seconds ?? 0);
    if (outcome || next.state === 'queued') job.files = files;
    if (outcome?.log) job.log.push(Buffer.from(outcome.log));
    this.#changed(id);
    return recordOf(job);
  }

  async renew(id: string, revision: number, progress?: Progress): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (job?.record.revision !== revision) return false;
    const { status } = job.record;
    job.leaseEnds = steadySeconds() + (status.lease?.seconds ?? 0);
    status.updated_at = nowSeconds();
    if (progress) status.progress = { ...progress };
    this.#changed(id);
    return true;
  }

  async runnable({ now, limit, served = [] }: RunnableOptions): Promise<string[]> {
    const jobs = [...this.#unsettled];
    const lost = jobs.filter(
      (job) => job.record.status.state === 'processing' && job.leaseEnds <= steadySeconds(),
    );
    const due = jobs.filter(
      ({ record: { status } }) => status.state === 'queued' && (status.not_before ?? 0) <= now,
    );
    const running = jobs.filter((job) => job.record.status.state === 'processing');
    const waiting = due
      .map((job) => ({ job, turn: turnOf(job.record.status), client: clientOf(job) }))
      .sort((a, b) => a.turn - b.turn || a.job.order - b.job.order)
      .map((entry) => ({ ...entry, priority: entry.job.record.status.priority ?? 0 }));
    const inOrder = inFairOrder(waiting, { running: countClients(running.map(clientOf)), served });
    return [...lost, ...inOrder.map(({ job }) => job)].slice(0, limit).map((job) => job.record.status.job_id);
  }

  async list({ limit = 100, after, ...filters }: ListOptions = {}): Promise<JobPage> {
    assertCursor(after, /^[\d.e+]+\/\d+$/);
    const [createdAt = 0, tie = 0] = after?.split('/').map(Number) ?? [];
    const place = after === undefined ? undefined : { createdAt, tie };
    const found = this.#newestFirst.take(limit + 1, filterOf(filters), place);
    const page = found.slice(0, limit);
    const jobs = page.map(({ job }) => structuredClone(job.record.status));
    const last = found.length > limit ? page.at(-1) : undefined;
    return { jobs, damaged: [], ...(last && { next: `${last.createdAt}/${last.tie}` }) };
  }

  async oldestQueued(): Promise<JobStatus | undefined> {
    const oldest = this.#newestFirst.all().findLast(({ state }) => state === 'queued');
    return oldest && structuredClone(oldest.job.record.status);
  }

  async counts(states?: readonly JobState[]): Promise<Record<JobState, number>> {
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    for (const { record } of this.#jobs.values()) {
      if (!states || states.includes(record.status.state)) counts[record.status.state] += 1;
    }
    return counts;
  }

  async result(id: string): Promise<unknown> {
    const file = this.#jobs.get(id)?.files.get('result.json');
    if (!file) return undefined;
    return JSON.parse((await file.read().toArray()).join('')) as unknown;
  }

  async image(id: string): Promise<StoredFile | undefined> {
    return this.#jobs.get(id)?.image;
  }

  async files(id: string): Promise<StoredFile[]> {
    const files = [...(this.#jobs.get(id)?.files.values() ?? [])];
    return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async appendLog(id: string, text: string): Promise<void> {
    this.#jobs.get(id)?.log.push(Buffer.from(text));
  }

  async log(id: string): Promise<StoredFile | undefined> {
    const job = this.#jobs.get(id);
    return job && storedBytes('task.log', Buffer.concat(job.log));
  }

  async remove(id: string): Promise<boolean> {
    const job = this.#jobs.get(id);
    if (!job) return false;
    this.#jobs.delete(id);
    this.#unsettled.delete(job);
    if (job.listed) this.#newestFirst.remove(job.listed);
    this.#changed(id);
    return true;
  }

  async sweep(): Promise<void> {}

  subscribe(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #changed(id: string): void {
    const job = this.#jobs.get(id);
    if (job && isSettled(job.record.status)) this.#unsettled.delete(job);
    else if (job) this.#unsettled.add(job);
    if (job) this.#list(job);
    for (const listener of this.#listeners) listener(id);
  }

  #list(job: StoredJob): void {
    if (job.listed) this.#newestFirst.remove(job.listed);
    job.listed = listedOf(job);
    this.#newestFirst.add(job.listed);
  }
}

function listedOf(job: StoredJob): ListedJob {
  const { status } = job.record;
  return { createdAt: status.created_at, tie: job.order, ...filteredOf(status), job };
}

const clientOf = (job: StoredJob) => job.record.status.rate_key ?? '';

/** A copy, so that no caller can change what is stored. */
function recordOf(job: StoredJob): JobRecord {
  const record = structuredClone(job.record);
  return record.status.state === 'processing'
    ? { ...record, leaseRemaining: job.leaseEnds - steadySeconds() }
    : record;
}

function steadySeconds(): number {
  return performance.now() / 1000;
}
