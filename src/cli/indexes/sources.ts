import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AstroJobsError } from '../../job/errors.js';
import { CHECKSUM_FILES, checksumIn, MAX_CHECKSUM_BYTES } from './checksums.js';
import type { Wanted } from './wanted.js';

/** A file that can be had, and what is known of it. */
export interface SourceFile {
  name: string;
  /** Where it is: a path or a URL. */
  from: string;
  /** Its bytes, once; rejects with AstroJobsError `install_failed`. */
  open(signal: AbortSignal): Promise<{ bytes?: number; chunks: AsyncIterable<Uint8Array> }>;
  /** The SHA-256 that a file beside it names, and the name of that one; rejects with AstroJobsError `install_failed`. */
  checksum(signal: AbortSignal): Promise<{ sha256: string; by: string } | undefined>;
}

/** The files of a series at a URL (http, https) or in a folder, or the one file that is named itself. */
export function sourcesOf(wanted: Wanted, from: string): Promise<SourceFile[]> {
  return /^https?:\/\//i.test(from) ? Promise.resolve(remoteFiles(wanted, from)) : localFiles(wanted, from);
}

function failed(what: string, why: string, cause?: unknown): AstroJobsError {
  return new AstroJobsError('install_failed', `${what}: ${why}`, { cause });
}

function remoteFiles({ files }: Wanted, from: string): SourceFile[] {
  if (!URL.canParse(from)) throw new AstroJobsError('invalid_params', `Expected a URL, got \`${from}\``);
  const url = new URL(from);
  const single = url.pathname.endsWith('.fits');
  if (!single && !url.pathname.endsWith('/')) url.pathname += '/';
  const names = single ? [decodeURIComponent(basename(url.pathname))] : files;
  const lists = new Map<string, Promise<string | undefined>>();
  const list = (at: URL, signal: AbortSignal) => {
    const known = lists.get(at.href) ?? fetchText(at, signal);
    lists.set(at.href, known);
    return known;
  };
  return names.map((name) => {
    const at = single ? url : new URL(encodeURIComponent(name), url);
    return {
      name,
      from: at.href,
      open: (signal) => openUrl(at, signal),
      checksum: (signal) =>
        firstChecksum(name, (file) => list(new URL(encodeURIComponent(file), at), signal)),
    };
  });
}

async function ask(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: { 'accept-encoding': 'identity' } });
  } catch (error) {
    signal.throwIfAborted();
    throw failed(url.href, `cannot be fetched (${reasonOf(error)}); is the network there?`, error);
  }
}

/** fetch says what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}

async function openUrl(url: URL, signal: AbortSignal): ReturnType<SourceFile['open']> {
  const found = await openUrlIfThere(url, signal);
  if (!found) throw failed(url.href, 'there is no such file on the server');
  return found;
}

const ABSENT = [403, 404, 410];

async function openUrlIfThere(
  url: URL,
  signal: AbortSignal,
): Promise<{ bytes?: number; chunks: AsyncIterable<Uint8Array> } | undefined> {
  const response = await ask(url, signal);
  if (response.ok && response.body) {
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    return {
      ...(Number.isSafeInteger(length) && { bytes: length }),
      chunks: tellingWhy(response.body, url.href, signal),
    };
  }
  await response.body?.cancel();
  if (ABSENT.includes(response.status)) return undefined;
  throw failed(url.href, `the server answered ${response.status} ${response.statusText}`.trimEnd());
}

/** Chunks whose failure names the source. */
async function* tellingWhy(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw failed(what, `it broke off (${reasonOf(error)}); try again`, error);
  }
}

/** A short text; undefined where there is none, or a long one. */
async function fetchText(url: URL, signal: AbortSignal): Promise<string | undefined> {
  const found = await openUrlIfThere(url, signal);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of found?.chunks ?? []) {
    length += chunk.length;
    if (length > MAX_CHECKSUM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return found && Buffer.concat(chunks).toString('utf8');
}

async function localFiles(wanted: Wanted, from: string): Promise<SourceFile[]> {
  const path = resolve(from);
  const info = await stat(path).catch((error: unknown) => {
    throw failed(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`, error);
  });
  const paths = info.isDirectory()
    ? (await readdir(path))
        .filter(wanted.holds)
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (paths.length === 0) throw failed(path, `no file of ${wanted.label} lies there (${wanted.files[0]}, …)`);
  return paths.map((file) => ({
    name: basename(file),
    from: file,
    open: (signal) => openPath(file, signal),
    checksum: () => firstChecksum(basename(file), (beside) => readList(join(dirname(file), beside))),
  }));
}

async function openPath(path: string, signal: AbortSignal): ReturnType<SourceFile['open']> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw failed(path, 'it is no regular file');
  return { bytes: info.size, chunks: tellingWhy(createReadStream(path, { signal }), path, signal) };
}

async function readList(path: string): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile() || info.size > MAX_CHECKSUM_BYTES) return undefined;
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw failed(path, `cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`, error);
  });
}

/** What the first list beside a file says that names it. */
async function firstChecksum(
  name: string,
  list: (file: string) => Promise<string | undefined>,
): Promise<{ sha256: string; by: string } | undefined> {
  for (const by of [`${name}.sha256`, ...CHECKSUM_FILES]) {
    const sha256 = checksumIn((await list(by)) ?? '', name);
    if (sha256 !== undefined) return { sha256, by };
  }
  return undefined;
}
