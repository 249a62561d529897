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
    if (origin === undefined)
      return options ? { vary: 'Origin' } : { 'cross-origin-resource-policy': 'same-origin' };
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers':
        'Content-Disposition, ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'Origin',
    };
  };
  return {
    headers,
    /** Whether this comes from a page that `cors` names. */
    isAllowed: (request: Request): boolean => allowedOrigin(request) !== undefined,
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
