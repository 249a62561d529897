import type { FairTurns, TurnTaker } from '../async/fair-turns.js';
import type { Gate } from '../async/gate.js';
import type { AstroJobs, Logger } from '../index.js';
import type { Access } from './access.js';
import type { Caller } from './callers.js';
import type { FetchImage } from './fetch-image.js';
import type { Budget, OpenCount, RateLimiter } from './limits.js';
import type { HandlerLimits, HandlerOptions, Peer } from './options.js';
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
  /** Guesses of a key or the token. */
  attempts: RateLimiter;
  uploads: Gate;
  /** In which requests are answered. */
  turns: FairTurns;
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
  /** Who asks. Until a route has had that found out, a caller that may do nothing. */
  grant: Caller;
  /** To be left before it waits for anything but this process. */
  turn: TurnTaker;
}

/** A value of the route's path; a route without it gives an empty one, which names nothing. */
export const paramOfPath = (call: Call, name: string): string => call.params[name] ?? '';
