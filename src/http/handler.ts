import { randomUUID } from 'node:crypto';
import { FairTurns } from '../async/fair-turns.js';
import { Gate } from '../async/gate.js';
import type { AstroJobs } from '../index.js';
import { silentLogger } from '../index.js';
import { Answered, createAccess } from './access.js';
import type { Caller } from './callers.js';
import { clientOf } from './clients.js';
import { compressed } from './compress.js';
import { createCors } from './cors.js';
import { busy, describeFailure, HttpError, tooManyAtOnce } from './errors.js';
import { createFetchImage } from './fetch-image.js';
import { checkHost, type HostCheck, namedHosts } from './hosts.js';
import { OpenCount, RateLimiter, rateLimitHeaders } from './limits.js';
import { novaAnswer, novaFailure } from './nova/nova.js';
import { operatorRoutes } from './operator-routes.js';
import { DEFAULT_LIMITS, type HandlerOptions, type Peer } from './options.js';
import { isForeign } from './origin.js';
import { pageAnswer } from './page.js';
import { type Asked, watchRequest } from './request-log.js';
import { failure, SECURITY_HEADERS } from './responses.js';
import { restRoutes } from './rest/routes.js';
import { createRouter } from './router.js';
import type { Call, Services } from './services.js';
import { createWebhooks } from './webhooks.js';

/**
 * How requests share this process: whoever has used less than this goes at once, the others two at a time; more of them would be no faster.
 * A request that waits for something else (an upload, a job, a picture) gives back its turn, or has it taken.
 */
const TURNS = {
  ...{ places: 2, lightPlaces: 16, placesPerKey: 2, waitingPerKey: 512 },
  ...{ allowanceMs: 100, refillMsPerSecond: 20, longestMs: 250, postponedMs: 100 },
};

/** Answers requests, until it is closed. */
export interface Handler {
  (request: Request, peer?: Peer): Promise<Response>;
  /** Ends event streams and webhook deliveries. The jobs are the caller's, and go on. */
  close(): Promise<void>;
}

/**
 * The library as a web application: `/api/v1` (REST), the page at `/`, and with `nova: true` the API of nova.astrometry.net.
 * A plain function from `Request` to `Response`, to be mounted wherever such functions can be; it never rejects.
 *
 * @example
 * const handler = createHandler(new AstroJobs(), { nova: true });
 * createServer(nodeListener(handler)).listen(8080, '127.0.0.1');
 */
export function createHandler(jobs: AstroJobs, options: HandlerOptions = {}): Handler {
  return handlerOf(jobs, options, options.allowedHosts && namedHosts(options.allowedHosts));
}

