import type { Gate } from '../async/gate.js';
import type { AstroJobs, Logger } from '../index.js';
import type { Access } from './access.js';
import type { FetchImage } from './fetch-image.js';
import type { Budget, OpenCount, RateLimiter } from './limits.js';
import type { Grant, HandlerLimits, HandlerOptions, Peer } from './options.js';
import type { Webhooks } from './webhooks.js';

/** What every route works with. */
export interface Services {
  jobs: AstroJobs;
  options: HandlerOptions;
  limits: HandlerLimits;
  logger: Logger;
  access: Access;
  requests: RateLimiter;
  submits: RateLimiter;
  /** Guesses of the token. */
  attempts: RateLimiter;
  uploads: Gate;
  /** Of what is read from many jobs or asked often. */
  reads: Gate;
  streams: OpenCount;
  webhooks: Webhooks;
  fetchImage?: FetchImage;
  /** Aborted when the handler closes: ends streams and waits. */
  closing: AbortSignal;
}

/** One request on its way through a route. */
export interface Call extends Services {
  request: Request;
  /** Path below `basePath`, query and all. */
  url: URL;
  path: string;
  /** Values of the `:names` in the route's path, decoded. */
  params: Readonly<Record<string, string>>;
  peer: Peer;
  /** Whom limits count it for. */
  client: string;
  /** Limits that it was counted against; told in the answer. */
  budgets: Budget[];
  grant: Grant;
}

/** A value of the route's path; a route without it gives an empty one, which names nothing. */
export const paramOfPath = (call: Call, name: string): string => call.params[name] ?? '';
