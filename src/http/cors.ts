import type { CorsOptions } from './options.js';

/** Which other sites' scripts may call: none, unless told. */
export function createCors(options: CorsOptions | undefined) {
  const allowedOrigin = (request: Request): string | undefined => {
    const origin = request.headers.get('origin');
    if (!options || origin === null) return undefined;
    if (options.origins === '*') return '*';
    return options.origins.includes(origin) ? origin : undefined;
  };
  const headers = (request: Request): Record<string, string> => {
    const origin = allowedOrigin(request);
    if (origin === undefined) return options ? { vary: 'Origin' } : {};
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'ETag, Location, Retry-After, Content-Disposition',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    };
  };
  return {
    headers,
    /** Whether a page of another site makes a visitor's browser send this, and may not. */
    isForeign(request: Request): boolean {
      return request.headers.get('sec-fetch-site') === 'cross-site' && allowedOrigin(request) === undefined;
    },
    /** The answer to a browser that asks before it calls. */
    preflight(request: Request): Response | undefined {
      const asks = request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
      if (!asks || allowedOrigin(request) === undefined) return undefined;
      return new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
          'access-control-allow-headers':
            'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range, X-Filename',
          'access-control-max-age': '600',
        },
      });
    },
  };
}
