import type { JobState, JobStatus } from '../../job/status.js';
import type { JobPage, ListOptions } from '../job-store.js';
import type { Documents } from './documents.js';

/** How many documents are read at once; each holds a file handle for a moment. */
const READERS = 16;
const NO_HANDLES = new Set(['EMFILE', 'ENFILE']);

/**
 * The order of all jobs, kept in memory: when a job was created never changes, so each is read once to find its place
 * and a page costs only the documents on it.
 */
export class JobIndex {
  readonly #createdAt = new Map<string, number>();
  readonly #done = new Set<string>();
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  forget(id: string): void {
    this.#createdAt.delete(id);
    this.#done.delete(id);
  }

  async page(ids: readonly string[], { states, limit = 100, after }: ListOptions): Promise<JobPage> {
    const damaged: JobPage['damaged'] = [];
    const fresh = ids.filter((id) => !this.#createdAt.has(id));
    await inParallel(fresh, (id) => this.#read(id, damaged));
    const order = ids
      .filter((id) => this.#createdAt.has(id))
      .map((id) => ({ id, key: cursorOf(this.#createdAt.get(id)!, id) }))
      .sort((a, b) => (a.key < b.key ? 1 : -1));
    const rest = after === undefined ? order : order.filter(({ key }) => key < after);
    const jobs: JobStatus[] = [];
    let next: string | undefined;
    for (let start = 0; start < rest.length && next === undefined; start += READERS) {
      const slice = rest.slice(start, start + READERS);
      const statuses = await Promise.all(slice.map(({ id }) => this.#read(id, damaged)));
      for (const [index, status] of statuses.entries()) {
        if (!status || (states && !states.includes(status.state))) continue;
        if (jobs.length === limit) {
          next = cursorOf(jobs.at(-1)!.created_at, jobs.at(-1)!.job_id);
          break;
        }
        jobs.push(statuses[index]!);
      }
    }
    const seen = new Set<string>();
    const unique = damaged.filter(({ job_id }) => !seen.has(job_id) && seen.add(job_id));
    return { jobs, damaged: unique, ...(next !== undefined && { next }) };
  }

  async counts(ids: readonly string[], states?: readonly JobState[]): Promise<Record<JobState, number>> {
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    await inParallel(ids, async (id) => {
      const state = this.#done.has(id) ? 'done' : (await this.#read(id, []))?.state;
      if (state && (!states || states.includes(state))) counts[state] += 1;
    });
    return counts;
  }

  async #read(id: string, damaged: JobPage['damaged']): Promise<JobStatus | undefined> {
    try {
      const record = await this.#documents.read(id);
      if (!record) {
        this.forget(id);
        return undefined;
      }
      this.#createdAt.set(id, record.status.created_at);
      if (record.status.state === 'done') this.#done.add(id);
      return record.status;
    } catch (error) {
      // That we have no handles left says nothing about the job.
      if (NO_HANDLES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      damaged.push({ job_id: id, problem: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }
}

/** Sorts as text in the order of time. */
function cursorOf(createdAt: number, id: string): string {
  return `${createdAt.toFixed(6).padStart(18, '0')}-${id}`;
}

async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values();
  const readers = Array.from({ length: READERS }, async () => {
    for (const item of queue) await act(item);
  });
  await Promise.all(readers);
}
