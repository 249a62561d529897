import { z } from 'zod';
import {
  type ExportRequest,
  type ExportRequestInput,
  exportRequestsSchema,
} from '../../export/export-request.js';
import { parseInput } from '../../job/params.js';
import { metadataSchema, tagsSchema } from '../../job/tags.js';
import type { StoreTransaction } from '../../store/job-store.js';

/** How a job is called, identified and queued. */
export interface SubmitOptions {
  /** What the image is called. @default the name of the file */
  filename?: string;
  /** Higher runs earlier. @default 0 */
  priority?: number;
  /** Not to be run before so many seconds have passed. @default 0 */
  delaySeconds?: number;
  /** Submitting again with the same key gives the same job. */
  idempotencyKey?: string;
  /** An id of the caller's choice (a UUID v4 as 32 lower-case hex digits) instead of a random one. */
  jobId?: string;
  /** Whose job it is, for queues that share fairly. */
  rateKey?: string;
  /** Words by which the job is found: `list({ tag })`. Up to 16, each of 1 to 64 characters without commas and line breaks. */
  tags?: readonly string[];
  /** Whatever shall be kept with the job, given back in its status: a JSON object of at most 8 KiB. */
  metadata?: Readonly<Record<string, unknown>>;
  /**
   * Files that its worker makes of the job when it is solved, among its other files under names that begin with `export`: `export.reg`,
   * `export-annotated.png`. Up to 16 formats of `EXPORT_FORMATS`, each once; pictures with how they are drawn.
   */
  exports?: readonly ExportRequestInput[];
  /** Gives up while the image is being stored; then there is no job. */
  signal?: AbortSignal;
}

/** Where a job is made together with what else the caller does. */
export interface InTransaction {
  /**
   * A client of `pg` that has begun a transaction, for a `PostgresJobStore` on the same database: the job is there when the caller has
   * committed (then tell `enqueue` of it), and never was when it is rolled back.
   */
  transaction?: StoreTransaction;
}

const DAY_SECONDS = 86_400;
const text = (what: string) => z.string({ error: what }).min(1, { error: what }).max(500, { error: what });
const WHOLE = 'a whole number from -1000000 to 1000000';
const DELAY = 'seconds from 0 to 366 days';

/** What a job is told besides how to solve its image; each is stored with the job, so it is looked at before. */
const submitOptionsSchema = z.looseObject({
  filename: z.string({ error: 'a file name' }).optional(),
  priority: z.int({ error: WHOLE }).min(-1e6, { error: WHOLE }).max(1e6, { error: WHOLE }).optional(),
  delaySeconds: z
    .number({ error: DELAY })
    .min(0, { error: DELAY })
    .max(366 * DAY_SECONDS, { error: DELAY })
    .optional(),
  idempotencyKey: text('a text of 1 to 500 characters').optional(),
  rateKey: text('a text of 1 to 500 characters').optional(),
  tags: tagsSchema.optional(),
  metadata: metadataSchema.optional(),
  exports: exportRequestsSchema.optional(),
});

/** Options that were looked at. */
export interface CheckedSubmitOptions extends Omit<SubmitOptions, 'exports'> {
  exports?: ExportRequest[];
}

/** The options as they are stored. @throws AstroJobsError `invalid_params` */
export function parseSubmitOptions(options: SubmitOptions): CheckedSubmitOptions {
  const { exports: _unchecked, ...rest } = options;
  return { ...rest, ...parseInput(submitOptionsSchema, options, 'option') };
}
