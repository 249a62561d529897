import { JOB_STATES } from '../job/status.js';
import type { Durations, JobStats } from '../jobs/stats.js';
import { durationWords } from './batch-display.js';
import { table } from './layout.js';

/** As short as it is worth: `0.14 s`, `3 min 20 s`. */
const time = (seconds: number) =>
  seconds < 10 ? `${Number(seconds.toPrecision(2))} s` : durationWords(seconds);

const times = (name: string, { median, p95, max }: Durations) => [name, time(median), time(p95), time(max)];

/** How many jobs there are, and how long the last ones took. */
export function statsInWords({ counts, sample, waiting_seconds, processing_seconds }: JobStats): string {
  const states = table(
    JOB_STATES.map((state) => [state, String(counts[state])]),
    { head: ['state', 'jobs'] },
  );
  if (!waiting_seconds || !processing_seconds) return states.join('\n');
  const durations = table([times('waiting', waiting_seconds), times('processing', processing_seconds)], {
    head: [`last ${sample}`, 'median', '95 %', 'longest'],
  });
  return [...states, '', ...durations].join('\n');
}
