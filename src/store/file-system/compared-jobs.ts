import { readdir, stat } from 'node:fs/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { forEachOf } from '../../async/for-each-of.js';
import { isJobId } from '../../job/id.js';
import type { JobState, JobStatus } from '../../job/status.js';
import type { ListOptions } from '../job-store.js';
import { deepFrozen } from './deep-frozen.js';
import type { Documents } from './documents.js';
import { readId, WORDS } from './id-slots.js';
import { IndexKeeper } from './index-keeper.js';
import { IndexedJobs, UNKNOWN_VERSION } from './indexed-jobs.js';
import { unlessMissing } from './missing.js';
import { parsePublished } from './published-status.js';
import { type SoughtJobs, soughtIds, soughtRows } from './sought-jobs.js';
import { StatusReader } from './status-reader.js';
import type { UnsettledJobs } from './unsettled.js';

/** How many jobs are read the whole way at once; each holds a file handle for a moment. */
const READERS = 32;
/** How many jobs the thread is asked for at once: whoever reads a page meanwhile waits for so many. */
const PORTION = 512;
/** Each that was read is held against the schema: whoever asks for anything else waits for so many. */
const PARSED_AT_ONCE = 100;
const NO_HANDLES = new Set(['EMFILE', 'ENFILE']);
/** From one comparison to the next: ten times as long as it took, or what is left of so many milliseconds, whichever is less; but a tenth of what it took at least. */
const [SHARE, EVERY_MS, LEAST_SHARE] = [10, 1500, 0.1];
/** An index that had not been compared for so long is not believed before it is, milliseconds; unless it is compared without a pause that matters. */
const [STALE_MS, PAUSE_MS] = [2000, 250];
/** What the first comparison does beyond what is asked for waits for so long, milliseconds: a command that lists once has ended then. */
const FIRST_MS = 300;
/** The clock of a file system may stand still for so long, milliseconds: of two changes within it the second cannot be seen. */
const TICK_MS = 1000;

/** How far the folders have been compared with the index. */
interface Comparison {
  /** All jobs that are there are known, and no others. */
  present: Promise<void>;
  /** And the state of each that is not done. Begins at the first call. */
  unsettled(): Promise<void>;
  /** And of all others. */
  all: Promise<void>;
  /** The one before is too long ago. */
  isLate: boolean;
}

/** A status as it was read. */
export interface ReadStatus {
  version: number;
  /** Frozen. Absent where there is none that can be read. */
  status: JobStatus | undefined;
  /** Of its text, characters. */
  length: number;
}

/** The index of a jobs directory, and how it is kept true: the folders are compared with it while it is asked for, and it is compared with nothing else. */
export class ComparedJobs {
  readonly #documents: Documents;
  readonly #unsettled: UnsettledJobs;
  readonly #reader: StatusReader;
  readonly #keeper: IndexKeeper;
  #jobs = new IndexedJobs();
  #loaded: Promise<void> | undefined;
  #directoryChanged = Number.NaN;
  #comparison: Comparison | undefined;
  #comparedUntil = Number.NEGATIVE_INFINITY;
  /** When the last comparison that came to its end began; undefined before the first. */
  #comparedAt: number | undefined;
  #closed = false;

  constructor(documents: Documents, unsettled: UnsettledJobs) {
    this.#documents = documents;
    this.#unsettled = unsettled;
    this.#reader = new StatusReader(documents.layout);
    this.#keeper = new IndexKeeper(documents);
  }

  /** As of the last comparison. */
  get jobs(): IndexedJobs {
    return this.#jobs;
  }

