import { errorFacts } from '../job/error-codes.js';
import { AstroJobsError, toAstroJobsError } from '../job/errors.js';

/** How the program ends, failures with a code of their own aside: see `ERROR_TABLE`. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** What stdout and the exit status say about an error; the documented table. */
export interface Failure {
  document: { ok: false; error: string; error_code: string; job_id?: string };
  exitCode: number;
}

/** @param jobId the job that the command was about, as the user wrote it */
export function failureOf(thrown: unknown, jobId?: string): Failure {
  const { code, message } = toAstroJobsError(thrown, 'astro-jobs');
  const about = jobId === undefined ? {} : { job_id: jobId };
  return {
    // To the user an id that cannot be one is simply one that is not there.
    document:
      code === 'invalid_id'
        ? { ok: false, error: 'Job not found', error_code: 'not_found', ...about }
        : { ok: false, error: message, error_code: code, ...about },
    exitCode: errorFacts(code).exit,
  };
}

/** Whether the user called the program wrongly: the answer is the usage, not a document. */
export function isUsageError(thrown: unknown): thrown is AstroJobsError {
  return thrown instanceof AstroJobsError && thrown.code === 'invalid_params';
}

/**
 * Why one image or job of several was refused; the others have their turn all the same.
 * @throws what ends the whole command: a signal, and wrong usage
 */
export function refusalOf(thrown: unknown, signal: AbortSignal, jobId?: string): Failure {
  if (signal.aborted || isUsageError(thrown)) throw thrown;
  return failureOf(thrown, jobId);
}
