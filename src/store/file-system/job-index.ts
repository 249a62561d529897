import { forEachOf } from '../../async/for-each-of.js';
import type { JobState, JobStatus } from '../../job/status.js';
import { assertCursor } from '../cursor.js';
import type { JobPage, ListOptions } from '../job-store.js';
import type { Documents } from './documents.js';

/** How many documents are read at once; each holds a file handle for a moment. */
const READERS = 16;
const NO_HANDLES = new Set(['EMFILE', 'ENFILE']);

/** What never changes of a job. */
interface Entry {
  createdAt: number;
  rateKey: string | undefined;
}

/**
 * The order of all jobs, kept in memory: when and for whom a job was created never changes, so each is read once to find
 * its place, and a page costs only the documents on it.
 */
export class JobIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #done = new Set<string>();
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  forget(id: string): void {
    this.#entries.delete(id);
    this.#done.delete(id);
  }

  /** Forgets all jobs but these, the whole directory: the others were removed by other processes. */
  keepOnly(ids: readonly string[]): void {
    if (this.#entries.size <= ids.length) return;
    const present = new Set(ids);
    for (const id of this.#entries.keys()) if (!present.has(id)) this.forget(id);
  }

  async page(ids: readonly string[], { states, rateKey, limit = 100, after }: ListOptions): Promise<JobPage> {
    assertCursor(after, /^\d{11}\.\d{6}-[0-9a-f]{32}$/);
    const damaged = new Map<string, string>();
    const fresh = ids.filter((id) => !this.#entries.has(id));
    await forEachOf(fresh, READERS, (id) => this.#read(id, damaged));
    const ordered = ids
      .flatMap((id) => {
        const entry = this.#entries.get(id);
        if (!entry || (rateKey !== undefined && entry.rateKey !== rateKey)) return [];
        return [{ id, key: cursorOf(entry.createdAt, id) }];
      })
      .filter(({ key }) => after === undefined || key < after)
      .sort((a, b) => (a.key < b.key ? 1 : -1));
    const jobs: JobStatus[] = [];
    let next: string | undefined;
    for (let start = 0; start < ordered.length && next === undefined; start += READERS) {
      const slice = ordered.slice(start, start + READERS);
      for (const status of await Promise.all(slice.map(({ id }) => this.#read(id, damaged)))) {
        if (!status || (states && !states.includes(status.state))) continue;
        const last = jobs.at(-1);
        if (jobs.length === limit && last) {
          next = cursorOf(last.created_at, last.job_id);
          break;
        }
        jobs.push(status);
      }
    }
    return {
      jobs,
      damaged: [...damaged].map(([job_id, problem]) => ({ job_id, problem })),
      ...(next !== undefined && { next }),
    };
  }

  async counts(ids: readonly string[], states?: readonly JobState[]): Promise<Record<JobState, number>> {
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    await forEachOf(ids, READERS, async (id) => {
      const state = this.#done.has(id) ? 'done' : (await this.#read(id, new Map()))?.state;
      if (state && (!states || states.includes(state))) counts[state] += 1;
    });
    return counts;
  }

  async #read(id: string, damaged: Map<string, string>): Promise<JobStatus | undefined> {
    try {
      const record = await this.#documents.read(id);
      if (!record) {
        this.forget(id);
        return undefined;
      }
      this.#entries.set(id, { createdAt: record.status.created_at, rateKey: record.status.rate_key });
      if (record.status.state === 'done') this.#done.add(id);
      return record.status;
    } catch (error) {
      // That we have no handles left says nothing about the job.
      if (NO_HANDLES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      damaged.set(id, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}

/** Sorts as text in the order of time. */
function cursorOf(createdAt: number, id: string): string {
  return `${createdAt.toFixed(6).padStart(18, '0')}-${id}`;
}