  /** This process has made or changed a job. */
  note(status: JobStatus): void {
    if (this.#loaded) this.#jobs.put(status, UNKNOWN_VERSION);
  }

  /** Keeps for other processes what this one had to read. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#reader.close();
    await this.#keeper.close(this.#jobs, this.#directoryChanged);
  }

  /** Begins with what another process has kept. */
  load(): Promise<void> {
    this.#loaded ??= this.#keeper.load().then((kept) => {
      if (!kept) return;
      this.#jobs = new IndexedJobs(kept.rows);
      this.#directoryChanged = kept.directoryChanged;
    });
    return this.#loaded;
  }

  /**
   * Resolves when the index is true enough for a list. What another process has left of it a new process takes for true as to jobs that
   * are done, which nothing leaves, until the first comparison is through.
   */
  upToDate({ states }: ListOptions): Promise<void> {
    const { present, unsettled, all, isLate } = this.#compare();
    if (isLate) return all;
    return states ? unsettled() : present;
  }

  /** A comparison that is recent, or has begun now. */
  #compare(): Comparison {
    if (this.#comparison && performance.now() < this.#comparedUntil) return this.#comparison;
    const started = performance.now();
    const isFirst = this.#comparedAt === undefined;
    const isLate =
      this.#comparedAt !== undefined &&
      started - this.#comparedAt > STALE_MS &&
      started - this.#comparedUntil > PAUSE_MS;
    // Who asks meanwhile shares this one.
    this.#comparedUntil = Number.POSITIVE_INFINITY;
    const present = this.#comparePresent();
    let begun: Promise<void> | undefined;
    const unsettled = () => {
      begun ??= present.then(() => this.#compareUnsettled());
      return begun;
    };
    const all = present
      .then(() => (isFirst ? setTimeout(FIRST_MS, undefined, { ref: false }) : undefined))
      .then(unsettled)
      .then(() => this.#compareDone());
    this.#comparison = { present, unsettled, all, isLate };
    all.then(
      () => {
        const now = performance.now();
        const took = now - started;
        this.#comparedAt = started;
        this.#comparedUntil = now + Math.min(took * SHARE, Math.max(EVERY_MS - took, took * LEAST_SHARE));
        return this.#keeper.keep(this.#jobs, this.#directoryChanged);
      },
      () => {
        this.#comparedUntil = Number.NEGATIVE_INFINITY;
      },
    );
    return this.#comparison;
  }

  /**
   * What the documents of jobs say. Absent: they are still in the version that the caller has.
   * @param hadOf version that the caller has; `NaN` for none
   */
  read(ids: readonly string[], hadOf: (id: string) => number): Promise<Map<string, ReadStatus>> {
    return this.#read(soughtIds(this.#jobs, ids, hadOf));
  }

  async #read(sought: SoughtJobs): Promise<Map<string, ReadStatus>> {
    const found = await this.#reader.look(sought);
    const read = new Map<string, ReadStatus>();
    for (const some of inPortions(found, PARSED_AT_ONCE)) {
      await forEachOf(some, READERS, async ({ at, version, text }) => {
        const id = readId(sought.ids, at * WORDS);
        const isKnown = text !== undefined && sought.known[at] === version;
        const status = isKnown
          ? parsePublished(id, text).status
          : await this.#take(id, sought.stamps[at] ?? 0, version, text);
        read.set(id, { version, status: status && deepFrozen(status), length: text?.length ?? 0 });
      });
      await setImmediate();
    }
    return read;
  }

  /**
   * A status that was found, after the index has it. What has changed since the version was taken is found by the next comparison.
   * @param stamp of the job before it was looked at
   */
  async #take(
    id: string,
    stamp: number,
    version: number,
    text: string | undefined,
  ): Promise<JobStatus | undefined> {
    // What this process has changed meanwhile is newer than what was read.
    const isUnchanged = () => this.#jobs.stampOf(id) === stamp;
    try {
      const published = text === undefined ? undefined : parsePublished(id, text).status;
      const status = published ?? (await this.#documents.read(id))?.status;
      if (isUnchanged()) {
        if (status) this.#jobs.put(status, version);
        else this.#jobs.putStray(id, { version });
      }
      return status;
    } catch (error) {
      // That we have no handles left says nothing about the job.
      if (NO_HANDLES.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      const problem = error instanceof Error ? error.message : String(error);
      if (isUnchanged()) this.#jobs.putStray(id, { version, problem });
      return undefined;
    }
  }

  async #comparePresent(): Promise<void> {
    this.#reader.prepare();
    await this.load();
    const { root } = this.#documents.layout;
    const changed = await changedAt(root);
    if (changed === this.#directoryChanged) return;
    const names = (await unlessMissing(readdir(root), [])).filter(isJobId);
    this.#keepOnly(names);
    await this.#compareIds(names.filter((id) => this.#jobs.stampOf(id) === 0));
    this.#directoryChanged = changed;
  }

  /** Nothing leaves `done`, so the others are all that may have changed; but one that was made again under its old id is indexed as the old one. */
  async #compareUnsettled(): Promise<void> {
    if (this.#closed) return;
    const marked = (await this.#unsettled.ids()).filter((id) => this.#jobs.stampOf(id) !== 0);
    await this.#compareIds([...this.#jobs.strays().keys(), ...marked]);
    await this.#compareRows(this.#those((state) => state !== 'done'));
  }

  /** Other programs may write what they like. */
  #compareDone(): Promise<void> {
    return this.#compareRows(this.#those((state) => state === 'done'));
  }

  *#those(are: (state: JobState | undefined) => boolean): Generator<number, void, void> {
    for (const row of this.#jobs.rows()) if (are(this.#jobs.stateOf(row))) yield row;
  }

  #keepOnly(names: readonly string[]): void {
    const present = new Uint8Array(this.#jobs.columns.rows);
    const strays = new Set(this.#jobs.strays().keys());
    for (const name of names) {
      const row = this.#jobs.rowOf(name);
      if (row >= 0) present[row] = 1;
      else strays.delete(name);
    }
    const { versions } = this.#jobs.columns;
    for (const row of this.#jobs.rows()) {
      // What this process has made since the directory was read is not in it.
      if (present[row] === 0 && !Number.isNaN(versions[row])) this.#jobs.forget(this.#jobs.idOf(row));
    }
    for (const id of strays) this.#jobs.forget(id);
  }

  async #compareIds(ids: readonly string[]): Promise<void> {
    for (const some of inPortions(ids, PORTION)) await this.read(some, (id) => this.#jobs.versionOf(id));
  }

  async #compareRows(rows: Iterable<number>): Promise<void> {
    for (const some of inPortions(rows, PORTION)) {
      if (this.#closed) return;
      await this.#read(soughtRows(this.#jobs, some));
    }
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

/** When something last came into a directory or went, milliseconds; `NaN` when that was just now, and more may have since. */
async function changedAt(path: string): Promise<number> {
  const changed = (await unlessMissing(stat(path), undefined))?.mtimeMs ?? Number.NaN;
  return Date.now() - changed > TICK_MS ? changed : Number.NaN;
}
