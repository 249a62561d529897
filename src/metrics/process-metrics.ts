import { type Gauge, Metric } from './metrics.js';

const RUN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What this process has counted since it started, whatever `AstroJobs`, workers and handlers are in it. */
export const runSeconds = new Metric(
  'astro_jobs_run_seconds',
  'Seconds from the claim of a job to the end of that run, by solver and outcome (done, released, lost, or the error code)',
  RUN_SECONDS,
);
export const stageSeconds = new Metric(
  'astro_jobs_stage_seconds',
  'Seconds that a run was in one stage',
  RUN_SECONDS,
);
export const attempts = new Metric(
  'astro_jobs_solve_attempts_total',
  'Attempts of solvers at an image, by outcome',
);
export const requestSeconds = new Metric(
  'astro_jobs_http_request_seconds',
  'Seconds from an HTTP request to the head of its answer, by method, route and status',
  REQUEST_SECONDS,
);

/** Each of them. */
export const PROCESS_METRICS = [runSeconds, stageSeconds, attempts, requestSeconds] as const;

let engineBytes = 0;

/** The engine of this process holds so many more bytes of stars and quads, in memory that its threads share. */
export function addEngineMemory(bytes: number): void {
  engineBytes += bytes;
}

/** Memory and processor time of this process; the engine's shared memory of stars and quads is part of it. */
export function processGauges(): Gauge[] {
  const { user, system } = process.cpuUsage();
  const { rss, external } = process.memoryUsage();
  const one = (name: string, help: string, value: number): Gauge => ({
    name,
    help,
    values: [{ labels: {}, value }],
  });
  return [
    one('process_cpu_seconds_total', 'Processor time of this process', (user + system) / 1e6),
    one('process_resident_memory_bytes', 'Resident memory of this process, engine included', rss),
    one('astro_jobs_external_memory_bytes', 'Memory outside the heap: images, stars and quads', external),
    one(
      'astro_jobs_engine_memory_bytes',
      'Stars and quads of the engine, shared by its threads',
      engineBytes,
    ),
    one('process_start_time_seconds', 'When this process started', Date.now() / 1000 - process.uptime()),
  ];
}
