import type { QueueState, WorkerState } from '../../jobs/queue-state.js';
import { durationWords } from '../batch-display.js';
import type { Check } from './checks.js';

/** Jobs that wait so long without a worker in sight are worth a word, seconds. */
const LONG = 60;

/** The jobs of a store; undefined where it has not told of them in time. */
export function checkJobs(state: QueueState | undefined): Check {
  const name = 'jobs';
  if (!state) return { name, state: 'note', found: 'could not be counted in time' };
  const { queued, processing, done, error } = state.counts;
  const since = state.oldest ? `, the oldest for ${durationWords(state.oldest.seconds)}` : '';
  const found = `${queued} queued${since}; ${processing} processing, ${done} done, ${error} failed`;
  const isServed = processing > 0 || count(state, 'busy') + count(state, 'idle') > 0;
  if (isServed || (state.oldest?.seconds ?? 0) < LONG) return { name, state: 'ok', found };
  return { name, state: 'note', found, advice: 'if they are due and no worker runs: astro-jobs worker' };
}

/** Those that run jobs or are known to wait for some; undefined as above. */
export function checkWorkers(state: QueueState | undefined): Check[] {
  if (!state) return [];
  const name = 'workers';
  const [busy, idle, lost] = [count(state, 'busy'), count(state, 'idle'), count(state, 'lost')];
  if (busy + idle + lost === 0) return [{ name, state: 'ok', found: 'none at work' }];
  const found = `${busy} busy, ${idle} idle, ${lost} lost`;
  if (lost === 0) return [{ name, state: 'ok', found }];
  const gone = state.workers.filter((worker) => worker.state === 'lost');
  const who = gone.map(({ host, pid }) => `process ${pid} on ${host}`).join(', ');
  const advice = `${who} gave no sign of life; another worker takes up its jobs`;
  return [{ name, state: 'note', found, advice }];
}

/** What a program is told of them. */
export function factsOfJobs(state: QueueState | undefined) {
  if (!state) return {};
  const { counts, oldest, workers } = state;
  const named = workers.map((worker) => ({ ...worker, jobs: worker.jobs.map(({ job_id }) => job_id) }));
  return { counts, ...(oldest && { oldest }), workers: named };
}

function count({ workers }: QueueState, state: WorkerState['state']): number {
  return workers.filter((worker) => worker.state === state).length;
}
