import { createServer, type Server as NodeServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { settledWithin } from '../async/settled-within.js';
import { DEFAULTS } from '../defaults.js';
import { type AstroJobs, AstroJobsError } from '../index.js';
import { addressSet } from './clients.js';
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS, limitConnections } from './connections.js';
import { HttpError } from './errors.js';
import { handlerOf } from './handler.js';
import { isLoopback, namedHosts, ownHosts } from './hosts.js';
import { answerNode, sendNode } from './node.js';
import type { HandlerLimits, HandlerOptions } from './options.js';
import { failure } from './responses.js';

/** What a server of its own listens on, beside what the handler allows. */
export interface ServeOptions extends Omit<HandlerOptions, 'limits'> {
  /** 0 for any free one. @default 8080 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
  /** Listens beyond this machine though no caller has to show a key or the token. @default false */
  allowAnonymous?: boolean;
  /**
   * Addresses (`10.0.0.2`, `10.0.0.0/8`) of reverse proxies, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Without
   * them all callers behind a proxy are one. @default none
   */
  trustedProxies?: readonly string[];
  /** How much it takes; what is not named has its default. */
  limits?: Partial<HandlerLimits & ConnectionLimits>;
}

/** A server that listens. */
export interface Server {
  /** Where it listens, such as `http://127.0.0.1:8080/`. */
  url: string;
  /**
   * Takes no more requests and lets running ones end for `graceSeconds` (default 8). What has no answer then is told that there will be
   * none (500 after a fault, else 503), and cut off; two seconds later at the latest it resolves. The jobs are the caller's.
   */
  close(options?: { graceSeconds?: number; fault?: boolean }): Promise<void>;
}

/** Connections that may wait to be accepted when many come at once. */
const BACKLOG = 4096;
/** For the last answers to leave. */
const LAST_WORDS_MS = 250;

/**
 * The handler behind a server of its own.
 *
 * @throws AstroJobsError `invalid_params` when it would listen beyond this machine with neither a key, `token` nor `authorize`
 * @example
 * const server = await serve(new AstroJobs(), { port: 8080, nova: true });
 */
export async function serve(jobs: AstroJobs, options: ServeOptions = {}): Promise<Server> {
  const { host = '127.0.0.1', port = 8080, allowedHosts = [] } = options;
  const { token, authorize, keys = jobs.store.keys } = options;
  const isGuarded = async () =>
    token !== undefined || authorize !== undefined || ((await keys?.list()) ?? []).length > 0;
  if (token === '') throw new AstroJobsError('invalid_params', 'The token is empty');
  if (!isLoopback(host) && !options.allowAnonymous && !(await isGuarded())) {
    throw new AstroJobsError(
      'invalid_params',
      `Listening on ${host} would let everybody in who can reach this machine: make a key (\`astro-jobs keys add\`), give a token (ASTRO_JOBS_TOKEN), or say that anonymous callers are allowed`,
    );
  }
  const limits = { ...DEFAULT_CONNECTION_LIMITS, ...options.limits };
  const isProxy = addressSet(options.trustedProxies ?? []);
  const [isOwn, isNamed] = [ownHosts(host), namedHosts(allowedHosts)];
  const handler = handlerOf(jobs, options, (name) => isOwn(name) || isNamed(name));
  const unanswered = new Set<ServerResponse>();
  const server = createServer({
    headersTimeout: limits.headerSeconds * 1000,
    // Bodies are timed by the handler, which knows an upload from a poll.
    requestTimeout: 0,
    // Longer than that of proxies before it: who reuses a connection that is just being closed gets no answer.
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: Math.min(2_000, limits.headerSeconds * 500),
    maxHeaderSize: 16_384,
  });
  const refusalOf = limitConnections(server, limits, isProxy);
  server.on('request', (incoming, outgoing) => {
    unanswered.add(outgoing);
    outgoing.once('close', () => unanswered.delete(outgoing));
    const refusal = refusalOf(incoming.socket);
    if (refusal) sendNode(failure(refusal, options), outgoing, options.logger);
    else
      answerNode(handler, incoming, outgoing, {
        isProxy,
        stalledSeconds: limits.stalledSeconds,
        logger: options.logger,
      });
  });
  await listen(server, port, host);
  const close = async (graceMs: number, fault: boolean) => {
    const closed = new Promise((resolve) => server.close(resolve));
    const ended = Promise.all([closed, handler.close().then(() => server.closeIdleConnections())]);
    if (await settledWithin(graceMs, ended)) return;
    for (const outgoing of unanswered)
      if (!outgoing.headersSent)
        sendNode(failure(fault ? interrupted() : stopping(), options), outgoing, options.logger);
    await settledWithin(LAST_WORDS_MS, closed);
    server.closeAllConnections();
    await settledWithin(DEFAULTS.releaseMs, ended);
  };
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(server, options.basePath),
    close({ graceSeconds = DEFAULTS.graceSeconds, fault = false } = {}) {
      closing ??= close(graceSeconds * 1000, fault);
      return closing;
    },
  };
}

const interrupted = () =>
  new HttpError('internal', 'Something went wrong in the server; its log says what', { connection: 'close' });
const stopping = () =>
  new HttpError('closed', 'The server is stopping', { connection: 'close', 'retry-after': '10' });

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
  return `http://${host}:${port}${basePath.replace(/(?<!\/)\/+$/, '')}/`;
}
