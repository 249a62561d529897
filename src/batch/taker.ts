import { createHash } from 'node:crypto';
import type { ExportKind } from '../export/formats.js';
import type { SolveParamsInput } from '../job/param-table.js';
import { parseParams } from '../job/params.js';
import { digestOf, type Picture } from './picture.js';
import { type BatchRow, type ResultColumns, rowOf } from './row.js';
import type { BatchTable } from './table.js';
import { type BatchJobs, takePicture } from './take.js';

export interface TakerContext {
  output: string;
  params: SolveParamsInput;
  table: BatchTable;
  exports?: readonly ExportKind[];
  keepJobs?: boolean;
  signal: AbortSignal;
  /** Whether this row will do for every picture with the same bytes. */
  isDone(row: BatchRow): boolean;
}

/** Takes pictures, several at once, and writes their rows. */
export class Taker {
  readonly #jobs: BatchJobs;
  readonly #context: TakerContext;
  readonly #scope: string;
  /** SHA-256 → the picture with these bytes that is a job now. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(jobs: BatchJobs, context: TakerContext) {
    this.#jobs = jobs;
    this.#context = context;
    const { output, params } = context;
    this.#scope = createHash('sha256')
      .update(JSON.stringify([output, parseParams(params)]))
      .digest('hex');
  }

  /** The row of a picture, when it is in the table; undefined where the picture was changed meanwhile, or is gone. */
  async take(picture: Picture): Promise<BatchRow | undefined> {
    const { table, signal } = this.#context;
    const sha256 = await digestOf(picture, signal);
    if (sha256 === undefined) return undefined;
    while (this.#running.has(sha256)) await this.#running.get(sha256)?.catch(() => {});
    signal.throwIfAborted();
    const same = table.sameBytes(sha256);
    if (same && this.#context.isDone(same)) return this.#write(picture, sha256, columnsFor(picture, same));
    const running = this.#solve(picture, sha256);
    this.#running.set(sha256, running);
    try {
      return await running;
    } finally {
      this.#running.delete(sha256);
    }
  }

  async #solve(picture: Picture, sha256: string): Promise<BatchRow | undefined> {
    const { exports = [], keepJobs = true, params, output, signal } = this.#context;
    const options = { params, scope: this.#scope, exports, output, signal };
    const taken = await takePicture(this.#jobs, picture, sha256, options);
    if (!taken) return undefined;
    const { job_id, ...columns } = taken;
    const row = await this.#write(picture, sha256, keepJobs ? taken : columns);
    if (!keepJobs && job_id !== undefined) await this.#jobs.remove(job_id);
    return row;
  }

  async #write(picture: Picture, sha256: string, columns: ResultColumns): Promise<BatchRow> {
    const row = rowOf(picture, sha256, columns);
    await this.#context.table.add(row);
    return row;
  }
}

/** What is known of a picture from another one with the same bytes, or from itself before it was touched. */
function columnsFor({ file }: Picture, same: BatchRow): ResultColumns {
  const { file: other, bytes, changed_ms, sha256, ...columns } = same;
  return other === file ? columns : { ...columns, duplicate_of: other };
}
