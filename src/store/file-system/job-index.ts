import type { JobState, JobStatus } from '../../job/status.js';
import { assertCursor } from '../cursor.js';
import { passes } from '../filters.js';
import type { JobPage, ListOptions } from '../job-store.js';
import type { Place } from '../newest-first.js';
import { ComparedJobs } from './compared-jobs.js';
import type { Documents } from './documents.js';
import type { IndexedJob } from './indexed-jobs.js';
import type { UnsettledJobs } from './unsettled.js';

/** Statuses that are kept as text, so that a page which many ask for is read once; looked at anew after so long, milliseconds. */
const [SHOWN, SHOWN_MS] = [1000, 1000];

/** A status as it was read from the documents of a job. */
interface Shown {
  job: IndexedJob;
  text: string;
  at: number;
}

/** Lists of the jobs of a directory: their order and filters by its index, what they show by the documents of the jobs on the page. */
export class JobIndex {
  readonly #compared: ComparedJobs;
  /** The first one is the longest there. */
  readonly #shown = new Map<string, Shown>();

  constructor(documents: Documents, unsettled: UnsettledJobs) {
    this.#compared = new ComparedJobs(documents, unsettled);
  }

  /** This process has made or changed a job. */
  note(status: JobStatus): void {
    this.#compared.note(status);
  }

  forget(id: string): void {
    this.#compared.jobs.forget(id);
  }

  close(): Promise<void> {
    return this.#compared.close();
  }

  async page({ limit = 100, after, ...filters }: ListOptions): Promise<JobPage> {
    assertCursor(after, /^\d{11}\.\d{6}-[0-9a-f]{32}$/);
    const { present, unsettled } = this.#compared.compare();
    await (filters.states ? unsettled : present);
    const { jobs: indexed } = this.#compared;
    let place = after === undefined ? undefined : placeOf(after);
    const jobs: JobStatus[] = [];
    let next: string | undefined;
    while (next === undefined) {
      // One more than the page takes, to know whether there is a next.
      const wanted = limit + 1 - jobs.length;
      const candidates = indexed.take(wanted, filters, place);
      const statuses = await Promise.all(candidates.map((job) => this.#show(job.tie)));
      for (const [index, status] of statuses.entries()) {
        if (jobs.length === limit && status) {
          next = place && cursorOf(place);
          break;
        }
        place = candidates[index];
        if (status && passes({ state: status.state, rateKey: status.rate_key }, filters)) jobs.push(status);
      }
      if (candidates.length < wanted) break;
    }
    const damaged = [...indexed.strays()].flatMap(([job_id, { problem }]) =>
      problem === undefined ? [] : [{ job_id, problem }],
    );
    return { jobs, damaged, ...(next !== undefined && { next }) };
  }

  async counts(states?: readonly JobState[]): Promise<Record<JobState, number>> {
    await this.#compared.compare().unsettled;
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    for (const { state } of this.#compared.jobs.all())
      if (!states || states.includes(state)) counts[state] += 1;
    return counts;
  }

  /** The status of a job as it is in its folder at this time, or was a moment ago. */
  async #show(id: string): Promise<JobStatus | undefined> {
    const shown = this.#shown.get(id);
    const now = performance.now();
    const isCurrent = shown !== undefined && shown.job === this.#compared.jobs.get(id);
    if (isCurrent && now - shown.at < SHOWN_MS) return JSON.parse(shown.text) as JobStatus;
    const version = await this.#compared.versionOf(id);
    if (isCurrent && shown.job.version === version) {
      shown.at = now;
      return JSON.parse(shown.text) as JobStatus;
    }
    const status = await this.#compared.read(id, version);
    const job = this.#compared.jobs.get(id);
    if (status && job && 'state' in job && job.version === version) {
      this.#shown.set(id, { job, text: JSON.stringify(status), at: now });
      const [oldest] = this.#shown.keys();
      if (this.#shown.size > SHOWN && oldest !== undefined) this.#shown.delete(oldest);
    }
    return status;
  }
}

/** Sorts as text in the order of time. */
function cursorOf({ createdAt, tie }: Place): string {
  return `${createdAt.toFixed(6).padStart(18, '0')}-${tie}`;
}

function placeOf(cursor: string): Place {
  const [created = '', tie = ''] = cursor.split('-');
  return { createdAt: Number(created), tie };
}
