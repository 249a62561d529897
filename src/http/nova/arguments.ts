import { bodyText, requestBytes } from '../body.js';
import { HttpError } from '../errors.js';
import { boundaryOf, multipartParts, type Part } from '../multipart.js';
import type { Call } from '../services.js';

/** Source lists come as numbers in the JSON: ten thousand stars take about half a megabyte. */
const MAX_JSON_BYTES = 16 * 1024 ** 2;

export type NovaArguments = Readonly<Record<string, unknown>>;

export interface NovaRequest {
  args: NovaArguments;
  /** The uploaded file, not read yet. */
  file?: { filename: string; bytes: AsyncIterable<Uint8Array> };
  /** Lets go of the rest of the body. */
  end(): Promise<void>;
}

const nothing = async () => {};

/** The `request-json` of a request, wherever it stands, and the file after it. @throws HttpError 400 */
export async function readNovaRequest(call: Call): Promise<NovaRequest> {
  const inQuery = call.url.searchParams.get('request-json');
  const boundary = boundaryOf(call.request.headers.get('content-type'));
  if (boundary !== undefined) return readForm(call, boundary);
  const text = await bodyText(requestBytes(call.request, call.limits), MAX_JSON_BYTES);
  if (text.trim() === '') return { args: inQuery === null ? {} : parse(inQuery), end: nothing };
  return { args: urlencoded(text), end: nothing };
}

async function readForm(call: Call, boundary: string): Promise<NovaRequest> {
  const parts = multipartParts(requestBytes(call.request, call.limits), boundary);
  const end = async () => void (await parts.return(undefined));
  try {
    let args: NovaArguments | undefined;
    for (;;) {
      const { done, value: part } = await parts.next();
      if (done) return { args: args ?? {}, end };
      if (part.name === 'request-json') args = parse(await part.text(MAX_JSON_BYTES));
      else if (part.filename !== undefined) {
        if (!args) throw new HttpError('invalid_params', 'Send request-json before the file');
        return { args, file: { filename: part.filename, bytes: toEnd(part, parts) }, end };
      }
    }
  } catch (error) {
    await end();
    throw error;
  }
}

/** The bytes of a part; the form must then end as a form does, or the upload was cut off. */
async function* toEnd(part: Part, parts: AsyncGenerator<Part>): AsyncGenerator<Uint8Array> {
  yield* part.body;
  while (!(await parts.next()).done);
}

/** Some clients encode the form as they should, some put the JSON into it as it is, with its `+`, `%` and `&`. */
function urlencoded(text: string): NovaArguments {
  const encoded = new URLSearchParams(text).get('request-json');
  const asItIs = /(?:^|&)request-json=(.*)$/s.exec(text)?.[1] ?? text;
  for (const candidate of [encoded, asItIs]) {
    if (candidate === null) continue;
    try {
      return parse(candidate);
    } catch {
      // The other way of writing it may still be right.
    }
  }
  throw new HttpError('invalid_params', 'no json');
}

function parse(text: string): NovaArguments {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as NovaArguments;
  } catch {
    // Told below.
  }
  throw new HttpError('invalid_params', 'failed to parse JSON');
}
