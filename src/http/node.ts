import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../index.js';
import { forwardedClient } from './clients.js';
import type { Handler } from './handler.js';
import { failure, SECURITY_HEADERS } from './responses.js';
import { toWebStream } from './streams.js';

export interface NodeOptions {
  /** Addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  isProxy?: (address: string) => boolean;
  /** Seconds in which a client must have read what was last written to it. */
  stalledSeconds?: number;
  logger?: Logger;
}

/**
 * The handler as a listener of `node:http`, and so of Express and everything else that speaks `(req, res)`. Bodies stream in
 * both directions, and nothing is read before it is wanted.
 */
export function nodeListener(handler: Handler): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => answerNode(handler, incoming, outgoing);
}

/** One request, answered whatever happens: with 500 while that is still possible, else with the end of the connection. */
export function answerNode(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: NodeOptions = {},
): void {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('The client has gone'));
  });
  answer(handler, incoming, outgoing, gone.signal, options).catch((error) => {
    if (gone.signal.aborted) return;
    options.logger?.error({ err: error }, 'An answer broke off');
    if (outgoing.headersSent) outgoing.destroy();
    else sendNode(failure(error), outgoing, options.logger);
  });
}

/** An answer of this server itself, as the last of its connection. */
export function sendNode(response: Response, outgoing: ServerResponse, logger?: Logger): void {
  response.text().then(
    (text) => {
      if (outgoing.headersSent) return;
      outgoing.shouldKeepAlive = false;
      outgoing
        .writeHead(response.status, { ...SECURITY_HEADERS, ...Object.fromEntries(response.headers) })
        .end(text);
    },
    (error) => {
      logger?.error({ err: error }, 'An answer broke off');
      outgoing.destroy();
    },
  );
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
  { isProxy, stalledSeconds = 60 }: NodeOptions,
) {
  // Of requests that are sent one behind the other each waits until the answer before it is written: who reads none has only one made.
  if (!outgoing.socket) await once(outgoing, 'socket', { signal });
  const proxied = isProxy?.(incoming.socket.remoteAddress ?? '') ?? false;
  const request = toRequest(incoming, signal, proxied);
  if (!request) {
    outgoing.writeHead(400, { 'content-type': 'text/plain', connection: 'close' }).end('Bad request\n');
    return;
  }
  const response = await handler(request, { remoteAddress: clientAddress(incoming, isProxy) });
  if (outgoing.headersSent) return;
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  const refused = response.status >= 400 && !incoming.complete;
  if (refused) outgoing.setHeader('connection', 'close');
  await send(response, outgoing, signal, stalledSeconds);
  incoming.on('error', () => {});
  incoming.resume();
  if (refused) await ended(incoming, LINGER_MS);
  outgoing.end();
}

function clientAddress(incoming: IncomingMessage, isProxy: NodeOptions['isProxy']): string | undefined {
  const { remoteAddress } = incoming.socket;
  const forwarded = incoming.headers['x-forwarded-for'];
  if (!isProxy) return remoteAddress;
  return forwardedClient(remoteAddress, Array.isArray(forwarded) ? forwarded.join(',') : forwarded, isProxy);
}

const LINGER_MS = 2_000;

/**
 * What is left of a refused upload is read for a moment before the connection is closed: bytes that meet a closed
 * connection make the client's system throw the answer away.
 */
async function ended(incoming: IncomingMessage, milliseconds: number): Promise<void> {
  const patience = AbortSignal.timeout(milliseconds);
  await once(incoming, 'close', { signal: patience }).catch(() => {});
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal, proxied: boolean): Request | undefined {
  const encrypted =
    ('encrypted' in incoming.socket && incoming.socket.encrypted === true) ||
    (proxied && incoming.headers['x-forwarded-proto'] === 'https');
  const headers = new Headers();
  try {
    for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
      const [name = '', value = ''] = incoming.rawHeaders.slice(index, index + 2);
      headers.append(name, value);
    }
    // Only the path is the client's here: a request line such as `GET http://elsewhere/` says nothing about where we are.
    const target = wholeUrl(incoming);
    const path = target.startsWith('/') ? target : new URL(target).pathname;
    const url = new URL(`${encrypted ? 'https' : 'http'}://${hostOf(incoming)}`);
    const [pathname = '', ...query] = path.split('?');
    url.pathname = pathname;
    url.search = query.join('?');
    const bodiless = incoming.method === 'GET' || incoming.method === 'HEAD';
    const request = new Request(url, {
      method: incoming.method,
      headers,
      body: bodiless ? null : toWebStream(incoming.iterator({ destroyOnReturn: false })),
      duplex: 'half',
    } as RequestInit);
    // Given to `Request`, a signal is followed by one of its own, whose objects only a full garbage collection frees.
    return Object.defineProperty(request, 'signal', { value: signal });
  } catch {
    return undefined;
  }
}

/** Express and its like cut off the path that a listener is mounted under, and keep the whole in `originalUrl`. */
function wholeUrl(incoming: IncomingMessage): string {
  if ('originalUrl' in incoming && typeof incoming.originalUrl === 'string') return incoming.originalUrl;
  return incoming.url ?? '/';
}

function hostOf(incoming: IncomingMessage): string {
  const host = incoming.headers.host ?? '';
  return /^[A-Za-z0-9.:[\]-]+$/.test(host) ? host : 'localhost';
}

async function send(
  response: Response,
  outgoing: ServerResponse,
  signal: AbortSignal,
  stalledSeconds: number,
): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const cancel = () => {
    reader.cancel(signal.reason).catch(() => {});
  };
  signal.addEventListener('abort', cancel, { once: true });
  // Of an answer that may have to wait for its first bytes; all others come with them, which is one packet less.
  if (!response.headers.has('content-length')) outgoing.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) break;
    if (!outgoing.write(value)) await drained(outgoing, signal, stalledSeconds);
  }
  signal.removeEventListener('abort', cancel);
}

/** A client that does not read what it asked for is cut off: it holds a connection, and a file or job behind it. */
async function drained(outgoing: ServerResponse, signal: AbortSignal, stalledSeconds: number): Promise<void> {
  const stalled = setTimeout(() => outgoing.destroy(), stalledSeconds * 1000);
  try {
    await once(outgoing, 'drain', { signal });
  } finally {
    clearTimeout(stalled);
  }
}
