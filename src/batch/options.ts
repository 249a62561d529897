import { z } from 'zod';
import type { ExportKind } from '../export/formats.js';
import { parseInput } from '../job/params.js';
import type { BatchRow } from './row.js';

/** What a batch keeps, and how it goes about it. */
export interface BatchOptions {
  /** Folder of the table, the report and the exports. @default `astro-jobs` in the folder of the pictures */
  output?: string;
  /** Look into the folders inside, too. @default false */
  recursive?: boolean;
  /** Go on when all is done, and take new pictures as they come, until `signal` is aborted. @default false */
  watch?: boolean;
  /** Pictures that are jobs at once. @default process.env.ASTRO_JOBS_CONCURRENCY ?? the number of cores */
  concurrency?: number;
  /** Made of each picture that is solved, below `exports` in `output`. @default none */
  exports?: readonly ExportKind[];
  /** Whether the jobs stay when their rows are written; a job keeps a copy of its picture. @default true */
  keepJobs?: boolean;
  /** Take the pictures again that an earlier run did not solve. @default false */
  retryFailed?: boolean;
  /** Seconds for which a file must not have changed before it counts as whole. @default 2 */
  settleSeconds?: number;
  /** Ends the batch; what is done stays, and the next run goes on from there. */
  signal?: AbortSignal;
  /** Called with each row, and when nothing is left to do. */
  onProgress?(progress: BatchProgress): void;
}

/** How far a batch is. */
export interface BatchProgress {
  /** Pictures that are there now. */
  total: number;
  /** Of these, with a row in the table. */
  done: number;
  /** Rows without a solution. */
  failed: number;
  /** Pictures that were done before this run. */
  skipped: number;
  /** Seconds until all are done, by how fast this run was until now. Absent until it has done one. */
  estimate_seconds?: number;
}

/** What a batch has made. */
export interface BatchSummary extends BatchProgress {
  /** Pictures left out because they went on changing. */
  unfinished: string[];
  /** The tables and the report. */
  files: {
    /** The table as JSON, one row a line; a next run goes on from it. */
    jsonl: string;
    /** The table as CSV. */
    csv: string;
    /** The report, an HTML page. */
    report: string;
  };
}

/** The rows of a batch as they are made, and its summary as what the generator returns. */
export type Batch = AsyncGenerator<BatchRow, BatchSummary, void>;

const flag = z.boolean({ error: 'true or false' });
const count = z.int({ error: 'a whole number, 1 or more' }).min(1, { error: 'a whole number, 1 or more' });
const schema = z
  .strictObject({
    output: z.string({ error: 'a folder' }).min(1, { error: 'a folder' }),
    recursive: flag,
    watch: flag,
    concurrency: count,
    exports: z.array(z.string(), { error: 'a list of exports' }),
    keepJobs: flag,
    retryFailed: flag,
    settleSeconds: z.number({ error: 'seconds, 0 or more' }).min(0, { error: 'seconds, 0 or more' }),
    signal: z.instanceof(AbortSignal, { error: 'an AbortSignal' }),
    onProgress: z.custom((value) => typeof value === 'function', { error: 'a function' }),
  })
  .partial();

/** @throws AstroJobsError `invalid_params` */
export function checkBatchOptions(options: object): void {
  parseInput(schema, options, 'option');
}
