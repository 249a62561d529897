import type { JobStatus } from '../../index.js';
import { accept, inTurn, type Submission } from '../accept.js';
import { bodyText, requestBytes } from '../body.js';
import { HttpError } from '../errors.js';
import { boundaryOf, multipartParts, type Part } from '../multipart.js';
import { json, publicStatus } from '../responses.js';
import type { Call } from '../services.js';
import { exportsFromText, paramsFromText, parseObject, tagsFromText } from './params.js';

/** Longest field of a form. */
const MAX_FIELD_BYTES = 65_536;
/** Fields that are kept of a form: all parameters there are, several times over. */
const MAX_FIELDS = 200;
/** Fields that say something about the submit, not about the solve. */
const OWN_FIELDS = ['filename', 'webhook', 'tags', 'metadata', 'exports'] as const;

/**
 * `POST /api/v1/jobs`: the image as raw body (parameters in the query), as part `image` of a form (parameters in fields before
 * it), or as `{"url": …, "params": {…}}`. Streams into the store; answered when the job is durable.
 */
export async function submit(call: Call): Promise<Response> {
  const status = await inTurn(call, () => receive(call));
  const location = `${call.options.basePath ?? ''}/api/v1/jobs/${status.job_id}`;
  return json({ ok: true, ...publicStatus(status) }, 202, { location });
}

function receive(call: Call): Promise<JobStatus> {
  const type = call.request.headers.get('content-type');
  const boundary = boundaryOf(type);
  if (boundary !== undefined) return receiveForm(call, boundary);
  if (/^\s*application\/json\b/i.test(type ?? '')) return receiveUrl(call);
  if (/^\s*application\/x-www-form-urlencoded\b/i.test(type ?? '')) {
    throw new HttpError(
      'unsupported_media_type',
      'Send the image as multipart/form-data or as the body itself (curl: --data-binary with -H "Content-Type: application/octet-stream", or -T)',
    );
  }
  return receiveRaw(call);
}

function receiveRaw(call: Call): Promise<JobStatus> {
  const named = call.request.headers.get('x-filename');
  const image = requestBytes(call.request, call.limits);
  return accept(call, {
    image: notEmpty(image),
    ...described(call, new Map(call.url.searchParams), named ? decoded(named) : undefined),
  });
}

async function receiveForm(call: Call, boundary: string): Promise<JobStatus> {
  const parts = multipartParts(requestBytes(call.request, call.limits), boundary);
  const fields = new Map(call.url.searchParams);
  try {
    for (;;) {
      const { done, value: part } = await parts.next();
      if (done)
        throw new HttpError('no_image', 'The form has no image: send it as a file in the field `image`');
      if (part.filename === undefined) {
        await addField(fields, part);
        continue;
      }
      return await accept(call, {
        image: notEmpty(lastPart(part, parts)),
        ...described(call, fields, part.filename),
      });
    }
  } finally {
    await parts.return(undefined);
  }
}

/** Keeps what a field of a form says; of fields of one name the last. */
export async function addField(fields: Map<string, string>, part: Part): Promise<void> {
  fields.set(part.name, await part.text(MAX_FIELD_BYTES));
  if (fields.size > MAX_FIELDS)
    throw new HttpError('too_large', `At most ${MAX_FIELDS} fields are taken in one form`);
}

/** The image of a form, which is whole only when the form is: what comes after it could no longer be heeded. */
async function* lastPart(part: Part, parts: AsyncIterator<Part>): AsyncGenerator<Uint8Array> {
  yield* part.body;
  const { done, value } = await parts.next();
  if (done) return;
  const what = value.filename === undefined ? `the field \`${value.name}\`` : 'a second file';
  throw new HttpError('fields_after_image', `Put the image last, one to a form: ${what} came after it`);
}

async function receiveUrl(call: Call): Promise<JobStatus> {
  if (!call.fetchImage) {
    throw new HttpError('url_fetch_disabled', 'This server fetches no URLs; send the image itself');
  }
  const text = await bodyText(requestBytes(call.request, call.limits), MAX_FIELD_BYTES);
  const { url, params, filename, webhook, tags, metadata, exports } = parseObject(text);
  if (typeof url !== 'string') throw new HttpError('invalid_params', 'Expected `url` to be a URL');
  const fetched = await call.fetchImage(url, call.request.signal);
  return accept(call, {
    image: notEmpty(fetched.bytes),
    params: (params ?? {}) as Submission['params'],
    filename: typeof filename === 'string' ? filename : fetched.filename,
    webhook: typeof webhook === 'string' ? webhook : undefined,
    tags: tags as Submission['tags'],
    metadata: metadata as Submission['metadata'],
    exports: exports as Submission['exports'],
    idempotencyKey: idempotencyKey(call),
  });
}

/** What the fields of a form, or the query, say of an image. */
export function described(
  call: Call,
  fields: Map<string, string>,
  filename: string | undefined,
): Omit<Submission, 'image'> {
  const own = Object.fromEntries(OWN_FIELDS.map((name) => [name, fields.get(name)]));
  for (const name of OWN_FIELDS) fields.delete(name);
  return {
    params: paramsFromText(fields),
    filename: own.filename ?? filename ?? 'image',
    webhook: own.webhook,
    tags: own.tags === undefined ? undefined : tagsFromText(own.tags),
    metadata: own.metadata === undefined ? undefined : parseObject(own.metadata),
    exports: own.exports === undefined ? undefined : exportsFromText(own.exports),
    idempotencyKey: idempotencyKey(call),
  };
}

function idempotencyKey(call: Call): string | undefined {
  return call.request.headers.get('idempotency-key')?.slice(0, 256);
}

/** Header values are Latin-1; names beyond it come percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function* notEmpty(image: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let empty = true;
  for await (const chunk of image) {
    empty &&= chunk.byteLength === 0;
    yield chunk;
  }
  if (empty) throw new HttpError('no_image', 'The image is empty');
}
