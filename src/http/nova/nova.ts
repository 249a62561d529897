import type { JobStatus } from '../../index.js';
import { describeFailure, HttpError } from '../errors.js';
import type { Action, Grant } from '../options.js';
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

/** An error as nova tells it: HTTP 200, for `client.py` and N.I.N.A. break on anything else; 404 for unknown numbers only. */
export function novaFailure(thrown: unknown): Response {
  const { code, message } = describeFailure(thrown);
  return text({ status: 'error', errormessage: message }, code === 'not_found' ? 404 : 200);
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
  return file(call, await call.jobs.status(jobIdOfNova(parseNovaId(id))));
}

async function apiAnswer(call: Call, request: NovaRequest, service: string, id?: string, detail?: string) {
  const { args } = request;
  if (id !== undefined) {
    await admitReader(call, args);
    const nova = parseNovaId(id);
    const status = await call.jobs.status(jobIdOfNova(nova));
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

/**
 * The session is the API key in other letters: nothing has to be remembered, and any process of a server can check it, by
 * the same `authorize` that everything else is asked of.
 */
async function login(call: Call, args: NovaArguments) {
  if (typeof args.apikey !== 'string') return { status: 'error', errormessage: 'need "apikey"' };
  const session = Buffer.from(args.apikey).toString('base64url') || 'anonymous';
  call.attempts.take(call.client);
  await admit(call, { session }, 'submit');
  return { status: 'success', message: 'authenticated user: anonymous', session };
}

async function admit(call: Call, args: NovaArguments, action: Action): Promise<Grant> {
  const headers = new Headers(call.request.headers);
  if (typeof args.session === 'string') {
    const key = Buffer.from(args.session, 'base64url').toString('latin1');
    if (/^[\x21-\x7e]+$/.test(key)) headers.set('authorization', `Bearer ${key}`);
  }
  return call.access.admit(new Request(call.request.url, { headers }), action, call.peer);
}

/** Readers are asked for a session only where the owner of the server wants it so. */
async function admitReader(call: Call, args: NovaArguments): Promise<void> {
  const { nova } = call.options;
  if (typeof nova === 'object' && nova.publicReads === false) call.grant = await admit(call, args, 'read');
}
