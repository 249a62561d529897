import { readdir, stat } from 'node:fs/promises';
import { forEachOf } from '../../async/for-each-of.js';
import { isJobId } from '../../job/id.js';
import { isSettled, type JobState, type JobStatus } from '../../job/status.js';
import { RecentMap } from '../../recent-map.js';
import { assertCursor } from '../cursor.js';
import type { JobPage, JobRecord, ListOptions } from '../job-store.js';
import type { Place } from '../newest-first.js';
import type { Documents } from './documents.js';
import { unlessMissing } from './durable.js';
import { readIndex, writeIndex } from './index-file.js';
import { type IndexedJob, IndexedJobs, indexedJob, passes } from './indexed-jobs.js';
import { isSameVersion, type JobVersion, UNKNOWN_VERSION, versionOf } from './job-version.js';
import type { UnsettledJobs } from './unsettled.js';

/** How many jobs are looked at at once; each holds a file handle for a moment. */
const READERS = 16;
const NO_HANDLES = new Set(['EMFILE', 'ENFILE']);
/** The folders are compared with the index again after ten times as long as that takes, and after a second at the latest. */
const SHARE = 10;
const COMPARED_MS = 1000;
/** Statuses that are kept as text, so that a page which many ask for is read once. */
const SHOWN = 1000;
/** The clock of a file system may stand still for so long, milliseconds: of two changes within it the second cannot be seen. */
const TICK_MS = 1000;
/** The index is kept for other processes when so many jobs, and one in so many, have changed in it; not too often. */
const [KEEP_AFTER, KEEP_SHARE, KEEP_EVERY_MS] = [64, 500, 30_000];

/**
 * All jobs of a directory in the order of lists, with what filters ask for. It is read from the folders, which alone are true: while
 * lists are asked for, every folder is compared with it about once a second, whoever has changed it. Jobs on a page are looked at anew.
 */
