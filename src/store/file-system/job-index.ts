import { JOB_STATES, type JobState, type JobStatus } from '../../job/status.js';
import { assertCursor } from '../cursor.js';
import { filteredOf, passes } from '../filters.js';
import type { JobPage, ListOptions } from '../job-store.js';
import { ComparedJobs } from './compared-jobs.js';
import type { Documents } from './documents.js';
import { type FoundPlace, type Place, UNKNOWN_VERSION } from './indexed-jobs.js';
import type { UnsettledJobs } from './unsettled.js';

/** Statuses that are kept, so that a page which many ask for is read once; looked at anew after so long, milliseconds. */
const [SHOWN, SHOWN_MS] = [2000, 1000];
/** Of the page behind the one that is asked for so many are read already. */
const MOST_AHEAD = 200;
/** Longer ones are read each time, characters of their text. */
const LARGEST_SHOWN = 4096;

/** A status as it is read from the documents of a job, once for all who ask meanwhile. */
interface Shown {
  /** Of what is known of the job (`stampOf`): whoever changes it has this read anew. */
  stamp: number;
  /** Of the documents that the status was read from. */
  version: number;
  /** Frozen, since all are given the same; a promise while it is read. */
  status: JobStatus | undefined | Promise<JobStatus | undefined>;
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
    await this.#compared.upToDate(filters);
    const { jobs: indexed } = this.#compared;
    let place = after === undefined ? undefined : placeOf(after);
    const jobs: JobStatus[] = [];
    let next: string | undefined;
    while (next === undefined) {
      // One more than the page takes, to know whether there is a next.
      const wanted = limit + 1 - jobs.length;
      const candidates = indexed.take(wanted, filters, place);
      const statuses = await this.#show(candidates);
      for (const [index, status] of statuses.entries()) {
        if (jobs.length === limit && status) {
          next = place && cursorOf(place);
          break;
        }
        place = candidates[index];
        if (status && passes(filteredOf(status), filters)) jobs.push(status);
      }
      if (candidates.length < wanted) break;
    }
    if (after !== undefined && next !== undefined)
      this.#readAhead(Math.min(limit, MOST_AHEAD), filters, place);
    const damaged = [...indexed.strays()].flatMap(([job_id, { problem }]) =>
      problem === undefined ? [] : [{ job_id, problem }],
    );
    return { jobs, damaged, ...(next !== undefined && { next }) };
  }

  /** The oldest job in this state, by what its documents say. */
  async oldest(state: JobState): Promise<JobStatus | undefined> {
    await this.#compared.upToDate({ states: [state] });
    const { jobs } = this.#compared;
    for (const row of jobs.newestFirst().slice().reverse()) {
      if (jobs.stateOf(row) !== state) continue;
      const id = jobs.idOf(row);
      const [status] = await this.#show([{ id, stamp: jobs.stampOf(id) }]);
      if (status?.state === state) return status;
    }
    return undefined;
  }

  async counts(states: readonly JobState[] = JOB_STATES): Promise<Record<JobState, number>> {
    await this.#compared.upToDate({ states });
    const { jobs } = this.#compared;
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    for (const row of jobs.rows()) {
      const state = jobs.stateOf(row);
      if (state && states.includes(state)) counts[state] += 1;
    }
    return counts;
  }

  /** Which jobs are done, as far as this process or another has found before: nothing leaves `done`. */
  async whatIsDone(): Promise<(id: string) => boolean> {
    await this.#compared.load();
    const { jobs } = this.#compared;
    return (id) => jobs.stateOf(jobs.rowOf(id)) === 'done';
  }

  /** Who goes from page to page is likely to ask for the next one, and has something to do until then. */
  #readAhead(limit: number, filters: ListOptions, place: Place | undefined): void {
    // Whoever asks for them is told what is wrong.
    this.#show(this.#compared.jobs.take(limit, filters, place)).catch(() => {});
  }

  /** The statuses of jobs as they are in their folders at this time, or were a moment ago. */
  async #show(jobs: readonly Pick<FoundPlace, 'id' | 'stamp'>[]): Promise<(JobStatus | undefined)[]> {
    const now = performance.now();
    const stale: string[] = [];
    for (const { id, stamp } of jobs) {
      const shown = this.#shown.get(id);
      if (!shown || shown.stamp !== stamp || now - shown.at >= SHOWN_MS) stale.push(id);
    }
    if (stale.length > 0) this.#look(stale, now);
    const shown = jobs.map(({ id }) => this.#shown.get(id)?.status);
    const isRead = (status: Shown['status']): status is JobStatus | undefined => !(status instanceof Promise);
    const statuses = shown.every(isRead) ? shown : await Promise.all(shown);
    this.#forgetOldest();
    return statuses;
  }

  #look(ids: readonly string[], at: number): void {
    const { jobs } = this.#compared;
    const before = new Map(ids.map((id) => [id, this.#shown.get(id)]));
    const hadOf = (id: string): number => {
      const shown = before.get(id);
      return shown && shown.stamp === jobs.stampOf(id) ? shown.version : UNKNOWN_VERSION;
    };
    const read = this.#compared.read(ids, hadOf);
    for (const id of ids) {
      const shown: Shown = {
        stamp: jobs.stampOf(id),
        version: UNKNOWN_VERSION,
        status: undefined,
        at,
      };
      const reading = read.then(async (found) => {
        const now = found.get(id);
        const had = before.get(id);
        shown.version = (now ?? had)?.version ?? UNKNOWN_VERSION;
        // What was read may be what has now become known, and is not what this process has changed meanwhile.
        if (jobs.versionOf(id) === shown.version) shown.stamp = jobs.stampOf(id);
        if (now && now.length > LARGEST_SHOWN) this.#drop(id, shown);
        shown.status = now ? now.status : await had?.status;
        return shown.status;
      });
      reading.catch(() => this.#drop(id, shown));
      shown.status = reading;
      this.#shown.set(id, shown);
    }
  }

  #drop(id: string, shown: Shown): void {
    if (this.#shown.get(id) === shown) this.#shown.delete(id);
  }

  #forgetOldest(): void {
    for (const id of this.#shown.keys()) {
      if (this.#shown.size <= SHOWN) break;
      this.#shown.delete(id);
    }
  }
}

/** Sorts as text in the order of time. */
function cursorOf({ createdAt, id }: Place): string {
  return `${createdAt.toFixed(6).padStart(18, '0')}-${id}`;
}

function placeOf(cursor: string): Place {
  const [created = '', id = ''] = cursor.split('-');
  return { createdAt: Number(created), id };
}
