import { anySignal } from '../../async/any-signal.js';
import { isSettled, type JobStatus } from '../../index.js';
import { visibleStatus } from '../access.js';
import type { Caller } from '../callers.js';
import { HttpError } from '../errors.js';
import { publicStatus, UNTRUSTED_CSP } from '../responses.js';
import { type Call, paramOfPath } from '../services.js';
import { eventStream, merge, type ServerEvent } from '../sse.js';
import { toWebStream } from '../streams.js';

const MAX_WATCHED = 100;

async function* statuses(source: AsyncIterable<JobStatus>, caller: Caller): AsyncGenerator<ServerEvent> {
  for await (const status of source) {
    const data = publicStatus(status, caller);
    yield { event: 'status', data };
    if (isSettled(status)) yield { event: 'settled', data };
  }
}

/** Every change of one job, the present state at once; ends when the job has. */
export async function watchJob(call: Call): Promise<Response> {
  const { job_id } = await visibleStatus(call.jobs, paramOfPath(call, 'id'), call.grant);
  return eventStream(call, (signal) => statuses(call.jobs.watch(job_id, { signal }), call.grant));
}

/** The same for several jobs on one connection: browsers allow only six. */
export async function watchJobs(call: Call): Promise<Response> {
  const ids = [...new Set(call.url.searchParams.getAll('job_id'))];
  if (ids.length === 0 || ids.length > MAX_WATCHED) {
    throw new HttpError('invalid_params', `Expected \`job_id\` from 1 to ${MAX_WATCHED} times`);
  }
  for (const id of ids) await visibleStatus(call.jobs, id, call.grant);
  const sources = ids.map(
    (id) => (signal: AbortSignal) => statuses(call.jobs.watch(id, { signal }), call.grant),
  );
  return eventStream(call, (signal) => merge(signal, sources));
}

/** All that the solver printed; with `?follow=1` as it comes, until the job has ended. */
export async function log(call: Call): Promise<Response> {
  const { job_id } = await visibleStatus(call.jobs, paramOfPath(call, 'id'), call.grant);
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': UNTRUSTED_CSP,
  };
  if (!['1', 'true'].includes(call.url.searchParams.get('follow') ?? '')) {
    const text = await call.jobs.log(job_id);
    return new Response(text, { headers: { ...headers, 'content-length': String(Buffer.byteLength(text)) } });
  }
  const leave = call.streams.enter(call.grant.caller);
  const signal = call.access.ending(call.grant, anySignal(call.request.signal, call.closing));
  const encoder = new TextEncoder();
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for await (const text of call.jobs.followLog(job_id, { signal })) yield encoder.encode(text);
    } finally {
      leave();
    }
  }
  return new Response(toWebStream(bytes()), { headers });
}
