import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from './handler.js';
import { toWebStream } from './streams.js';

/**
 * The handler as a listener of `node:http`, and so of Express and everything else that speaks `(req, res)`. Bodies stream in
 * both directions, and nothing is read before it is wanted.
 */
export function nodeListener(handler: Handler): (request: IncomingMessage, response: ServerResponse) => void {
  return (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort(new Error('The client has gone'));
    });
    answer(handler, incoming, outgoing, gone.signal).catch(() => outgoing.destroy());
  };
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
) {
  const request = toRequest(incoming, signal);
  if (!request) {
    outgoing.writeHead(400, { 'content-type': 'text/plain', connection: 'close' }).end('Bad request\n');
    return;
  }
  const response = await handler(request, { remoteAddress: incoming.socket.remoteAddress });
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  const refused = response.status >= 400 && !incoming.complete;
  if (refused) outgoing.setHeader('connection', 'close');
  await send(response, outgoing, signal);
  incoming.on('error', () => {});
  incoming.resume();
  if (refused) await ended(incoming, LINGER_MS);
  outgoing.end();
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

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request | undefined {
  const encrypted = 'encrypted' in incoming.socket && incoming.socket.encrypted === true;
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
    return new Request(url, {
      method: incoming.method,
      headers,
      signal,
      body: bodiless ? null : toWebStream(incoming.iterator({ destroyOnReturn: false })),
      duplex: 'half',
    } as RequestInit);
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

async function send(response: Response, outgoing: ServerResponse, signal: AbortSignal): Promise<void> {
  if (!response.body) return;
  const reader = response.body.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener('abort', cancel, { once: true });
  outgoing.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || signal.aborted) break;
    if (!outgoing.write(value))
      await Promise.race([once(outgoing, 'drain', { signal }), once(outgoing, 'close', { signal })]);
  }
  signal.removeEventListener('abort', cancel);
}
