import { WORDS } from './id-slots.js';

const START = 256;

/** What is known of each job, a row for each; columns of numbers take a tenth of the memory of objects, and nothing to collect. */
export class JobColumns {
  /** `WORDS` numbers for each row. */
  ids: Uint32Array;
  /** Unix seconds to the microsecond, as cursors have it. */
  createdAt: Float64Array;
  /** Place in `JOB_STATES`. */
  states: Uint8Array;
  /** Numbers of `NumberedTexts`. */
  rateKeys: Uint32Array;
  tags: Uint32Array;
  /** Of the documents that the row was read from: see `look`. */
  versions: Float64Array;
  /** Changes with whatever is put into the row, and when it goes; 0 of a row that is free. */
  stamps: Uint32Array;

  constructor(rows = START) {
    this.ids = new Uint32Array(rows * WORDS);
    this.createdAt = new Float64Array(rows);
    this.states = new Uint8Array(rows);
    this.rateKeys = new Uint32Array(rows);
    this.tags = new Uint32Array(rows);
    this.versions = new Float64Array(rows);
    this.stamps = new Uint32Array(rows);
  }

  /** Of columns that were kept. */
  static from(kept: Omit<JobColumns, 'stamps' | 'rows' | 'grow'>): JobColumns {
    const { ids, createdAt, states, rateKeys, tags, versions } = kept;
    const columns = new JobColumns(0);
    columns.stamps = new Uint32Array(states.length);
    return Object.assign(columns, { ids, createdAt, states, rateKeys, tags, versions });
  }

  get rows(): number {
    return this.states.length;
  }

  /** With space for more. */
  grow(): void {
    const larger = new JobColumns(Math.ceil(this.rows * 1.5) + START);
    larger.ids.set(this.ids);
    larger.createdAt.set(this.createdAt);
    larger.states.set(this.states);
    larger.rateKeys.set(this.rateKeys);
    larger.tags.set(this.tags);
    larger.versions.set(this.versions);
    larger.stamps.set(this.stamps);
    Object.assign(this, larger);
  }
}
