import { AstroJobsError, type ErrorCode } from '../index.js';

/** A refusal that is HTTP's own, not the library's. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_params: 400,
  invalid_id: 404,
  not_found: 404,
  not_ready: 409,
  already_settled: 409,
  image_not_found: 400,
  unsupported_image: 415,
  corrupt_image: 422,
  image_too_large: 413,
  too_many_jobs: 503,
  storage_full: 507,
  solver_unavailable: 503,
  closed: 503,
};

export interface Failure {
  status: number;
  code: string;
  message: string;
  headers: Readonly<Record<string, string>>;
}

/** Any thrown value as an answer. What is nobody's doing but ours is told in the log only. */
export function describeFailure(thrown: unknown): Failure {
  if (thrown instanceof HttpError) return thrown;
  if (!(thrown instanceof AstroJobsError)) {
    return {
      status: 500,
      code: 'internal',
      message: 'Something went wrong in the server; its log says what',
      headers: {},
    };
  }
  if (thrown.code === 'invalid_id')
    return { status: 404, code: 'not_found', message: 'Job not found', headers: {} };
  const status = STATUS[thrown.code] ?? 500;
  const headers: Record<string, string> = status === 503 ? { 'retry-after': '10' } : {};
  return { status, code: thrown.code, message: thrown.message, headers };
}
