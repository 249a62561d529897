import type { StoredFile } from '../index.js';
import { matchesTag } from './conditional.js';
import { HttpError } from './errors.js';
import { attachment, UNTRUSTED_CSP } from './responses.js';
import { toWebStream } from './streams.js';

type Range = { start: number; end: number };

/** Bytes asked for by `Range: bytes=…`; undefined for none, for several, and for what is no such range. */
function parseRange(header: string | null, size: number): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (match[2] !== '' && Number(match[2]) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}

function etagOf(file: StoredFile): string {
  return `"${file.size.toString(36)}-${Math.round(file.modifiedAt * 1e6).toString(36)}"`;
}

export interface FileResponseOptions {
  /** Name that a browser saves it under. */
  filename: string;
  contentType: string;
  disposition?: 'attachment' | 'inline';
}

/** A stored file, whole or the part that was asked for, or that it has not changed (RFC 9110). */
export function fileResponse(request: Request, file: StoredFile, options: FileResponseOptions): Response {
  const etag = etagOf(file);
  const headers: Record<string, string> = {
    etag,
    'last-modified': new Date(file.modifiedAt * 1000).toUTCString(),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-type': options.contentType,
    'content-disposition': attachment(options.filename, options.disposition),
    'content-security-policy': UNTRUSTED_CSP,
  };
  if (matchesTag(request, etag)) return new Response(null, { status: 304, headers });
  const condition = request.headers.get('if-range');
  const applies = condition === null || condition.trim() === etag;
  const range = applies ? parseRange(request.headers.get('range'), file.size) : undefined;
  if (range === 'unsatisfiable') {
    throw new HttpError('range_not_satisfiable', `The file has ${file.size} bytes`, {
      'content-range': `bytes */${file.size}`,
    });
  }
  if (range) {
    headers['content-range'] = `bytes ${range.start}-${range.end}/${file.size}`;
    headers['content-length'] = String(range.end - range.start + 1);
  } else {
    headers['content-length'] = String(file.size);
  }
  const body = request.method === 'HEAD' || file.size === 0 ? null : toWebStream(file.read(range));
  return new Response(body, { status: range ? 206 : 200, headers });
}
