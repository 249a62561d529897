import type { KeyStore, Scope } from '../index.js';
import type { Logger } from '../job/logger.js';

/** What a request wants to do, as `authorize` is asked; `identify`: only to hear who it is. */
export type Action =
  | 'identify'
  | 'submit'
  | 'list'
  | 'read'
  | 'stats'
  | 'operate'
  | 'cancel'
  | 'retry'
  | 'remove';

/** What is known of a request beside the `Request` itself. */
export interface Peer {
  /** Address of the client's end of the connection; whoever mounts the handler knows it. */
  remoteAddress?: string;
}

/** Who asks, once that is settled. */
export interface Grant {
  /** Stable name of the caller: its jobs belong to it, limits are counted by it, and queues are fair by it. */
  caller: string;
  /** What it may do: see `SCOPE_TABLE`. @default ['admin'] */
  scopes?: readonly Scope[];
}

/**
 * Decides on every request. A `Grant` lets it pass; a `Response` is the answer instead; nothing at all is 401.
 * `jobId` is what the request names, not yet known to exist.
 */
export type Authorize = (
  request: Request,
  asked: { action: Action; jobId?: string; peer: Peer },
) => Grant | Response | undefined | Promise<Grant | Response | undefined>;

/** How much the handler takes, from all and from each caller. */
export interface HandlerLimits {
  /** Bytes of one upload. @default 1 GiB */
  maxUploadBytes: number;
  /** Uploads read side by side; the others wait unread. @default 32 */
  concurrentUploads: number;
  /** Of these, uploads of one caller. @default 8 */
  uploadsPerCaller: number;
  /** Uploads that may wait, of one caller half of them; beyond that the answer is 503. @default 2000 */
  waitingUploads: number;
  /** Seconds without a byte after which a request body is given up. @default 30 */
  bodyIdleSeconds: number;
  /** Seconds that one request body may take in all. @default 3600 */
  bodySeconds: number;
  /** Bytes a second that a request body must bring, as a mean over `bodyRateSeconds` of waiting for it. @default 4096 */
  bodyBytesPerSecond: number;
  /** @default 10 */
  bodyRateSeconds: number;
  /** Requests of one address (IPv6: one /64) per minute, polls included. @default 6000 */
  requestsPerMinute: number;
  /** Submits of one caller per minute. @default 2000 */
  submitsPerMinute: number;
  /** Event streams and followed logs open at one time, of one caller. @default 64 */
  streamsPerCaller: number;
}

export const DEFAULT_LIMITS: HandlerLimits = {
  maxUploadBytes: 1024 ** 3,
  concurrentUploads: 32,
  uploadsPerCaller: 8,
  waitingUploads: 2000,
  bodyIdleSeconds: 30,
  bodySeconds: 3600,
  bodyBytesPerSecond: 4096,
  bodyRateSeconds: 10,
  requestsPerMinute: 6000,
  submitsPerMinute: 2000,
  streamsPerCaller: 64,
};

/** How images are fetched by URL, where that is allowed at all. */
export interface UrlFetchOptions {
  /** @default limits.maxUploadBytes */
  maxBytes?: number;
  /** From the first look-up to the last byte. @default 60 */
  timeoutSeconds?: number;
  /** @default 5 */
  maxRedirects?: number;
  /** Lets URLs lead into private networks and to this machine: for a laboratory, never for the open internet. @default false */
  allowPrivateAddresses?: boolean;
}

/** How webhooks are called. */
export interface WebhookOptions {
  /** Told of every job that this handler accepts. */
  urls?: readonly string[];
  /** Lets a submit name a URL of its own (`webhook`), signed with a secret of the key that submits (`GET /api/v1/caller`). @default false */
  perJob?: boolean;
  /** Secret of the signature (Standard Webhooks): `whsec_` and a key in base64, or the key as text. */
  secret: string;
  /** Folder in which deliveries are kept until they are made; without one they live and die with the process. */
  dir?: string;
  /** Seconds between the attempts at one delivery; after the last it is dropped and logged. @default [5, 30, 120, 600, 3600, 21600] */
  retrySeconds?: readonly number[];
  /** @default 10 */
  timeoutSeconds?: number;
  /** @default false for `perJob` URLs, true for `urls` */
  allowPrivateAddresses?: boolean;
}

/** Which pages of other origins may call the server. */
export interface CorsOptions {
  /** Origins that a browser may call from, or `*`. */
  origins: readonly string[] | '*';
}

/** How clients of nova.astrometry.net are served. */
export interface NovaOptions {
  /**
   * Whoever knows the number of a job may read it, as at nova itself: astroquery, N.I.N.A. and others send no session with
   * what they only read. `false` wants one, and keeps those clients out. @default true
   */
  publicReads?: boolean;
}

/** What the handler of HTTP requests allows, and to whom. */
export interface HandlerOptions {
  /** Path under which the handler is mounted, such as `/astro`. @default '' */
  basePath?: string;
  /** Serves the page at `basePath`. @default true */
  page?: boolean;
  /** Serves the API of nova.astrometry.net too. @default false */
  nova?: boolean | NovaOptions;
  /**
   * The administrator's: it may do everything. Shown, as a key is, in `Authorization: Bearer …`, to the page, or as nova API key. Ignored when
   * `authorize` is given.
   */
  token?: string;
  /**
   * Where the keys of callers are. Without a token, and as long as no key was ever made, every caller may do everything. Ignored when
   * `authorize` is given. @default those beside the jobs (`jobs.store.keys`)
   */
  keys?: KeyStore;
  /** Decides who may do what. @default the keys of the store; all callers where it has none */
  authorize?: Authorize;
  /**
   * Names that the server answers to: `sky.example.org`, `.example.org` for all below it, `*` for any. Pages of these origins count
   * as the server's own. `serve` adds the names that only this machine or its network can have. @default any, in a mounted handler
   */
  allowedHosts?: readonly string[];
  /** Which pages of other origins may call. @default none */
  cors?: CorsOptions;
  /** How much it takes; what is not named has its default. */
  limits?: Partial<HandlerLimits>;
  /** Lets a submit name a URL instead of bringing an image. Off unless given. */
  urlFetch?: UrlFetchOptions | boolean;
  /** Whether callers may name webhooks, and how they are called. @default none */
  webhooks?: WebhookOptions;
  /** Where it writes what went wrong. @default nowhere */
  logger?: Logger;
}
