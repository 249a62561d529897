import { isSettled, type JobState, type JobStatus } from '../job/status.js';
import type { JobPage } from '../store/job-store.js';
import { cut, table, terminalWidth } from './layout.js';
import { printable } from './printable.js';
import { describeStatus } from './progress.js';

/** As much of an id as tells jobs apart, nearly always. */
const ID_LENGTH = 8;
const MOST_NAME = 26;
const STATE_COLUMN = 1;

const COLOURS = {
  queued: 'magenta',
  processing: 'blue',
  done: 'green',
  error: 'red',
} as const satisfies Record<JobState, string>;

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** `5 s`, `3 min`, `7 h`, `12 d`. */
function age(seconds: number): string {
  if (seconds < MINUTE) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)} min`;
  return seconds < DAY ? `${Math.round(seconds / HOUR)} h` : `${Math.round(seconds / DAY)} d`;
}

function cells(job: JobStatus, now: number): string[] {
  const took =
    isSettled(job) && job.started_at !== undefined
      ? `${(job.finished_at - job.started_at).toFixed(1)} s`
      : '';
  return [
    job.job_id.slice(0, ID_LENGTH),
    job.state,
    age(now - job.created_at),
    took,
    cut(printable(job.filename ?? ''), MOST_NAME),
    job.state === 'done' ? '' : printable(describeStatus(job)),
  ];
}

/** Jobs for a person: an id is good for every command as far as it is shown. @param now Unix seconds */
export function jobsTable({ jobs, next }: JobPage, now: number): string {
  if (jobs.length === 0) return 'There are no jobs.';
  const lines = table(
    jobs.map((job) => cells(job, now)),
    {
      head: ['job', 'state', 'age', 'took', 'image', ''],
      styleOf: (row, column) => (column === STATE_COLUMN ? COLOURS[jobs[row]?.state ?? 'queued'] : undefined),
      width: terminalWidth(),
    },
  );
  const more = next === undefined ? [] : [`There are more: astro-jobs list --after ${next}`];
  return [...lines, ...more].join('\n');
}
