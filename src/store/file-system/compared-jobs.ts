import { readdir, stat } from 'node:fs/promises';
import { forEachOf } from '../../async/for-each-of.js';
import { isJobId } from '../../job/id.js';
import { isSettled, type JobStatus } from '../../job/status.js';
import type { ListOptions } from '../job-store.js';
import type { Documents } from './documents.js';
import { readIndex, writeIndex } from './index-file.js';
import {
  type IndexedJob,
  IndexedJobs,
  indexedJob,
  type StrayFolder,
  UNKNOWN_VERSION,
} from './indexed-jobs.js';
import type { FoundStatus } from './look.js';
import { unlessMissing } from './missing.js';
import { parsePublished } from './published-status.js';
import { StatusReader } from './status-reader.js';
import type { UnsettledJobs } from './unsettled.js';

/** How many jobs are read the whole way at once; each holds a file handle for a moment. */
const READERS = 32;
/** How many jobs the thread is asked for at once: whoever reads a page meanwhile waits for so many. */
const PORTION = 512;
const NO_HANDLES = new Set(['EMFILE', 'ENFILE']);
/** The folders are compared again after ten times as long as that has taken, and after so long at the latest, milliseconds. */
const [SHARE, LATEST_MS] = [10, 1000];
/** An index that has not been compared for so long is not believed, milliseconds. */
const STALE_MS = 2000;
/** The clock of a file system may stand still for so long, milliseconds: of two changes within it the second cannot be seen. */
const TICK_MS = 1000;
/** The index is kept for other processes when so many jobs, and one in so many, have changed in it; not too often. */
const [KEEP_AFTER, KEEP_SHARE, KEEP_EVERY_MS] = [64, 500, 30_000];

/** How far the folders have been compared with the index. */
interface Comparison {
  /** All jobs that are there are known, and no others. */
  present: Promise<void>;
  /** And the state of each that is not done. */
  unsettled: Promise<void>;
  /** And of all others. */
  all: Promise<void>;
}

/** A status as it was read. */
export interface ReadStatus {
  version: number;
  /** Absent where there is none that can be read. */
  text: string | undefined;
}

