import { JOB_STATES, type JobState, type JobStatus } from '../../job/status.js';
import type { ListOptions } from '../job-store.js';
import { compareIds, IdSlots, readId, WORDS, writeId } from './id-slots.js';
import { JobColumns } from './job-columns.js';
import { NumberedTexts } from './numbered-texts.js';
import { SortedRows } from './sorted-rows.js';

/** Of what a process has changed itself: equal to no version, so that the documents are read once more. */
export const UNKNOWN_VERSION = Number.NaN;

/** Where a job stands in a list. */
export interface Place {
  /** Unix seconds. */
  createdAt: number;
  id: string;
}

/** The place of a job as it was found, with what `stampOf` says of it. */
export interface FoundPlace extends Place {
  stamp: number;
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

/** What is known of the jobs, as it is kept: see `JobColumns`. */
export interface JobRows {
  columns: JobColumns;
  /** How many rows of the columns are jobs, newest first. */
  count: number;
  rateKeys: readonly string[];
  /** Lists of them as JSON. */
  tags: readonly string[];
}

/** The jobs of a directory as far as they are known, in their order. */
export class IndexedJobs {
  readonly columns: JobColumns;
  readonly #slots: IdSlots;
  readonly #newestFirst: SortedRows;
  readonly #rateKeys: NumberedTexts;
  readonly #tags: NumberedTexts;
  readonly #strays = new Map<string, StrayFolder & { stamp: number }>();
  /** Rows above are free; of those below, these: and these, when the order is settled. */
  #top: number;
  #free: number[] = [];
  #freed: number[] = [];
  #stamp = 0;
  /** Since it was set to 0. */
  changes = 0;

  constructor(kept: JobRows = { columns: new JobColumns(), count: 0, rateKeys: [], tags: [] }) {
    this.columns = kept.columns;
    this.#slots = new IdSlots(() => this.columns.ids, kept.count);
    this.#top = kept.count;
    this.#rateKeys = new NumberedTexts(kept.rateKeys);
    this.#tags = new NumberedTexts(kept.tags);
    const inOrder = new Uint32Array(kept.count);
    this.#newestFirst = new SortedRows(
      (a, b) => this.#createdAt(b) - this.#createdAt(a) || compareIds(this.columns.ids, b * WORDS, a * WORDS),
      inOrder,
    );
    for (let row = 0; row < kept.count; row += 1) {
      inOrder[row] = row;
      this.columns.stamps[row] = this.#nextStamp();
      this.#slots.add(row);
    }
  }

  get size(): number {
    return this.#top - this.#free.length - this.#freed.length;
  }

  /** The row of a job, or -1. */
  rowOf(id: string): number {
    return this.#slots.find(id);
  }

  idOf(row: number): string {
    return readId(this.columns.ids, row * WORDS);
  }

  stateOf(row: number): JobState | undefined {
    return JOB_STATES[this.columns.states[row] ?? -1];
  }