/** The same, with a check of hosts of its own. */
export function handlerOf(jobs: AstroJobs, options: HandlerOptions, isOwnHost?: HostCheck): Handler {
  const basePath = normalBasePath(options.basePath);
  const services = createServices(jobs, { ...options, basePath });
  const closer = new AbortController();
  services.closing = closer.signal;
  const route = createRouter([...restRoutes, ...operatorRoutes]);
  const cors = createCors(options.cors);
  const { allowedHosts = [] } = options;

  async function answer(request: Request, peer: Peer, asked: Asked): Promise<Response> {
    if (isOwnHost) checkHost(request, isOwnHost);
    const url = new URL(request.url);
    const path = below(basePath, url.pathname);
    if (path === undefined) throw new HttpError('not_found', 'There is nothing here');
    const client = clientOf(peer.remoteAddress);
    const grant: Caller = { caller: 'anonymous', scopes: [] };
    const { budgets, turn } = asked;
    const call: Call = { ...services, request, url, path, params: {}, peer, client, budgets, grant, turn };
    services.requests.take(client, (budget) => budgets.push(budget));
    await turn.take(client);
    // Without a token a site that the user visits must not act in the user's name, nor read what is the user's.
    if (path.startsWith('/api/') && !cors.isAllowed(request) && isForeign(request, allowedHosts)) {
      throw new HttpError('cross_site', 'Pages of other sites may not call here, unless `cors` names them');
    }
    const match = route(request.method, path);
    if (match) {
      asked.route = match.route.path;
      call.params = match.params;
      if (match.route.action !== 'none') {
        call.grant = await services.access.admit(request, match.route.action, peer, match.params.id);
        const { caller } = call.grant;
        if (caller !== (peer.remoteAddress ?? 'anonymous')) await turn.take(caller);
      }
      return match.route.answer(call);
    }
    if (path.startsWith('/api/v1'))
      throw new HttpError('not_found', 'There is no such address; /api/v1/openapi.json lists them');
    const other =
      (options.nova ? await novaAnswer(call) : undefined) ??
      (options.page === false ? undefined : await pageAnswer(call));
    if (other) return other;
    throw new HttpError('not_found', 'There is nothing here');
  }

  function failed(request: Request, thrown: unknown, reqId: string): Response {
    if (thrown instanceof Answered) return thrown.response;
    const { status, code } = describeFailure(thrown);
    // Who has left needs no answer, and has done nothing that needs looking at.
    const path = below(basePath, new URL(request.url).pathname) ?? '/';
    if (status >= 500 && thrown !== request.signal.reason)
      services.logger.error({ err: thrown, reqId, method: request.method, path }, 'A request failed');
    const isNova = options.nova && code !== 'misdirected';
    if (isNova && !path.startsWith('/api/v1') && path.startsWith('/api/')) return novaFailure(thrown);
    return failure(thrown, { basePath, jobId: /^\/api\/v1\/jobs\/([0-9a-f]{32})(?:\/|$)/.exec(path)?.[1] });
  }

  async function handle(request: Request, peer: Peer = {}): Promise<Response> {
    const turn = services.turns.taker(request.signal);
    const asked: Asked = { reqId: randomUUID(), budgets: [], turn };
    const tell = watchRequest(request, asked, services.logger);
    try {
      const response =
        cors.preflight(request) ??
        (await answer(request, peer, asked).catch((thrown) => failed(request, thrown, asked.reqId)));
      tell(response.status);
      return finish(request, await compressed(request, response), {
        ...cors.headers(request),
        ...rateLimitHeaders(asked.budgets),
        'x-request-id': asked.reqId,
      });
    } finally {
      turn.leave();
    }
  }

  return Object.assign(handle, {
    async close() {
      closer.abort(new HttpError('closed', 'The server is stopping'));
      await services.webhooks.close();
    },
  });
}

function createServices(jobs: AstroJobs, options: HandlerOptions): Services {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const logger = options.logger ?? silentLogger;
  return {
    jobs,
    options,
    limits,
    logger,
    access: createAccess(jobs, options),
    requests: new RateLimiter('requests', limits.requestsPerMinute),
    submits: new RateLimiter('submits', limits.submitsPerMinute),
    attempts: new RateLimiter('attempts', 120),
    uploads: new Gate({
      places: limits.concurrentUploads,
      placesPerKey: limits.uploadsPerCaller,
      waiting: limits.waitingUploads,
      refusal: busy,
    }),
    turns: new FairTurns({ ...TURNS, refusal: tooManyAtOnce }),
    streams: new OpenCount(limits.streamsPerCaller),
    webhooks: createWebhooks(jobs, options.webhooks, logger),
    fetchImage: createFetchImage(options.urlFetch, limits.maxUploadBytes),
    closing: new AbortController().signal,
  };
}

function normalBasePath(basePath = ''): string {
  const trimmed = basePath.replace(/(?<!\/)\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

function below(basePath: string, path: string): string | undefined {
  if (path === basePath) return '/';
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : undefined;
}

/** The headers that every answer has, and no body for HEAD. */
function finish(request: Request, response: Response, more: Readonly<Record<string, string>>): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    if (!headers.has(name)) headers.set(name, value);
  for (const [name, value] of Object.entries(more))
    if (name === 'vary') headers.append(name, value);
    else headers.set(name, value);
  const bodiless = request.method === 'HEAD';
  if (bodiless && response.body) response.body.cancel().catch(() => {});
  return new Response(bodiless ? null : response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}
