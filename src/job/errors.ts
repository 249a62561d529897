import type { ErrorCode } from './error-codes.js';

/** What is known of a failure beside its code and message. */
export interface AstroJobsErrorOptions {
  /** What was thrown at first. */
  cause?: unknown;
  /** The job that the error is about. */
  jobId?: string;
}

/** The only class of error that this library throws on purpose. */
export class AstroJobsError extends Error {
  /** The name of the class. */
  override readonly name = 'AstroJobsError';
  /** Why, for a program: a key of `ERROR_TABLE`. */
  readonly code: ErrorCode;
  /** The job that it is about, where there is one. */
  readonly jobId?: string;

  constructor(code: ErrorCode, message: string, options: AstroJobsErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.jobId !== undefined) this.jobId = options.jobId;
  }
}

const STORAGE_CODES: Readonly<Record<string, [ErrorCode, string]>> = {
  ENOSPC: ['storage_full', 'no space is left on the disk; free some, or point JOBS_DIR elsewhere'],
  EDQUOT: ['storage_full', 'the disk quota is used up; free some space, or point JOBS_DIR elsewhere'],
  EFBIG: ['storage_full', 'the file is larger than the file system or the process may write'],
  EROFS: ['storage_failed', 'the file system is read-only'],
  EACCES: ['storage_failed', 'permission denied; check the owner and mode of the folder'],
  EPERM: ['storage_failed', 'operation not permitted; check the owner and mode of the folder'],
  EMFILE: ['storage_failed', 'too many open files in this process; raise `ulimit -n`'],
  ENFILE: ['storage_failed', 'too many open files on this machine'],
  ENOENT: ['storage_failed', 'a folder vanished'],
  ENOTDIR: ['storage_failed', 'a file stands where a folder should be'],
  EIO: ['storage_failed', 'the disk reports an input/output error'],
  ESTALE: ['storage_failed', 'the network file system lost the file'],
};

/** An error of the operating system, or any other thrown value, as an `AstroJobsError`; ours pass unchanged. */
export function toAstroJobsError(thrown: unknown, doing: string): AstroJobsError {
  if (thrown instanceof AstroJobsError) return thrown;
  const errno = (thrown as NodeJS.ErrnoException | undefined)?.code;
  const known = typeof errno === 'string' ? STORAGE_CODES[errno] : undefined;
  if (known) return new AstroJobsError(known[0], `${doing}: ${known[1]} (${errno})`, { cause: thrown });
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new AstroJobsError('internal', `${doing}: ${detail}`, { cause: thrown });
}
