import type { JobStatus } from '../job/status.js';
import type { JobStore } from '../store/job-store.js';
import type { Durations, JobStats } from './types/stats.js';

export type { Durations, JobStats } from './types/stats.js';

const SAMPLE = 200;

export async function jobStats(store: JobStore): Promise<JobStats> {
  const counts = await store.counts();
  const { jobs } = await store.list({ states: ['done', 'error'], limit: SAMPLE });
  const timed = jobs.filter(wasRun);
  return {
    counts,
    sample: timed.length,
    waiting_seconds: durations(timed.map((job) => job.started_at - job.created_at)),
    processing_seconds: durations(timed.map((job) => job.finished_at - job.started_at)),
  };
}

function wasRun(job: JobStatus): job is JobStatus & { started_at: number; finished_at: number } {
  return job.started_at !== undefined && job.finished_at !== undefined;
}

function durations(seconds: number[]): Durations | undefined {
  const sorted = seconds.sort((a, b) => a - b);
  const at = (quantile: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? Number.NaN;
  return sorted.length === 0 ? undefined : { median: at(0.5), p95: at(0.95), max: at(1) };
}
