import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type AstroJobs, AstroJobsError, type JobStatus } from '../index.js';
import { HttpError } from './errors.js';
import type { Action, Authorize, Grant, HandlerOptions, Peer } from './options.js';

const COOKIE = 'astro_jobs';

/** Equal, in a time that tells nothing about where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** What the page's cookie holds: made from the token, and no way back to it. */
const cookieOf = (token: string) => createHmac('sha256', token).update('astro-jobs page').digest('base64url');

function bearer(request: Request): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

function cookie(request: Request): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

/** Everybody, known by the address; or whoever knows the token. */
function tokenAuthorize(token: string | undefined): Authorize {
  return (request, { peer }) => {
    const caller = peer.remoteAddress ?? 'anonymous';
    if (token === undefined) return { caller };
    const shown = bearer(request);
    if (shown !== undefined) return sameSecret(shown, token) ? { caller } : undefined;
    const kept = cookie(request);
    return kept !== undefined && sameSecret(kept, cookieOf(token)) ? { caller } : undefined;
  };
}

export interface Access {
  /** @throws HttpError 401 `unauthorized`, or the answer of `authorize` itself */
  admit(request: Request, action: Action, peer: Peer, jobId?: string): Promise<Grant>;
  /** Answers the page's form: a cookie for the right token. */
  openSession(request: Request, token: string): Response;
  closeSession(request: Request): Response;
}

/** An answer that `authorize` gave, on its way out. */
export class Answered {
  constructor(readonly response: Response) {}
}

export function createAccess(options: HandlerOptions): Access {
  const authorize = options.authorize ?? tokenAuthorize(options.token);
  const path = `${options.basePath ?? ''}/`;
  const setCookie = (request: Request, value: string, age: number) => {
    const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : '';
    return `${COOKIE}=${value}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
  };
  return {
    async admit(request, action, peer, jobId) {
      const answer = await authorize(request, { action, peer, jobId });
      if (answer instanceof Response) throw new Answered(answer);
      if (answer) return answer;
      throw new HttpError(
        'unauthorized',
        'Send `Authorization: Bearer TOKEN` with the token of this server',
        {
          'www-authenticate': 'Bearer realm="astro-jobs"',
        },
      );
    },
    openSession(request, token) {
      if (options.token === undefined || options.authorize) {
        throw new HttpError('not_found', 'This server asks for no token');
      }
      if (!sameSecret(token, options.token)) throw new HttpError('unauthorized', 'This is not the token');
      const cookie = setCookie(request, cookieOf(options.token), 30 * 86_400);
      return new Response(null, { status: 204, headers: { 'set-cookie': cookie } });
    },
    closeSession(request) {
      return new Response(null, { status: 204, headers: { 'set-cookie': setCookie(request, '', 0) } });
    },
  };
}

function isVisible(status: JobStatus, grant: Grant): boolean {
  return grant.sees !== 'own' || status.rate_key === grant.caller;
}

/** The status of a job that this caller may know of. @throws AstroJobsError `not_found` */
export async function visibleStatus(jobs: AstroJobs, id: string, grant: Grant): Promise<JobStatus> {
  const status = await jobs.status(id);
  if (isVisible(status, grant)) return status;
  throw new AstroJobsError('not_found', 'Job not found', { jobId: id });
}
