import { ERROR_TABLE } from '../../index.js';
import { bodyText, requestBytes } from '../body.js';
import { HTTP_ERROR_TABLE, HttpError } from '../errors.js';
import { json } from '../responses.js';
import { type Call, paramOfPath } from '../services.js';
import { parseObject } from './params.js';

/** What a client may want to know before it starts. */
export async function about(call: Call): Promise<Response> {
  return json({
    ok: true,
    name: 'astro-jobs',
    openapi: `${call.options.basePath ?? ''}/api/v1/openapi.json`,
    max_upload_bytes: call.limits.maxUploadBytes,
    url_fetch: call.fetchImage !== undefined,
    nova: Boolean(call.options.nova),
    needs_token: await call.access.isGuarded(),
  });
}

/** Who the caller is, what it may do, and the secret by which it knows webhooks that are its own. */
export function caller(call: Call): Response {
  const { scopes, key } = call.grant;
  const webhook_secret = key && call.webhooks.secretOf(key.id);
  return json({
    ok: true,
    scopes,
    ...(key && { key }),
    ...(webhook_secret !== undefined && { webhook_secret }),
  });
}

/** What a code of a refusal or of a failed job means, and what to do: where `type` of a problem leads. */
export function problem(call: Call): Response {
  const code = paramOfPath(call, 'code');
  const known: Record<string, { http: number; what: string; advice?: readonly string[] }> = {
    ...HTTP_ERROR_TABLE,
    ...ERROR_TABLE,
  };
  const facts = Object.hasOwn(known, code) ? known[code] : undefined;
  if (!facts) throw new HttpError('not_found', 'There is no such code');
  return json({ ok: true, code, status: facts.http, what: facts.what, advice: facts.advice ?? [] });
}

/** The page's way in: `{"token": …}`, a key or the token, for a cookie that scripts cannot read and other sites cannot send. */
export async function open(call: Call): Promise<Response> {
  const { token } = parseObject(await bodyText(requestBytes(call.request, call.limits), 4096));
  if (typeof token !== 'string') throw new HttpError('invalid_params', 'Expected `token` to be a string');
  call.attempts.take(call.client);
  return call.access.openSession(call.request, token);
}

export function close(call: Call): Response {
  return call.access.closeSession(call.request);
}
