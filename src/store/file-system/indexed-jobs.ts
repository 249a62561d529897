import type { JobStatus } from '../../job/status.js';
import { type Filtered, filteredOf, filterOf, MARKS } from '../filters.js';
import type { ListOptions } from '../job-store.js';
import { NewestFirst, type Place } from '../newest-first.js';

/** Of what a process has changed itself: equal to no version, so that the documents are read once more. */
export const UNKNOWN_VERSION = Number.NaN;

/** What the order of a list and its filters need to know of a job. Replaced as a whole, never changed. */
export interface IndexedJob extends Place, Filtered {
  /** Its id. */
  tie: string;
  /** Of the documents that this was read from: see `look`. */
  version: number;
}

/** A folder that has the name of a job, and no documents or damaged ones. */
export interface StrayFolder {
  version: number;
  /** Why they cannot be read; absent where there are none. */
  problem?: string;
}

/** Seconds that can stand in a cursor. */
const LATEST = 99_999_999_999;

/** To the microsecond, as cursors have it. */
function createdAtOf(status: JobStatus): number {
  return Number(Math.min(Math.max(0, status.created_at), LATEST).toFixed(6));
}

export function indexedJob(status: JobStatus, version: number): IndexedJob {
  return { createdAt: createdAtOf(status), tie: status.job_id, ...filteredOf(status), version };
}

/** The jobs of a directory as far as they are known, in their order. */
export class IndexedJobs {
  readonly #jobs: Map<string, IndexedJob>;
  readonly #strays = new Map<string, StrayFolder>();
  readonly #newestFirst: NewestFirst<IndexedJob>;
  /** Since it was set to 0. */
  changes = 0;

  constructor(jobs: readonly IndexedJob[] = []) {
    this.#jobs = new Map(jobs.map((job) => [job.tie, job]));
    this.#newestFirst = new NewestFirst(MARKS, jobs);
  }

  get size(): number {
    return this.#jobs.size;
  }

  get(id: string): IndexedJob | StrayFolder | undefined {
    return this.#jobs.get(id) ?? this.#strays.get(id);
  }

  put(job: IndexedJob): void {
    this.forget(job.tie);
    this.#jobs.set(job.tie, job);
    this.#newestFirst.add(job);
  }

  putStray(id: string, stray: StrayFolder): void {
    this.forget(id);
    this.#strays.set(id, stray);
  }

  forget(id: string): void {
    const job = this.#jobs.get(id);
    if (job) this.#newestFirst.remove(job);
    if (job) this.#jobs.delete(id);
    else this.#strays.delete(id);
    this.changes += 1;
  }

  /** Newest first. */
  all(): readonly IndexedJob[] {
    return this.#newestFirst.all();
  }

  /** In no order, and while they change. */
  each(): Iterable<IndexedJob> {
    return this.#jobs.values();
  }

  strays(): ReadonlyMap<string, StrayFolder> {
    return this.#strays;
  }

  /** At most `limit` of those behind a place that pass the filters, newest first. */
  take(limit: number, filters: ListOptions, after?: Place): IndexedJob[] {
    return this.#newestFirst.take(limit, filterOf(filters), after);
  }
}
