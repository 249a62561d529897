/**
 * The REST API, the page and the API of nova.astrometry.net, as a function from `Request` to `Response`.
 * @module astro-jobs/http
 */

export type { ConnectionLimits } from './connections.js';
export { createHandler, type Handler } from './handler.js';
export { nodeListener } from './node.js';
export type {
  Action,
  Authorize,
  CorsOptions,
  Grant,
  HandlerLimits,
  HandlerOptions,
  NovaOptions,
  Peer,
  UrlFetchOptions,
  WebhookOptions,
} from './options.js';
export { type ServeOptions, type Server, serve } from './serve.js';
export { signWebhook } from './webhooks.js';
