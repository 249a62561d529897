import type { AstroJobsError } from './errors.js';
import type { FailedResult } from './result.js';

/** What was learned before a failure; the document keeps it. */
export type Learned = Pick<FailedResult, 'filename' | 'capture' | 'sources' | 'solve'>;

/** The result document of a job that failed. */
export function failedResult({ message, code }: AstroJobsError, learned: Learned = {}): FailedResult {
  const { filename, capture, sources, solve } = learned;
  return {
    ok: false,
    error: message,
    error_code: code,
    ...(filename !== undefined && { filename }),
    ...(capture && { capture }),
    ...(sources && { sources }),
    ...(solve && { solve }),
  };
}