  /** A number that changes with all that becomes known of an id; 0 while nothing is. */
  stampOf(id: string): number {
    const row = this.rowOf(id);
    return (row < 0 ? this.#strays.get(id)?.stamp : this.columns.stamps[row]) ?? 0;
  }

  versionOf(id: string): number {
    const row = this.rowOf(id);
    return (row < 0 ? this.#strays.get(id)?.version : this.columns.versions[row]) ?? UNKNOWN_VERSION;
  }

  put(status: JobStatus, version: number): void {
    const { job_id: id, state, rate_key, tags } = status;
    const createdAt = createdAtOf(status);
    let row = this.rowOf(id);
    if (row >= 0 && this.#createdAt(row) !== createdAt) {
      this.#release(row);
      row = -1;
    }
    this.#strays.delete(id);
    if (row < 0) row = this.#occupy(id, createdAt);
    this.columns.states[row] = JOB_STATES.indexOf(state);
    this.columns.rateKeys[row] = this.#rateKeys.numberOf(rate_key);
    this.columns.tags[row] = this.#tags.numberOf(tags && JSON.stringify(tags));
    this.columns.versions[row] = version;
    this.columns.stamps[row] = this.#nextStamp();
    this.changes += 1;
  }

  putStray(id: string, stray: StrayFolder): void {
    this.forget(id);
    this.#strays.set(id, { ...stray, stamp: this.#nextStamp() });
  }

  forget(id: string): void {
    const row = this.rowOf(id);
    if (row >= 0) this.#release(row);
    else this.#strays.delete(id);
    this.changes += 1;
  }

  /** Rows of all jobs, newest first. */
  newestFirst(): Uint32Array {
    this.#newestFirst.settle();
    this.#free.push(...this.#freed);
    this.#freed = [];
    return this.#newestFirst.all();
  }

  /** Rows of jobs, in no order and while they change. */
  *rows(): Generator<number, void, void> {
    for (let row = 0; row < this.#top; row += 1) if (this.columns.stamps[row] !== 0) yield row;
  }

  strays(): ReadonlyMap<string, StrayFolder> {
    return this.#strays;
  }

  /** At most `limit` of those behind a place that pass the filters, newest first. */
  take(limit: number, { states, rateKey, tag }: ListOptions, after?: Place): FoundPlace[] {
    const rows = this.newestFirst();
    const { columns } = this;
    const wanted = Uint8Array.from(JOB_STATES, (state) => Number(states?.includes(state) ?? true));
    const key = rateKey === undefined ? undefined : (this.#rateKeys.find(rateKey) ?? -1);
    const tagged = tag === undefined ? undefined : this.#listsWith(tag);
    const taken: FoundPlace[] = [];
    // Without a call for each row: of a hundred thousand perhaps none passes.
    for (let at = after ? this.#firstBehind(after) : 0; at < rows.length && taken.length < limit; at += 1) {
      const row = rows[at] ?? 0;
      if (wanted[columns.states[row] ?? 0] !== 1) continue;
      if (key !== undefined && columns.rateKeys[row] !== key) continue;
      if (tagged !== undefined && !tagged.has(columns.tags[row] ?? 0)) continue;
      taken.push({ createdAt: this.#createdAt(row), id: this.idOf(row), stamp: columns.stamps[row] ?? 0 });
    }
    return taken;
  }

  /** What can be kept, newest first. */
  toKeep(): JobRows {
    const rows = this.newestFirst();
    const columns = new JobColumns(rows.length);
    for (const [at, row] of rows.entries()) {
      columns.ids.set(this.columns.ids.subarray(row * WORDS, (row + 1) * WORDS), at * WORDS);
      columns.createdAt[at] = this.#createdAt(row);
      columns.states[at] = this.columns.states[row] ?? 0;
      columns.rateKeys[at] = this.columns.rateKeys[row] ?? 0;
      columns.tags[at] = this.columns.tags[row] ?? 0;
      columns.versions[at] = this.columns.versions[row] ?? UNKNOWN_VERSION;
    }
    return { columns, count: rows.length, rateKeys: this.#rateKeys.all, tags: this.#tags.all };
  }

  /** Numbers of the lists of tags that have this one. */
  #listsWith(tag: string): Set<number> {
    const quoted = JSON.stringify(tag);
    const has = (list: string) => list.includes(quoted) && (JSON.parse(list) as string[]).includes(tag);
    return new Set(this.#tags.all.flatMap((list, at) => (has(list) ? [at + 1] : [])));
  }

  #firstBehind({ createdAt, id }: Place): number {
    const place = new Uint32Array(WORDS * 2);
    writeId(id, place, 0);
    return this.#newestFirst.firstBehind((row) => {
      if (this.#createdAt(row) !== createdAt) return this.#createdAt(row) > createdAt;
      place.set(this.columns.ids.subarray(row * WORDS, (row + 1) * WORDS), WORDS);
      return compareIds(place, WORDS, 0) >= 0;
    });
  }

  #createdAt(row: number): number {
    return this.columns.createdAt[row] ?? 0;
  }

  #nextStamp(): number {
    this.#stamp += 1;
    return this.#stamp;
  }

  #occupy(id: string, createdAt: number): number {
    const row = this.#free.pop() ?? this.#top;
    if (row === this.#top) this.#top += 1;
    if (this.#top > this.columns.rows) this.columns.grow();
    writeId(id, this.columns.ids, row * WORDS);
    this.columns.createdAt[row] = createdAt;
    this.#slots.add(row);
    this.#newestFirst.add(row);
    return row;
  }

  #release(row: number): void {
    this.#slots.remove(row);
    this.#newestFirst.remove(row);
    this.columns.stamps[row] = 0;
    this.#freed.push(row);
  }
}
