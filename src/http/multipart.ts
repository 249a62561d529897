import { bodyText } from './body.js';
import { HttpError } from './errors.js';

/** One part of a multipart body. Its bytes can be read once, and only before the next part is asked for. */
export interface Part {
  name: string;
  filename?: string;
  contentType?: string;
  body: AsyncIterable<Uint8Array>;
  text(maxBytes: number): Promise<string>;
}

const MAX_LINE = 8192;
const MAX_HEADER_LINES = 32;
/** Before the first boundary, where no client writes more than a sentence. */
const MAX_PREAMBLE_LINES = 32;
/** A thousand images with some fields before each; every part costs as much time as some kilobytes do. */
const MAX_PARTS = 10_000;

/**
 * The boundary of a `multipart/form-data` content type; undefined for any other.
 * @throws HttpError 400 `invalid_multipart` where it names none
 */
export function boundaryOf(contentType: string | null): string | undefined {
  if (!contentType || !/^\s*multipart\/form-data\b/i.test(contentType)) return undefined;
  const match = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw invalid('its content type names no boundary');
  return boundary;
}

/**
 * Reads `multipart/form-data` as it comes, one part at a time, never a part whole.
 *
 * Written here because the parsers at hand refuse what astrometry.net's own `client.py` sends: its boundary lines end in
 * LF alone (Python's `email.generator`), its part headers in CRLF. So every line may end either way, and how the
 * opening boundary line ends tells which of the two precedes the next boundary: with LF alone, a CR before it is content.
 *
 * @throws HttpError 400 `invalid_multipart`, `incomplete_body`
 */
export async function* multipartParts(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
): AsyncGenerator<Part> {
  const bytes = source[Symbol.asyncIterator]();
  try {
    yield* readParts(new Scanner(bytes), boundary);
  } finally {
    await bytes.return?.();
  }
}

async function* readParts(input: Scanner, boundary: string): AsyncGenerator<Part> {
  const opening = `--${boundary}`;
  let line = await input.line();
  for (let count = 0; line.text.trimEnd() !== opening; count++) {
    if (line.text.trimEnd() === `${opening}--`) return;
    if (count === MAX_PREAMBLE_LINES) throw invalid('too much text comes before the first boundary');
    line = await input.line();
  }
  const delimiter = Buffer.from(`${line.crlf ? '\r\n' : '\n'}${opening}`, 'latin1');
  for (let count = 0; count < MAX_PARTS; count++) {
    const headers = await readHeaders(input);
    const body = input.until(delimiter);
    yield { ...disposition(headers), body, text: (maxBytes) => bodyText(body, maxBytes) };
    for await (const _ of body);
    const rest = (await input.line(true)).text;
    if (rest.startsWith('--')) return;
    if (rest.trim() !== '') throw invalid('text follows a boundary on its line');
  }
  throw invalid(`it has more than ${MAX_PARTS} parts`);
}

const invalid = (why: string) => new HttpError('invalid_multipart', `Not valid multipart/form-data: ${why}`);

async function readHeaders(input: Scanner): Promise<Map<string, string>> {
  const headers = new Map<string, string>();
  for (let count = 0; count <= MAX_HEADER_LINES; count++) {
    const { text } = await input.line();
    if (text === '') return headers;
    const colon = text.indexOf(':');
    if (colon < 1) throw invalid('a part has a header line without a colon');
    headers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
  }
  throw invalid('a part has too many header lines');
}

function disposition(headers: Map<string, string>): Pick<Part, 'name' | 'filename' | 'contentType'> {
  const value = headers.get('content-disposition') ?? '';
  const name = parameter(value, 'name');
  if (name === undefined) throw invalid('a part has no name');
  const filename = extended(value) ?? parameter(value, 'filename');
  return { name, filename, contentType: headers.get('content-type') };
}

function parameter(value: string, key: string): string | undefined {
  const match = new RegExp(`(?:^|[;\\s])${key}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(
    value,
  );
  if (!match) return undefined;
  const quoted = match[1]?.replace(/\\(["\\])/g, '$1').replaceAll('%22', '"');
  return quoted ?? match[2];
}

function extended(value: string): string | undefined {
  const match = /filename\*\s*=\s*utf-8''([^;\s]*)/i.exec(value);
  try {
    return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
  } catch {
    return undefined;
  }
}

/** Lines and delimited runs of bytes out of chunks of any size. */
class Scanner {
  #held: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const { done, value } = await this.source.next();
    if (done) {
      this.#ended = true;
      return false;
    }
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    return true;
  }

  /** The next line without its end. At the end of the body only what closes it may lack one. */
  async line(lastAllowed = false): Promise<{ text: string; crlf: boolean }> {
    let searched = 0;
    for (;;) {
      const at = this.#held.indexOf(0x0a, searched);
      if (at >= 0) {
        const crlf = at > 0 && this.#held[at - 1] === 0x0d;
        const text = this.#held.toString('utf8', 0, crlf ? at - 1 : at);
        this.#held = this.#held.subarray(at + 1);
        return { text, crlf };
      }
      if (this.#held.length > MAX_LINE) throw invalid('a line is too long');
      searched = this.#held.length;
      if (await this.#more()) continue;
      if (lastAllowed && this.#held.subarray(0, 2).toString('latin1') === '--')
        return { text: '--', crlf: false };
      throw new HttpError('incomplete_body', 'The multipart body ends before its closing boundary');
    }
  }

  /** Bytes up to the delimiter, which is consumed. A second iteration goes on where the first stopped. */
  until(delimiter: Buffer): AsyncIterable<Uint8Array> & AsyncIterator<Uint8Array> {
    let found = false;
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      while (!found) {
        const at = this.#held.indexOf(delimiter);
        if (at >= 0) {
          found = true;
          const chunk = this.#held.subarray(0, at);
          this.#held = this.#held.subarray(at + delimiter.length);
          if (chunk.length > 0) return { done: false, value: chunk };
          break;
        }
        const safe = this.#held.length - delimiter.length + 1;
        if (safe > 0) {
          const chunk = this.#held.subarray(0, safe);
          this.#held = this.#held.subarray(safe);
          return { done: false, value: chunk };
        }
        if (!(await this.#more())) {
          throw new HttpError('incomplete_body', 'The multipart body ends before its closing boundary');
        }
      }
      return { done: true, value: undefined };
    };
    return {
      next,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
