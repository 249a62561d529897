import type { JobStatus } from '../../index.js';
import { visibleStatus } from '../access.js';
import type { Caller } from '../callers.js';
import { describeFailure, HttpError } from '../errors.js';
import type { Action } from '../options.js';
import type { Call } from '../services.js';
import * as answers from './answers.js';
import { type NovaArguments, type NovaRequest, readNovaRequest } from './arguments.js';
import { NOVA_FILES } from './files.js';
import { jobIdOfNova, parseNovaId } from './ids.js';
import { upload, urlUpload } from './upload.js';

/** Nova sends its JSON as text; some clients look for that. */
function text(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** An error as nova tells it: HTTP 200, for `client.py` and N.I.N.A. break on anything else; 404 for unknown numbers, and files that cannot be, only. */
export function novaFailure(thrown: unknown): Response {
  const { code, message } = describeFailure(thrown);
  return text(
    { status: 'error', errormessage: message },
    code === 'not_found' || code === 'unsupported_export' ? 404 : 200,
  );
}

/** The answer to a request of a nova client; undefined when it is none. */
export async function novaAnswer(call: Call): Promise<Response | undefined> {
  const [first, second, third, fourth, ...more] = call.path
    .replace(/(?<!\/)\/+$/, '')
    .split('/')
    .slice(1);
  if (more.length > 0 || first === undefined) return undefined;
  const file = Object.hasOwn(NOVA_FILES, first) ? NOVA_FILES[first] : undefined;
  if (file && second !== undefined && third === undefined) return fileAnswer(call, file, second);
  if (first !== 'api' || second === undefined) return undefined;
  const request = await readNovaRequest(call);
  try {
    const body = await apiAnswer(call, request, second, third, fourth);
    return body && text(body);
  } finally {
    await request.end();
  }
}

async function fileAnswer(call: Call, file: (typeof NOVA_FILES)[string], id: string): Promise<Response> {
  await admitReader(call, {});
  return file(call, await visibleStatus(call.jobs, jobIdOfNova(parseNovaId(id)), call.grant));
}

async function apiAnswer(call: Call, request: NovaRequest, service: string, id?: string, detail?: string) {
  const { args } = request;
  if (id !== undefined) {
    await admitReader(call, args);
    const nova = parseNovaId(id);
    const status = await visibleStatus(call.jobs, jobIdOfNova(nova), call.grant);
    if (service === 'submissions' && detail === undefined) return answers.submissionAnswer(nova, status);
    return service === 'jobs' ? jobAnswer(call, nova, status, detail) : undefined;
  }
  // An address alone, such as that of an <img> on any page, must not submit.
  if (service.endsWith('upload') && call.request.method !== 'POST')
    throw new HttpError('method_not_allowed', `Send ${service} by POST`);
  switch (service) {
    case 'login':
      return login(call, args);
    case 'upload':
      call.grant = await admit(call, args, 'submit');
      return { status: 'success', ...(await upload(call, request)) };
    case 'url_upload':
      call.grant = await admit(call, args, 'submit');
      return { status: 'success', ...(await urlUpload(call, request)) };
    case 'myjobs':
      call.grant = await admit(call, args, 'list');
      return answers.myJobsAnswer(call);
    case 'jobs_by_tag':
      call.grant = await admit(call, args, 'list');
      return answers.jobsByTagAnswer(call);
    case 'submission_images':
      await admitReader(call, args);
      return answers.submissionImagesAnswer(call, args.subid);
    default:
      return undefined;
  }
}

function jobAnswer(call: Call, nova: number, status: JobStatus, detail: string | undefined) {
  switch (detail) {
    case undefined:
      return answers.statusAnswer(status);
    case 'calibration':
      return answers.calibrationAnswer(call, nova, status);
    case 'annotations':
      return answers.annotationsAnswer(call, nova, status);
    case 'tags':
    case 'machine_tags':
      return answers.tagsAnswer(call, status);
    case 'objects_in_field':
      return answers.objectsAnswer(call, status);
    case 'info':
      return answers.infoAnswer(call, status);
    default:
      return undefined;
  }
}

/** A session lasts as long as a night. */
const SESSION_SECONDS = 86_400;

/**
 * The session is the API key, sealed: nothing has to be remembered, any process of a server can open it, and the same `access` is asked
 * each time that everything else is asked of; so it ends with its key, and after a day.
 */
async function login(call: Call, args: NovaArguments) {
  const { apikey } = args;
  if (typeof apikey !== 'string') return { status: 'error', errormessage: 'need "apikey"' };
  call.attempts.take(call.client);
  const { key } = await call.access.admit(withCredential(call, apikey), 'identify', call.peer);
  const session = await call.access.sessions.seal(apikey, SESSION_SECONDS);
  return { status: 'success', message: `authenticated user: ${key?.name ?? 'anonymous'}`, session };
}

/** Whoever has opened the session of a request; without one, whoever its headers name. */
async function admit(call: Call, args: NovaArguments, action: Action): Promise<Caller> {
  const { session } = args;
  if (typeof session !== 'string') return call.access.admit(call.request, action, call.peer);
  const credential = await call.access.sessions.open(session);
  if (credential === undefined && (await call.access.isGuarded()))
    throw new HttpError('unauthorized', 'This session has ended, or is none of this server: log in again');
  return call.access.admit(withCredential(call, credential ?? ''), action, call.peer);
}

/** The request as if it had shown a credential itself. */
function withCredential(call: Call, credential: string): Request {
  const headers = new Headers(call.request.headers);
  headers.delete('authorization');
  if (/^[\x21-\x7e]+$/.test(credential)) headers.set('authorization', `Bearer ${credential}`);
  return new Request(call.request.url, { headers });
}

/** Whoever knows the number of a job may read it, unless the owner of the server wants readers to have a session. */
async function admitReader(call: Call, args: NovaArguments): Promise<void> {
  const { nova } = call.options;
  const isPublic = typeof nova !== 'object' || nova.publicReads !== false;
  call.grant = isPublic
    ? { caller: call.grant.caller, scopes: ['read:all'] }
    : await admit(call, args, 'read');
}
