import { anySignal } from '../async/any-signal.js';
import { type AstroJobs, AstroJobsError, type JobStatus } from '../index.js';
import { type Caller, createCallers } from './callers.js';
import { HttpError } from './errors.js';
import { KnownKeys } from './known-keys.js';
import type { Action, HandlerOptions, Peer } from './options.js';
import { assertScope, changesAll, forbidden, seesAll } from './scopes.js';
import { createSessions, type Sessions } from './sessions.js';

const COOKIE = 'astro_jobs';
const COOKIE_SECONDS = 30 * 86_400;

function bearer(request: Request): string | undefined {
  return /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

function cookie(request: Request): string | undefined {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}

export interface Access {
  /** @throws HttpError 401, 403 `forbidden`; the answer of `authorize` itself */
  admit(request: Request, action: Action, peer: Peer, jobId?: string): Promise<Caller>;
  /** Whether callers must show a key or the token. */
  isGuarded(): Promise<boolean>;
  /** Aborts when a caller that was admitted would be so no longer, at the latest when `signal` does. */
  ending(caller: Caller, signal: AbortSignal): AbortSignal;
  sessions: Sessions;
  /** Answers the page's form: a cookie for a key or the token. @throws HttpError 401; 404 where none is asked for */
  openSession(request: Request, credential: string): Promise<Response>;
  closeSession(request: Request): Response;
}

/** An answer that `authorize` gave, on its way out. */
export class Answered {
  constructor(readonly response: Response) {}
}

/** The one place where it is decided who asks and what a caller may do. */
export function createAccess(jobs: AstroJobs, options: HandlerOptions): Access {
  const { authorize, keys = jobs.store.keys } = options;
  const known = keys && new KnownKeys(keys);
  const callers = createCallers(options.token, known);
  const sessions = createSessions(keys);
  const path = `${options.basePath ?? ''}/`;
  const setCookie = (request: Request, value: string, age: number) => {
    const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : '';
    return `${COOKIE}=${value}; Path=${path}; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`;
  };

  async function identify(request: Request, action: Action, peer: Peer, jobId?: string): Promise<Caller> {
    if (!authorize) {
      const kept = cookie(request);
      const credential = bearer(request) ?? (kept === undefined ? undefined : await sessions.open(kept));
      return callers.identify(credential, peer.remoteAddress ?? 'anonymous');
    }
    const answer = await authorize(request, { action, peer, jobId });
    if (answer instanceof Response) throw new Answered(answer);
    if (answer) return { caller: answer.caller, scopes: answer.scopes ?? ['admin'] };
    throw new HttpError('unauthorized', 'This server does not know you', {
      'www-authenticate': 'Bearer realm="astro-jobs"',
    });
  }

  return {
    sessions,
    isGuarded: async () => authorize === undefined && (await callers.isGuarded()),
    async admit(request, action, peer, jobId) {
      const caller = await identify(request, action, peer, jobId);
      assertScope(caller.scopes, action);
      return caller;
    },
    ending: ({ key }, signal) => (key && known ? anySignal(signal, known.ending(key, signal)) : signal),
    async openSession(request, credential) {
      if (authorize || !(await callers.isGuarded()))
        throw new HttpError('not_found', 'This server asks for no key');
      await callers.identify(credential, 'anonymous');
      const value = setCookie(request, await sessions.seal(credential, COOKIE_SECONDS), COOKIE_SECONDS);
      return new Response(null, { status: 204, headers: { 'set-cookie': value } });
    },
    closeSession(request) {
      return new Response(null, { status: 204, headers: { 'set-cookie': setCookie(request, '', 0) } });
    },
  };
}

/** The filter of lists for what a caller may know of. */
export const ownerFilter = ({ caller, scopes }: Caller): string | undefined =>
  seesAll(scopes) ? undefined : caller;

/** The status of a job that a caller may know of. @throws AstroJobsError `not_found` */
export async function visibleStatus(jobs: AstroJobs, id: string, caller: Caller): Promise<JobStatus> {
  const status = await jobs.status(id);
  const owner = ownerFilter(caller);
  if (owner === undefined || status.rate_key === owner) return status;
  throw new AstroJobsError('not_found', 'Job not found', { jobId: id });
}

/** Whether a caller that may change jobs may change this one. */
export const mayChange = (status: JobStatus, { caller, scopes }: Caller): boolean =>
  changesAll(scopes) || status.rate_key === caller;

/** The same of a job that the caller may change. @throws AstroJobsError `not_found`; HttpError 403 for what it may only see */
export async function changeableStatus(jobs: AstroJobs, id: string, caller: Caller): Promise<JobStatus> {
  const status = await visibleStatus(jobs, id, caller);
  if (mayChange(status, caller)) return status;
  throw forbidden('This job belongs to another key; the scope `admin` may change it', ['admin']);
}
