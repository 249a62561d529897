import { JOB_STATES, type JobState } from '../../job/status.js';
import { assertCursor } from '../cursor.js';
import type { JobPage, ListOptions } from '../job-store.js';
import type { Database } from './database.js';
import { type JobRow, RECORD_COLUMNS, toRecord, toText } from './documents.js';

/**
 * A page by (created_at, id). Each state is read along its own range of one index and the heads are merged: a page
 * costs the same at its first job and at its millionth, and a state that is rare costs no more than a common one. Jobs with a tag
 * are read along the key of the tags.
 */
export async function readPage(database: Database, options: ListOptions): Promise<JobPage> {
  const { states = JOB_STATES, rateKey, tag, limit = 100, after } = options;
  const cursor = after === undefined ? undefined : parseCursor(after);
  const wanted = JOB_STATES.filter((state) => states.includes(state));
  if (wanted.length === 0) return { jobs: [], damaged: [] };
  const values: unknown[] = [limit + 1];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const place = cursor && `(${parameter(cursor[0])}, ${parameter(cursor[1])})`;
  const own = rateKey === undefined ? '' : `and rate_key = ${parameter(toText(rateKey))}`;
  const { job, jobTag } = database.tables;
  // Where nothing is known of the states yet, as after many submits, the planner takes a condition on them to leave few jobs, and reads all.
  const inStates = () =>
    wanted.length === JOB_STATES.length ? '' : `and job.state = any(${parameter(wanted)})`;
  const tagged = () => `select ${RECORD_COLUMNS}, job.created_at from ${jobTag} as tagged
    join ${job} as job on job.id = tagged.job_id
    where tagged.tag = ${parameter(toText(tag ?? ''))} ${place ? `and (tagged.created_at, tagged.job_id) < ${place}` : ''}
      ${inStates()} ${own}
    order by tagged.created_at desc, tagged.job_id desc limit $1`;
  const range = (state: JobState) => `(select ${RECORD_COLUMNS}, job.created_at from ${job} as job
    where state = '${state}' ${place ? `and (created_at, id) < ${place}` : ''} ${own}
    order by created_at desc, id desc limit $1)`;
  const merged = () =>
    `select * from (${wanted.map(range).join(' union all ')}) as page order by created_at desc, id desc limit $1`;
  const rows = await database.query<JobRow & { created_at: number }>(
    'Could not list the jobs',
    tag === undefined ? merged() : tagged(),
    values,
  );
  const page: JobPage = { jobs: [], damaged: [] };
  for (const row of rows.slice(0, limit)) {
    try {
      page.jobs.push(toRecord(row).status);
    } catch (error) {
      page.damaged.push({ job_id: row.id, problem: (error as Error).message });
    }
  }
  const last = rows[limit - 1];
  if (rows.length > limit && last) page.next = `${last.created_at}-${last.id}`;
  return page;
}

function parseCursor(after: string): [number, string] {
  assertCursor(after, /^[0-9.e+]+-[0-9a-f]{32}$/);
  const [created = '', id = ''] = after.split('-');
  return [Number(created), id];
}
