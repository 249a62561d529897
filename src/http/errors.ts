import { AstroJobsError, ERROR_TABLE, type ErrorCode, errorFacts } from '../index.js';
import { withoutPaths } from './without-paths.js';

/** Refusals that are HTTP's own, and their status. */
export const HTTP_ERROR_TABLE = {
  busy: { http: 503, what: 'too many uploads at this moment' },
  cross_site: { http: 403, what: 'the request was made by the page of another site' },
  fields_after_image: { http: 400, what: 'a form field came after the image' },
  forbidden: { http: 403, what: 'the key has not the scope for that' },
  idempotency_key_reused: {
    http: 422,
    what: 'the key was sent before with another image or other parameters',
  },
  incomplete_body: { http: 400, what: 'the request body ended too early' },
  invalid_multipart: { http: 400, what: 'the body is not valid multipart/form-data' },
  key_expired: { http: 401, what: 'the time of the key is over' },
  key_revoked: { http: 401, what: 'the key has been revoked' },
  method_not_allowed: { http: 405, what: 'the address has no such method' },
  misdirected: { http: 421, what: 'the server does not answer under that name' },
  no_image: { http: 400, what: 'the request has no image' },
  range_not_satisfiable: { http: 416, what: 'the file has no such range of bytes' },
  rate_limited: { http: 429, what: 'too many requests of one client' },
  slow_body: { http: 408, what: 'the request body came too slowly' },
  too_large: { http: 413, what: 'the body is larger than what is read there' },
  too_many_connections: { http: 429, what: 'too many connections (503: of all clients together)' },
  too_many_streams: { http: 429, what: 'too many event streams of one client' },
  unauthorized: { http: 401, what: 'no key or token, or none of this server' },
  unsupported_media_type: { http: 415, what: 'the body has a content type that is not read' },
  url_failed: { http: 502, what: 'the URL of an image could not be fetched (504: in time)' },
  url_fetch_disabled: { http: 403, what: 'this server fetches no URLs' },
  url_refused: { http: 400, what: 'the URL leads where nothing is fetched from' },
  webhooks_disabled: { http: 403, what: 'this server calls no webhooks' },
} as const satisfies Record<string, { http: number; what: string }>;

export type HttpErrorCode = keyof typeof HTTP_ERROR_TABLE | ErrorCode;

/** A refusal of the HTTP interface; its status is that of its code. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly code: HttpErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly status: number = { ...HTTP_ERROR_TABLE, ...ERROR_TABLE }[code].http,
  ) {
    super(message);
  }
}

/** What is too much at this moment, and soon is not. */
export const busy = () =>
  new HttpError('busy', 'Too many uploads at this moment; try again soon', { 'retry-after': '5' });

export const tooManyAtOnce = () =>
  new HttpError('rate_limited', 'Too many requests at once; wait for some of their answers', {
    'retry-after': '1',
  });

export interface Failure {
  status: number;
  code: string;
  message: string;
  headers: Readonly<Record<string, string>>;
}

/** Any thrown value as an answer. An unexpected one is explained in the log only, and so are paths of this machine. */
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
  const status = errorFacts(thrown.code).http;
  const headers: Record<string, string> = status === 503 ? { 'retry-after': '10' } : {};
  return { status, code: thrown.code, message: withoutPaths(thrown.message), headers };
}
