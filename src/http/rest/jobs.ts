import { anySignal } from '../../async/any-signal.js';
import { JOB_STATES, type JobState, type JobStatus, type SolveParamsInput } from '../../index.js';
import { changeableStatus, ownerFilter, visibleStatus } from '../access.js';
import { bodyText, requestBytes } from '../body.js';
import { HttpError } from '../errors.js';
import { json, jsonDocument, jsonText, publicResult, publicStatus, publicText } from '../responses.js';
import { type Call, paramOfPath } from '../services.js';
import { parseObject } from './params.js';

const MAX_WAIT_SECONDS = 60;
const MAX_RETRY_BYTES = 65_536;

const known = (call: Call) => visibleStatus(call.jobs, paramOfPath(call, 'id'), call.grant);
const changeable = (call: Call) => changeableStatus(call.jobs, paramOfPath(call, 'id'), call.grant);
const answer = (status: JobStatus, code = 200) => json({ ok: true, ...publicStatus(status) }, code);

export async function readStatus(call: Call): Promise<Response> {
  return json({ ok: true, ...publicStatus(await known(call), call.grant) });
}

/** The result document as it is, of failed jobs too; `?wait=SECONDS` holds the answer back until it is there. */
export async function readResult(call: Call): Promise<Response> {
  const { job_id } = await known(call);
  const seconds = numberOf(call, 'wait', 0, MAX_WAIT_SECONDS);
  if (seconds > 0) {
    const signal = anySignal(call.request.signal, call.closing);
    call.turn.leave();
    // Late or not, the result below is the answer.
    await call.jobs.wait(job_id, { timeout: seconds, signal }).catch(() => undefined);
    await call.turn.take();
  }
  return jsonDocument(call.request, publicResult(await call.jobs.result(job_id)));
}

export async function list(call: Call): Promise<Response> {
  const state = call.url.searchParams.get('state') ?? undefined;
  if (state !== undefined && !(JOB_STATES as readonly string[]).includes(state)) {
    throw new HttpError('invalid_params', `Expected \`state\` to be one of ${JOB_STATES.join(', ')}`);
  }
  const limit = numberOf(call, 'limit', 100, 1000);
  const after = call.url.searchParams.get('after') ?? undefined;
  const tag = call.url.searchParams.get('tag') ?? undefined;
  const rateKey = ownerFilter(call.grant);
  const page = await call.jobs.list({ state: state as JobState | undefined, rateKey, tag, limit, after });
  const jobs = page.jobs.map((job) => publicText(job, call.grant)).join(',');
  const damaged = JSON.stringify(rateKey === undefined ? page.damaged : []);
  const next = page.next === undefined ? '' : `"next":${JSON.stringify(page.next)},`;
  const text = `{"ok":true,"jobs":[${jobs}],${next}"damaged":${damaged}}`;
  return jsonText(text, 200, { link: pageLinks(call, page.next) });
}

/** The first page and the next as `Link` (RFC 8288), with the caller's own filter and limit. */
function pageLinks(call: Call, next: string | undefined): string {
  const link = (relation: string, after?: string) => {
    const query = new URLSearchParams(call.url.searchParams);
    query.delete('after');
    if (after !== undefined) query.set('after', after);
    const search = query.toString();
    return `<${call.url.pathname}${search === '' ? '' : `?${search}`}>; rel="${relation}"`;
  };
  return [link('first'), ...(next === undefined ? [] : [link('next', next)])].join(', ');
}

export async function cancel(call: Call): Promise<Response> {
  const { job_id } = await changeable(call);
  return answer(await call.jobs.cancel(job_id));
}

/** Runs a failed job again; `{"params": …}` says what shall be otherwise. */
export async function retry(call: Call): Promise<Response> {
  const { job_id } = await changeable(call);
  const text = await bodyText(requestBytes(call.request, call.limits), MAX_RETRY_BYTES);
  const { params } = text === '' ? {} : parseObject(text);
  return answer(await call.jobs.retry(job_id, params as SolveParamsInput | undefined), 202);
}

export async function remove(call: Call): Promise<Response> {
  const { job_id } = await changeable(call);
  await call.jobs.remove(job_id);
  return new Response(null, { status: 204 });
}

export async function stats(call: Call): Promise<Response> {
  return json({ ok: true, ...(await call.jobs.stats()) });
}

/** A number of the query, from 0 (or 1, for `limit`) to its most. */
export function numberOf(call: Call, name: string, otherwise: number, most: number): number {
  const text = call.url.searchParams.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= most && text.trim() !== '') return value;
  throw new HttpError(
    'invalid_params',
    `Expected \`${name}\` to be a number from 0 to ${most}, got \`${text.slice(0, 80)}\``,
  );
}
