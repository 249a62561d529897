import { HttpError } from './errors.js';
import type { Action } from './options.js';
import type { Call } from './services.js';

export type Method = 'GET' | 'POST' | 'DELETE';

export interface Route {
  method: Method;
  /** `/api/v1/jobs/:id/files/:name`; a `:name` stands for one segment. */
  path: string;
  /** What `authorize` is asked; `none` for what everybody may have. */
  action: Action | 'none';
  answer(call: Call): Promise<Response> | Response;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

type Matcher = (path: string) => Record<string, string> | undefined;

function compile(path: string): Matcher {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const source = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '([^/]+)');
  const pattern = new RegExp(`^${source}/?$`);
  return (candidate) => {
    const found = pattern.exec(candidate);
    if (!found) return undefined;
    try {
      return Object.fromEntries(
        names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]),
      );
    } catch {
      return undefined;
    }
  };
}

/** Finds the route of a request; HEAD is answered by GET. */
export function createRouter(routes: readonly Route[]) {
  const compiled = routes.map((route) => ({ route, match: compile(route.path) }));
  /** @throws HttpError 405 `method_not_allowed` */
  return (method: string, path: string): Match | undefined => {
    const wanted = method === 'HEAD' ? 'GET' : method;
    const allowed = new Set<string>();
    for (const { route, match } of compiled) {
      const params = match(path);
      if (!params) continue;
      if (route.method === wanted) return { route, params };
      allowed.add(route.method);
      if (route.method === 'GET') allowed.add('HEAD');
    }
    if (allowed.size === 0) return undefined;
    const allow = [...allowed].join(', ');
    throw new HttpError('method_not_allowed', `Use ${allow} here`, { allow });
  };
}
