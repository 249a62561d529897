import { METRICS_TYPE } from '../metrics/metrics.js';
import { json } from './responses.js';
import type { Route } from './router.js';

/** What those who run a server ask: probes, which everybody may, and Prometheus, which shows a key with the scope `admin`. */
export const operatorRoutes: readonly Route[] = [
  { method: 'GET', path: '/healthz', action: 'none', answer: () => json({ ok: true }) },
  {
    method: 'GET',
    path: '/readyz',
    action: 'none',
    async answer({ jobs, closing }) {
      const ready = !closing.aborted && (await jobs.isReachable());
      return json({ ok: ready, ready }, ready ? 200 : 503);
    },
  },
  {
    method: 'GET',
    path: '/metrics',
    action: 'operate',
    answer: async ({ jobs }) =>
      new Response(await jobs.metrics(), { headers: { 'content-type': METRICS_TYPE } }),
  },
];
