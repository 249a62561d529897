import { createServer, type Server as NodeServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AstroJobs, AstroJobsError } from '../index.js';
import { HttpError } from './errors.js';
import { createHandler, type Handler } from './handler.js';
import { nodeListener } from './node.js';
import type { HandlerOptions, Peer } from './options.js';
import { failure } from './responses.js';

export interface ServeOptions extends HandlerOptions {
  /** 0 for any free one. @default 8080 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /**
   * Listens beyond this machine, or answers under other names than its own (behind a proxy), though no caller has to show a
   * token. @default false
   */
  allowAnonymous?: boolean;
}

export interface Server {
  /** Where it listens, such as `http://127.0.0.1:8080/`. */
  url: string;
  /** Takes no more requests, lets running ones end for this long, then cuts them off. The jobs are the caller's. */
  close(options?: { deadlineSeconds?: number }): Promise<void>;
}

const HEADER_SECONDS = 20;
/** Connections that may wait to be accepted when many come at once. */
const BACKLOG = 4096;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * The handler behind a server of its own.
 *
 * @throws AstroJobsError `invalid_params` when it would listen beyond this machine with neither `token` nor `authorize`
 * @example
 * const server = await serve(new AstroJobs(), { port: 8080, nova: true });
 */
export async function serve(jobs: AstroJobs, options: ServeOptions = {}): Promise<Server> {
  const { host = '127.0.0.1', port = 8080 } = options;
  const guarded = options.token !== undefined || options.authorize !== undefined;
  if (options.token === '') throw new AstroJobsError('invalid_params', 'The token is empty');
  if (!isLoopback(host) && !guarded && !options.allowAnonymous) {
    throw new AstroJobsError(
      'invalid_params',
      `Listening on ${host} would let everybody in who can reach this machine: give a token, or say that anonymous callers are allowed`,
    );
  }
  const handler = createHandler(jobs, options);
  const server = createServer(
    {
      headersTimeout: HEADER_SECONDS * 1000,
      // Bodies are timed by the handler, which knows an upload from a poll.
      requestTimeout: 0,
      // Longer than that of proxies before it: who reuses a connection that is just being closed gets no answer.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16_384,
    },
    nodeListener(guarded || options.allowAnonymous ? handler : onlyOwnNames(handler)),
  );
  await listen(server, port, host);
  return {
    url: urlOf(server, options.basePath),
    async close({ deadlineSeconds = 10 } = {}) {
      const closed = new Promise((resolve) => server.close(resolve));
      await handler.close();
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), deadlineSeconds * 1000);
      await closed;
      clearTimeout(cut);
    },
  };
}

/**
 * Answers only to the names of this machine: else a site that one visits could give its own name this machine's address, and
 * its scripts would count as ours (DNS rebinding).
 */
function onlyOwnNames(handler: Handler): Handler {
  const answer = async (request: Request, peer?: Peer): Promise<Response> => {
    if (isLoopback(new URL(request.url).hostname)) return handler(request, peer);
    const why =
      'Without a token this server answers only as localhost; give it one, or allow anonymous callers';
    return failure(new HttpError('misdirected', why));
  };
  return Object.assign(answer, { close: handler.close });
}

function listen(server: NodeServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE' ? 'another program listens there; choose another port' : cause.message;
      reject(new AstroJobsError('invalid_params', `Cannot listen on ${host}:${port}: ${why}`, { cause }));
    };
    server.once('error', failed);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function urlOf(server: NodeServer, basePath = ''): string {
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}${basePath.replace(/\/+$/, '')}/`;
}
