import { crc32 } from 'node:zlib';
import { JOB_STATES, type JobState, type JobStatus } from '../job/status.js';
import type { ListOptions } from './job-store.js';
import type { Filter } from './newest-first.js';

/** What the filters of a list ask of a job. */
export interface Filtered {
  state: JobState;
  rateKey: string | undefined;
  tags: readonly string[] | undefined;
}

/** Whether a page with these filters shows a job. */
export function passes(job: Filtered, { states, rateKey, tag }: ListOptions): boolean {
  return (
    (!states || states.includes(job.state)) &&
    (rateKey === undefined || job.rateKey === rateKey) &&
    (tag === undefined || (job.tags?.includes(tag) ?? false))
  );
}

/** What filters ask of a status. */
export const filteredOf = ({ state, rate_key: rateKey, tags }: JobStatus): Filtered => ({
  state,
  rateKey,
  tags,
});

const markOfText = (text: string | undefined) => (text === undefined ? 0 : crc32(text));

/** The columns of a `NewestFirst` by which jobs are found. */
export const MARKS: readonly ((job: Filtered) => number)[] = [
  ({ state }) => JOB_STATES.indexOf(state),
  ({ rateKey }) => markOfText(rateKey),
];

export function filterOf(options: ListOptions): Filter<Filtered> {
  const { states, rateKey } = options;
  return {
    marks: [
      states?.map((state) => JOB_STATES.indexOf(state)),
      rateKey === undefined ? undefined : [markOfText(rateKey)],
    ],
    passes: (job) => passes(job, options),
  };
}
