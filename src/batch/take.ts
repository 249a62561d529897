import { createWriteStream } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExportedFile } from '../export/exported-file.js';
import type { ExportKind } from '../export/formats.js';
import { AstroJobsError } from '../job/errors.js';
import type { SolveParamsInput } from '../job/param-table.js';
import type { JobResult } from '../job/result.js';
import type { JobStatus } from '../job/status.js';
import type { SubmitOptions } from '../jobs/submit/options.js';
import { makePath } from '../process/folders.js';
import { isSame, lookAt, type Picture } from './picture.js';
import { type ResultColumns, resultColumns } from './row.js';

/** The verbs that a batch asks of an `AstroJobs`. */
export interface BatchJobs {
  submit(image: string, params: SolveParamsInput, options: SubmitOptions): Promise<JobStatus>;
  wait(id: string, options: { signal: AbortSignal }): Promise<JobResult>;
  retry(id: string): Promise<JobStatus>;
  remove(id: string): Promise<void>;
  export(id: string, kind: ExportKind, options: { signal: AbortSignal }): Promise<ExportedFile>;
}

export interface TakeOptions {
  params: SolveParamsInput;
  /** The same for every run of the batch, and for no other. */
  scope: string;
  exports: readonly ExportKind[];
  output: string;
  signal: AbortSignal;
}

/** Of the picture; any other failure is one of the machine, and ends the batch. */
const OF_THE_PICTURE: readonly string[] = ['unsupported_image', 'corrupt_image', 'image_too_large'];
/** A job that ends like this says nothing of its picture: it is run again when there is space, a solver, or a way to the disk. */
const OF_THE_MACHINE: readonly string[] = [
  'storage_full',
  'storage_failed',
  'solver_unavailable',
  'missing_package',
];

/**
 * Runs a picture as a job. The bytes are its idempotency key, so that a run that was killed finds its job again, whatever became of it.
 * @returns undefined where the picture was changed meanwhile, or is gone
 */
export async function takePicture(
  jobs: BatchJobs,
  picture: Picture,
  sha256: string,
  options: TakeOptions,
): Promise<ResultColumns | undefined> {
  const { params, scope, signal } = options;
  let status: JobStatus;
  try {
    const idempotencyKey = `${scope}:${sha256}`;
    status = await jobs.submit(picture.path, params, { signal, idempotencyKey });
  } catch (error) {
    return refusal(error);
  }
  const { job_id } = status;
  const now = await lookAt(picture.file, picture.path);
  if (!now || !isSame(now, picture)) {
    await jobs.remove(job_id);
    return undefined;
  }
  // A run before this one has left it like this, without a row.
  if (status.state === 'error') await jobs.retry(job_id);
  const result = await jobs.wait(job_id, { signal });
  if (!result.ok && OF_THE_MACHINE.includes(result.error_code)) {
    throw new AstroJobsError(result.error_code, result.error, { jobId: job_id });
  }
  const columns = { ...resultColumns(result), job_id };
  if (!result.ok || options.exports.length === 0) return columns;
  return { ...columns, exports: (await exported(jobs, picture, job_id, options)).join('; ') };
}

function refusal(error: unknown): ResultColumns | undefined {
  if (!(error instanceof AstroJobsError)) throw error;
  if (error.code === 'image_not_found') return undefined;
  if (!OF_THE_PICTURE.includes(error.code)) throw error;
  return { ok: false, error_code: error.code, error: error.message };
}

/** What says that a picture has not what an export is made of, or that the format cannot hold it. */
const NONE: ReadonlySet<string> = new Set(['not_found', 'unsupported_export']);

/** Names of the files that were written, relative to the folder of the table. What a picture has not is left out. */
async function exported(
  jobs: BatchJobs,
  { file }: Picture,
  id: string,
  { exports, output, signal }: TakeOptions,
): Promise<string[]> {
  const written: string[] = [];
  for (const kind of exports) {
    const made = await jobs.export(id, kind, { signal }).catch((error: unknown) => {
      const isNone = error instanceof AstroJobsError && NONE.has(error.code);
      if (isNone) return undefined;
      throw error;
    });
    if (!made) continue;
    const ending = extname(made.name);
    const name = posix.join('exports', kind, file.endsWith(ending) ? file : file + ending);
    await makePath(join(output, dirname(name)));
    await pipeline(Readable.from(made.read()), createWriteStream(join(output, name)), { signal });
    written.push(name);
  }
  return written;
}