/** The index of a jobs directory, and how it is kept true: the folders are compared with it while it is asked for, and it is compared with nothing else. */
export class ComparedJobs {
  readonly #documents: Documents;
  readonly #unsettled: UnsettledJobs;
  readonly #reader: StatusReader;
  #jobs = new IndexedJobs();
  #loaded: Promise<void> | undefined;
  #directoryChanged = Number.NaN;
  #comparison: Comparison | undefined;
  #comparedUntil = Number.NEGATIVE_INFINITY;
  /** When the last comparison that came to its end began; undefined before the first. */
  #comparedAt: number | undefined;
  #keeping = Promise.resolve();
  #keptAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(documents: Documents, unsettled: UnsettledJobs) {
    this.#documents = documents;
    this.#unsettled = unsettled;
    this.#reader = new StatusReader(documents.layout);
  }

  /** As of the last comparison. */
  get jobs(): IndexedJobs {
    return this.#jobs;
  }

  /** This process has made or changed a job. */
  note(status: JobStatus): void {
    if (this.#loaded) this.#jobs.put(indexedJob(status, UNKNOWN_VERSION));
  }

  /** Keeps for other processes what this one had to read. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reader.close();
    await this.#keep();
  }

  /**
   * Resolves when the index is true enough for a list. What another process has left of it a new process takes for true as to jobs that
   * are done, which nothing leaves, until the first comparison is through.
   */
  upToDate({ states }: ListOptions): Promise<void> {
    const { present, unsettled, all } = this.#compare();
    if (this.#comparedAt !== undefined && performance.now() - this.#comparedAt > STALE_MS) return all;
    return states ? unsettled : present;
  }

  /** A comparison that is recent, or has begun now. */
  #compare(): Comparison {
    if (this.#comparison && performance.now() < this.#comparedUntil) return this.#comparison;
    // Who asks meanwhile shares this one.
    this.#comparedUntil = Number.POSITIVE_INFINITY;
    const started = performance.now();
    const present = this.#comparePresent();
    const unsettled = present.then(() => this.#compareUnsettled());
    const all = unsettled.then(() => this.#compareDone());
    this.#comparison = { present, unsettled, all };
    all.then(
      () => {
        const now = performance.now();
        this.#comparedAt = started;
        this.#comparedUntil = now + Math.min(LATEST_MS, (now - started) * SHARE);
        return this.#keep();
      },
      () => {
        this.#comparedUntil = Number.NEGATIVE_INFINITY;
      },
    );
    return this.#comparison;
  }

  /**
   * What the documents of jobs say. Absent: they are still in the version of which the caller has the text.
   * @param sought ids, and versions that the caller has the text of; `NaN` for none
   */
  async read(sought: readonly { id: string; had: number }[]): Promise<Map<string, ReadStatus>> {
    const known = sought.map(({ id }) => this.#jobs.get(id));
    const found = await this.#reader.look(
      sought.map(({ id, had }, at) => {
        const job = known[at];
        return {
          id,
          had,
          known: job?.version ?? UNKNOWN_VERSION,
          isUnsettled: isJob(job) && !isSettled(job),
        };
      }),
    );
    const read = new Map<string, ReadStatus>();
    await forEachOf(found, READERS, async (one) => {
      const id = sought[one.at]?.id;
      if (id !== undefined)
        read.set(id, { version: one.version, text: await this.#take(id, known[one.at], one) });
    });
    return read;
  }

  /**
   * The text of a status that was found, after the index has it. What has changed since the version was taken is found by the next comparison.
   * @param known as it was before
   */
  async #take(
    id: string,
    known: IndexedJob | StrayFolder | undefined,
    { version, text }: FoundStatus,
  ): Promise<string | undefined> {
    if (text !== undefined && isJob(known) && known.version === version) return text;
    // What this process has changed meanwhile is newer than what was read.
    const isUnchanged = () => this.#jobs.get(id) === known;
    try {
      const published = text === undefined ? undefined : parsePublished(id, text).status;
      const status = published ?? (await this.#documents.read(id))?.status;
      if (isUnchanged()) {
        if (status) this.#jobs.put(indexedJob(status, version));
        else this.#jobs.putStray(id, { version });
      }
      return published ? text : status && JSON.stringify(status);
    } catch (error) {
      // That we have no handles left says nothing about the job.
      if (NO_HANDLES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      if (isUnchanged()) this.#jobs.putStray(id, { version, problem });
      return undefined;
    }
  }

  async #comparePresent(): Promise<void> {
    this.#loaded ??= this.#load();
    await this.#loaded;
    const { root } = this.#documents.layout;
    const changed = await changedAt(root);
    if (changed === this.#directoryChanged) return;
    const names = (await unlessMissing(readdir(root), [])).filter(isJobId);
    this.#keepOnly(new Set(names));
    await this.#compareAll(names.filter((id) => !this.#jobs.get(id)));
    this.#directoryChanged = changed;
  }

  /** Nothing leaves `done`, so the others are all that may have changed; but one that was made again under its old id is indexed as the old one. */
  async #compareUnsettled(): Promise<void> {
    const marked = (await this.#unsettled.ids()).filter((id) => this.#jobs.get(id));
    await this.#compareAll([...this.#jobs.strays().keys(), ...marked]);
    await this.#compareAll(this.#those((job) => job.state !== 'done'));
  }

  /** Other programs may write what they like. */
  async #compareDone(): Promise<void> {
    await this.#compareAll(
      this.#those((job) => job.state === 'done'),
      () => this.#closed,
    );
  }

  *#those(are: (job: IndexedJob) => boolean): Generator<string, void, void> {
    for (const job of this.#jobs.each()) if (are(job)) yield job.tie;
  }

  async #load(): Promise<void> {
    const kept = await readIndex(this.#documents.layout);
    if (!kept) return;
    this.#jobs = new IndexedJobs(kept.jobs);
    this.#directoryChanged = kept.directoryChanged;
  }

  #keepOnly(present: ReadonlySet<string>): void {
    // What this process has made since the directory was read is not in it.
    const gone = this.#those(({ tie, version }) => !present.has(tie) && !Number.isNaN(version));
    for (const id of [...gone, ...this.#jobs.strays().keys()]) if (!present.has(id)) this.#jobs.forget(id);
  }

  async #compareAll(ids: Iterable<string>, stopped = () => false): Promise<void> {
    for (const some of inPortions(ids, PORTION)) {
      if (stopped()) return;
      await this.read(some.map((id) => ({ id, had: this.#jobs.get(id)?.version ?? UNKNOWN_VERSION })));
    }
  }

  #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(() => this.#keepNow());
    return this.#keeping;
  }

  async #keepNow(): Promise<void> {
    const now = performance.now();
    const many = Math.max(KEEP_AFTER, this.#jobs.size / KEEP_SHARE);
    if (this.#jobs.changes < many || (!this.#closed && now - this.#keptAt < KEEP_EVERY_MS)) return;
    this.#keptAt = now;
    this.#jobs.changes = 0;
    // Strays are not kept: they are found by reading the directory.
    const directoryChanged = this.#jobs.strays().size === 0 ? this.#directoryChanged : Number.NaN;
    await writeIndex(
      this.#documents.layout,
      { jobs: this.#jobs.all(), directoryChanged },
      this.#documents.modes.file,
    );
  }
}

function* inPortions<T>(items: Iterable<T>, size: number): Generator<T[], void, void> {
  let portion: T[] = [];
  for (const item of items) {
    if (portion.push(item) < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

const isJob = (known: IndexedJob | StrayFolder | undefined): known is IndexedJob =>
  known !== undefined && 'state' in known;

/** When something last came into a directory or went, milliseconds; `NaN` when that was just now, and more may have since. */
async function changedAt(path: string): Promise<number> {
  const changed = (await unlessMissing(stat(path), undefined))?.mtimeMs ?? Number.NaN;
  return Date.now() - changed > TICK_MS ? changed : Number.NaN;
}
