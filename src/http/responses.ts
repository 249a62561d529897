import { STATUS_CODES } from 'node:http';
import type { JobResult, JobStatus } from '../index.js';
import { mayChange } from './access.js';
import type { Caller } from './callers.js';
import { tagOf, unlessKnown } from './conditional.js';
import { describeFailure } from './errors.js';
import { withoutPaths } from './without-paths.js';

/** On every answer: nothing is sniffed, framed, or told to others. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
};

/** For whatever a stranger has stored: should a browser show it, it can run nothing and reach nothing. */
export const UNTRUSTED_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return jsonText(JSON.stringify(body), status, headers);
}

/** The same of what is JSON already. */
export function jsonText(
  json: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const text = `${json}\n`;
  const length = String(Buffer.byteLength(text));
  return new Response(text, {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': length,
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

/** The same as a document that a caller may keep, and ask whether it has changed. */
export function jsonDocument(request: Request, body: unknown): Promise<Response> {
  const response = json(body);
  const headers = { etag: tagOf(JSON.stringify(body)), 'cache-control': 'private, no-cache' };
  return unlessKnown(request, headers, () => response);
}

/**
 * A refusal as RFC 9457 has it, with the members that every failure of this library has. `type` is an address below `basePath`
 * at which the code is explained.
 */
export function failure(
  thrown: unknown,
  { jobId, basePath = '' }: { jobId?: string; basePath?: string } = {},
): Response {
  const { status, code, message, headers } = describeFailure(thrown);
  const problem = {
    type: `${basePath}/api/v1/problems/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    ok: false,
    error: message,
    error_code: code,
    ...(jobId === undefined ? {} : { job_id: jobId }),
  };
  return json(problem, status, { 'content-type': 'application/problem+json', ...headers });
}

/**
 * A status without what only this service needs: lease token, host, its paths, and whose job it is. A caller that may look at it and not
 * change it is told so.
 */
export function publicStatus(status: JobStatus, caller?: Caller): Record<string, unknown> {
  const { lease, worker, rate_key, request_hash, ...shown } = status;
  const { message, error } = shown;
  if (message) shown.message = withoutPaths(message);
  if (error) shown.error = { ...error, message: withoutPaths(error.message) };
  return caller && !mayChange(status, caller) ? { ...shown, may_change: false } : shown;
}

/** A result in the same way. */
export function publicResult(result: JobResult): JobResult {
  return result.ok ? result : { ...result, error: withoutPaths(result.error) };
}

const changeableTexts = new WeakMap<JobStatus, string>();
const readableTexts = new WeakMap<JobStatus, string>();

/** The same as JSON. Of a status that is frozen, which a store may give to many, it is made once. */
export function publicText(status: JobStatus, caller: Caller): string {
  const texts = mayChange(status, caller) ? changeableTexts : readableTexts;
  const known = texts.get(status);
  if (known !== undefined) return known;
  const text = JSON.stringify(publicStatus(status, caller));
  if (Object.isFrozen(status)) texts.set(status, text);
  return text;
}

/** `name` for a Content-Disposition (RFC 6266): ASCII for old programs, UTF-8 for all others. */
export function attachment(name: string, disposition: 'attachment' | 'inline' = 'attachment'): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const wellFormed = Buffer.from(name, 'utf8').toString('utf8');
  const utf8 = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${utf8}`;
}
