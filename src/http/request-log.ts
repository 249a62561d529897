import type { TurnTaker } from '../async/fair-turns.js';
import type { Logger } from '../index.js';
import { requestSeconds } from '../metrics/process-metrics.js';
import type { Budget } from './limits.js';

/** What is known of a request while it is answered. */
export interface Asked {
  reqId: string;
  /** The pattern of its route, once it is found: ids and names in paths are not told apart in metrics. */
  route?: string;
  /** Limits that it was counted against. */
  budgets: Budget[];
  turn: TurnTaker;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT', 'PATCH']);

/** Counts and logs a request when the returned function is told its status. The query is left out: keys may stand in it. */
export function watchRequest(request: Request, asked: Asked, logger: Logger): (status: number) => void {
  const started = performance.now();
  const method = METHODS.has(request.method) ? request.method : 'other';
  const path = new URL(request.url).pathname;
  return (status) => {
    const ms = performance.now() - started;
    const route = asked.route ?? (path.startsWith('/api/') ? '/api/*' : '/*');
    requestSeconds.add({ method, route, status: String(status) }, ms / 1000);
    const fields = { reqId: asked.reqId, method, path, route, status, ms: Math.round(ms) };
    const isProbe = asked.route === '/healthz' || asked.route === '/readyz' || asked.route === '/metrics';
    if (isProbe) logger.debug(fields, 'A request was answered');
    else logger.info(fields, 'A request was answered');
  };
}
