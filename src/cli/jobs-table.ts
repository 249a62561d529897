import { styleText } from 'node:util';
import { isSettled, type JobState, type JobStatus } from '../job/status.js';
import type { JobPage } from '../store/job-store.js';
import { printable } from './printable.js';
import { describeStatus } from './progress.js';

/** As much of an id as tells jobs apart, nearly always. */
const ID_LENGTH = 8;
const MOST_NAME = 32;
const MOST_WORDS = 60;

const COLOURS = {
  queued: 'yellow',
  processing: 'cyan',
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

const cut = (text: string, most: number) => {
  const characters = [...printable(text)];
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
};

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
    cut(job.filename ?? '', MOST_NAME),
    job.state === 'done' ? '' : cut(describeStatus(job), MOST_WORDS),
  ];
}

/** Jobs for a person: an id is good for every command as far as it is shown. @param now Unix seconds */
export function jobsTable({ jobs, next }: JobPage, now: number): string {
  if (jobs.length === 0) return 'There are no jobs.';
  const head = ['job', 'state', 'age', 'took', 'image', ''];
  const rows = jobs.map((job) => cells(job, now));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const padded = (row: readonly string[]) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length));
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    process.env.NO_COLOR ? text : styleText(format, text);
  const lines = jobs.map(({ state }, index) => {
    const [id = '', shown = '', ...rest] = padded(rows[index] ?? []);
    return [id, style(COLOURS[state], shown), ...rest].join('  ').trimEnd();
  });
  const more = next === undefined ? [] : [`There are more: astro-jobs list --after ${next}`];
  return [style('dim', padded(head).join('  ').trimEnd()), ...lines, ...more].join('\n');
}
