import type { Attempt } from '../job/solve-report.js';
import type { JobStatus } from '../job/status.js';

/** What is told about a running job to whoever traces. */
export interface JobSpan {
  /** An attempt at a solution has ended. */
  attempt(attempt: Attempt): void;
  end(outcome: string): void;
}

/** Wraps the run of a job in a span. */
export interface JobTracer {
  job<T>(status: JobStatus, run: (span: JobSpan) => Promise<T>): Promise<T>;
}

type OpenTelemetry = typeof import('@opentelemetry/api');

/** Where a host registers what takes spans: every copy of the API, from its first version on, looks there. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1');

/** One span per job with the attempts as children, where the host has registered a tracer provider; otherwise nothing is loaded. */
export function createTracer(): JobTracer {
  let loading: Promise<OpenTelemetry | undefined> | undefined;
  return {
    async job(status, run) {
      if (REGISTERED in globalThis) loading ??= import('@opentelemetry/api').catch(() => undefined);
      const api = await loading;
      if (!api) return run({ attempt() {}, end() {} });
      const tracer = api.trace.getTracer('astro-jobs');
      const attributes = { 'astro_jobs.job_id': status.job_id, 'astro_jobs.attempt': status.attempts ?? 1 };
      return tracer.startActiveSpan('astro-jobs.job', { attributes }, async (span) => {
        const parent = api.trace.setSpan(api.context.active(), span);
        try {
          return await run({
            attempt({ name, reason, seconds, outcome }) {
              const endTime = Date.now();
              const child = tracer.startSpan(
                'astro-jobs.attempt',
                {
                  startTime: endTime - seconds * 1000,
                  attributes: {
                    'astro_jobs.attempt_name': name,
                    'astro_jobs.reason': reason,
                    'astro_jobs.outcome': outcome,
                  },
                },
                parent,
              );
              child.end(endTime);
            },
            end(outcome) {
              span.setAttribute('astro_jobs.outcome', outcome);
              span.setStatus({ code: outcome === 'done' ? api.SpanStatusCode.OK : api.SpanStatusCode.ERROR });
            },
          });
        } finally {
          span.end();
        }
      });
    },
  };
}
