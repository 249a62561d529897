import { SCOPE_TABLE, SCOPES } from '../index.js';
import type { Json } from './openapi-parts.js';
import type { Route } from './router.js';
import { ACTION_SCOPES } from './scopes.js';

const scopes = SCOPES.map((scope) => `\`${scope}\`: ${SCOPE_TABLE[scope]}`).join('; ');

export const SECURITY_SCHEMES = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description: `A key (\`astro-jobs keys add\`) or the administrator's token. Scopes: ${scopes}`,
  },
};

/** For each operation the scopes of which one is wanted, out of the routes themselves. `{}`: a server that has neither key nor token. */
export function secured(paths: Json, routes: readonly Route[]): Json {
  const securityOf = (method: string, path: string): Json[] => {
    const pattern = `/api/v1${path.replace(/\{(\w+)\}/g, ':$1')}`;
    const action = routes.find(
      (route) => route.method === method.toUpperCase() && route.path === pattern,
    )?.action;
    if (action === undefined || action === 'none') return [];
    const wanted = ACTION_SCOPES[action];
    const admitted = wanted.length === 0 ? [[]] : [...new Set([...wanted, 'admin'])].map((scope) => [scope]);
    return [{}, ...admitted.map((key) => ({ key }))];
  };
  const entries = Object.entries(paths).map(([path, item]) => {
    const operations = Object.entries(item as Json).map(([method, operation]) =>
      method === 'parameters'
        ? [method, operation]
        : [method, { ...(operation as Json), security: securityOf(method, path) }],
    );
    return [path, Object.fromEntries(operations) as Json];
  });
  return Object.fromEntries(entries) as Json;
}
