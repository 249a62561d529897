import { JOB_STATES, nowSeconds } from '../job/status.js';
import { type Gauge, metricsText } from '../metrics/metrics.js';
import { PROCESS_METRICS, processGauges } from '../metrics/process-metrics.js';
import type { JobStore } from '../store/job-store.js';

/** How many jobs are in each state, and how long the one that is run next has waited. */
async function storeGauges(store: JobStore): Promise<Gauge[]> {
  const now = nowSeconds();
  const [counts, [next]] = await Promise.all([store.counts(), store.runnable({ now, limit: 1 })]);
  const record = next === undefined ? undefined : await store.get(next);
  return [
    {
      name: 'astro_jobs_jobs',
      help: 'Jobs in the store; queued is the depth of the queue',
      values: JOB_STATES.map((state) => ({ labels: { state }, value: counts[state] })),
    },
    {
      name: 'astro_jobs_queue_age_seconds',
      help: 'Seconds since the job that is run next was submitted; 0 when none waits',
      values: [{ labels: {}, value: record ? Math.max(0, now - record.status.created_at) : 0 }],
    },
  ];
}

/** All that Prometheus is told: what this process has counted, and how the jobs of a store stand. @throws AstroJobsError of the store */
export async function metricsOf(store: JobStore): Promise<string> {
  return metricsText(PROCESS_METRICS, [...processGauges(), ...(await storeGauges(store))]);
}