export class JobIndex {
  readonly #documents: Documents;
  readonly #unsettled: UnsettledJobs;
  readonly #jobs = new IndexedJobs();
  readonly #shown = new RecentMap<string, { job: IndexedJob; text: string; at: number }>(SHOWN);
  #loaded: Promise<void> | undefined;
  #directoryChanged = Number.NaN;
  #compared: Promise<void> | undefined;
  #comparedUntil = Number.NEGATIVE_INFINITY;
  #keptAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(documents: Documents, unsettled: UnsettledJobs) {
    this.#documents = documents;
    this.#unsettled = unsettled;
  }

  /** This process has made or changed a job. */
  note(status: JobStatus): void {
    if (this.#loaded) this.#jobs.put(indexedJob(status, UNKNOWN_VERSION));
  }

  forget(id: string): void {
    this.#jobs.forget(id);
  }

  async page({ limit = 100, after, ...filters }: ListOptions): Promise<JobPage> {
    assertCursor(after, /^\d{11}\.\d{6}-[0-9a-f]{32}$/);
    await this.#upToDate();
    let place = after === undefined ? undefined : placeOf(after);
    const jobs: JobStatus[] = [];
    let next: string | undefined;
    while (next === undefined) {
      // One more than the page takes, to know whether there is a next.
      const wanted = limit + 1 - jobs.length;
      const candidates = this.#jobs.take(wanted, filters, place);
      const statuses = await Promise.all(candidates.map((job) => this.#show(job)));
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
    const damaged = [...this.#jobs.strays()].flatMap(([job_id, { problem }]) =>
      problem === undefined ? [] : [{ job_id, problem }],
    );
    return { jobs, damaged, ...(next !== undefined && { next }) };
  }

  async counts(states?: readonly JobState[]): Promise<Record<JobState, number>> {
    await this.#upToDate();
    const counts = { queued: 0, processing: 0, done: 0, error: 0 };
    for (const { state } of this.#jobs.all()) if (!states || states.includes(state)) counts[state] += 1;
    return counts;
  }

  /** Keeps for other processes what this one had to read. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#keep();
  }

  /** Resolves when all jobs are known, and of those that may change by themselves what has become of them. */
  #upToDate(): Promise<void> {
    if (this.#compared && performance.now() < this.#comparedUntil) return this.#compared;
    // Who asks meanwhile shares this comparison.
    this.#comparedUntil = Number.POSITIVE_INFINITY;
    const started = performance.now();
    const ended = () => {
      const now = performance.now();
      this.#comparedUntil = now + Math.min(COMPARED_MS, (now - started) * SHARE);
    };
    const compared = this.#compareUnsettled();
    this.#compared = compared;
    compared
      .then(() =>
        this.#compareAll(
          this.#those((job) => job.state === 'done'),
          () => this.#closed,
        ),
      )
      .then(() => this.#keep())
      .then(ended, () => {
        this.#comparedUntil = Number.NEGATIVE_INFINITY;
      });
    return compared;
  }

  /** Jobs that have come or gone, and all that are not done; nothing leaves `done`, so these need not be waited for. */
  async #compareUnsettled(): Promise<void> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    const changed = await this.#directoryChange();
    const names = changed === this.#directoryChanged ? undefined : await this.#names();
    if (names) this.#keepOnly(new Set(names));
    await this.#compareAll([
      ...(names ?? []).filter((id) => !this.#jobs.get(id)),
      ...this.#jobs.strays().keys(),
      ...this.#those((job) => job.state !== 'done'),
      // One that was removed and made again under its old id is indexed as the old one.
      ...(await this.#unsettled.ids()).filter((id) => this.#jobs.get(id)),
    ]);
    this.#directoryChanged = changed;
  }

  #those(are: (job: IndexedJob) => boolean): string[] {
    const ids: string[] = [];
    for (const job of this.#jobs.all()) if (are(job)) ids.push(job.tie);
    return ids;
  }

  async #load(): Promise<void> {
    const kept = await readIndex(this.#documents.layout);
    for (const job of kept?.jobs ?? []) this.#jobs.put(job);
    this.#directoryChanged = kept?.directoryChanged ?? Number.NaN;
    this.#jobs.changes = 0;
  }

  /** When a job last came or went, milliseconds; `NaN` when that was just now, and another may have since. */
  async #directoryChange(): Promise<number> {
    const { root } = this.#documents.layout;
    const changed = (await unlessMissing(stat(root), undefined))?.mtimeMs ?? Number.NaN;
    return Date.now() - changed > TICK_MS ? changed : Number.NaN;
  }

  async #names(): Promise<string[]> {
    return (await unlessMissing(readdir(this.#documents.layout.root), [])).filter(isJobId);
  }

  #keepOnly(present: ReadonlySet<string>): void {
    // What this process has made since the directory was read is not in it.
    const gone = this.#those(({ tie, version }) => !present.has(tie) && version !== UNKNOWN_VERSION);
    for (const id of [...gone, ...this.#jobs.strays().keys()]) if (!present.has(id)) this.#jobs.forget(id);
  }

  #compareAll(ids: readonly string[], stopped = () => false): Promise<void> {
    return forEachOf(ids, READERS, async (id) => {
      if (stopped()) return;
      const version = await this.#versionOf(id);
      const known = this.#jobs.get(id);
      if (!known || !isSameVersion(known.version, version)) await this.#read(id, version);
    });
  }

  #versionOf(id: string): Promise<JobVersion> {
    const known = this.#jobs.get(id);
    const settled = known !== undefined && 'state' in known && isSettled(known);
    return versionOf(this.#documents.layout, id, !settled);
  }

  /** The status of a job as it is in its folder at this time, or was a moment ago. */
  async #show(job: IndexedJob): Promise<JobStatus | undefined> {
    const id = job.tie;
    const shown = this.#shown.get(id);
    const now = performance.now();
    const isCurrent = shown !== undefined && shown.job === this.#jobs.get(id);
    if (isCurrent && now - shown.at < COMPARED_MS) return JSON.parse(shown.text) as JobStatus;
    const version = await this.#versionOf(id);
    if (isCurrent && isSameVersion(shown.job.version, version)) {
      shown.at = now;
      return JSON.parse(shown.text) as JobStatus;
    }
    const record = await this.#read(id, version);
    const indexed = this.#jobs.get(id);
    if (record && indexed && 'state' in indexed && isSameVersion(indexed.version, version))
      this.#shown.set(id, { job: indexed, text: JSON.stringify(record.status), at: now });
    return record?.status;
  }

  /** @param version of the documents, taken before they are read: a change meanwhile is found by the next comparison */
  async #read(id: string, version: JobVersion): Promise<JobRecord | undefined> {
    const known = this.#jobs.get(id);
    // What this process has changed meanwhile is newer than what was read.
    const isUnchanged = () => this.#jobs.get(id) === known;
    try {
      const record = await this.#documents.read(id);
      if (!isUnchanged()) return record;
      if (record && known && isSameVersion(known.version, version)) return record;
      if (record) this.#jobs.put(indexedJob(record.status, version));
      else this.#jobs.putStray(id, { version });
      return record;
    } catch (error) {
      // That we have no handles left says nothing about the job.
      if (NO_HANDLES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      if (isUnchanged()) this.#jobs.putStray(id, { version, problem });
      return undefined;
    }
  }

  async #keep(): Promise<void> {
    const now = performance.now();
    const many = Math.max(KEEP_AFTER, this.#jobs.size / KEEP_SHARE);
    if (this.#jobs.changes < many || (!this.#closed && now - this.#keptAt < KEEP_EVERY_MS)) return;
    this.#keptAt = now;
    this.#jobs.changes = 0;
    const jobs = this.#jobs.take(Number.POSITIVE_INFINITY, {});
    // Strays are not kept: they are found by reading the directory.
    const directoryChanged = this.#jobs.strays().size === 0 ? this.#directoryChanged : Number.NaN;
    await writeIndex(this.#documents.layout, { jobs, directoryChanged }, this.#documents.modes.file);
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
