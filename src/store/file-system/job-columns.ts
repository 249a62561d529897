import { WORDS } from './id-slots.js';

const START = 256;

/** What is known of each job, a row for each; columns of numbers take a tenth of the memory of objects, and nothing to collect. */
export class JobColumns {
  /** Unix seconds to the microsecond, as cursors have it. */
  createdAt: Float64Array;
  /** Of the documents that the row was read from: see `look`. */
  versions: Float64Array;
  /** `WORDS` numbers for each row. */
  ids: Uint32Array;
  /** Numbers of `NumberedTexts`. */
  rateKeys: Uint32Array;
  tags: Uint32Array;
  /** Place in `JOB_STATES`. */
  states: Uint8Array;
  /** Changes with whatever is put into the row, and when it goes; 0 of a row that is free. Not kept. */
  stamps: Uint32Array;

  /** @param kept memory of so many rows, as `toBytes` gives it: columns of wide numbers first, so that each begins where one may stand */
  constructor(rows = START, kept: Uint8Array = new Uint8Array(JobColumns.bytesOf(rows))) {
    const { buffer, byteOffset } = kept;
    let words = 0;
    const next = (numbers: number) => {
      const at = byteOffset + words * rows * Uint32Array.BYTES_PER_ELEMENT;
      words += numbers;
      return at;
    };
    this.createdAt = new Float64Array(buffer, next(2), rows);
    this.versions = new Float64Array(buffer, next(2), rows);
    this.ids = new Uint32Array(buffer, next(WORDS), rows * WORDS);
    this.rateKeys = new Uint32Array(buffer, next(1), rows);
    this.tags = new Uint32Array(buffer, next(1), rows);
    this.states = new Uint8Array(buffer, next(0), rows);
    this.stamps = new Uint32Array(rows);
  }

  /** Of the columns that are kept of so many rows. */
  static bytesOf(rows: number): number {
    return rows * ((6 + WORDS) * Uint32Array.BYTES_PER_ELEMENT + 1);
  }

  get rows(): number {
    return this.states.length;
  }

  /** Memory of the columns that are kept, as the constructor takes it. */
  toBytes(): Uint8Array {
    const { buffer, byteOffset } = this.createdAt;
    return new Uint8Array(buffer, byteOffset, JobColumns.bytesOf(this.rows));
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
