import { AstroJobsError } from '../../job/errors.js';

/** Names of this store's tables, each with its schema. */
export interface Tables {
  schema: string;
  job: string;
  jobTag: string;
  file: string;
  chunk: string;
  log: string;
  tally: string;
  revision: string;
  apiKey: string;
  sessionSecret: string;
  worker: string;
  migration: string;
  /** NOTIFY channel. */
  channel: string;
}

/** @throws AstroJobsError `invalid_params`: the name stands in SQL, so it is a plain one. */
export function tablesIn(schema: string): Tables {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
    throw new AstroJobsError(
      'invalid_params',
      `Expected \`schema\` to be up to 40 lower-case letters, digits and underscores, got \`${schema.slice(0, 60)}\``,
    );
  }
  const named = (name: string) => `"${schema}"."${name}"`;
  return {
    schema,
    job: named('job'),
    jobTag: named('job_tag'),
    file: named('file'),
    chunk: named('chunk'),
    log: named('log'),
    tally: named('tally'),
    revision: named('revision'),
    apiKey: named('api_key'),
    sessionSecret: named('session_secret'),
    worker: named('worker'),
    migration: named('migration'),
    channel: `${schema}_changed`,
  };
}

/**
 * The schema, version by version. A version that was released is never edited: a change is a new one at the end.
 *
 * - `revision` is one sequence for all jobs, so a job that is made again under an old id goes on counting.
 * - `change` names the last swap, so a client that lost its connection while committing can find out whether it did.
 * - `file` rows without a job are being written; they belong to a job from the statement on that makes it visible.
 * - `chunk` is partitioned by the day of writing: a day whose jobs are all gone is dropped, and the disk has it back.
 *   Its bytes are stored uncompressed: images are compressed already.
 * - `rate_key` has an index of its own, so that a caller's own jobs are listed without reading those of all others.
 * - `run_at` is a place among the waiting jobs of one client (`turnOf`), and clients are found one by one along an index.
 * - `job_tag` repeats what orders a list, so that jobs with a tag are read along its key; neither tags nor `created_at` ever change.
 * - `worker` rows are of processes that said, until when, that they take jobs.
 * - `session_secret` has one row: of many processes that make one, the first wins.
 * - `tally` counts jobs per state in 16 rows each, so that writers do not queue for one row.
 */
export function migrations(t: Tables): readonly string[] {
  return [
    `
create sequence ${t.revision};

create table ${t.job} (
  id text collate "C" primary key,
  revision bigint not null default nextval('${t.revision}'),
  change uuid not null,
  state text not null,
  priority integer not null,
  created_at double precision not null,
  due_at double precision not null,
  run_at double precision not null,
  position bigint not null default nextval('${t.revision}'),
  lease_until timestamptz,
  document jsonb not null
) with (fillfactor = 80);
create index job_by_age on ${t.job} (state, created_at, id);
create index job_waiting on ${t.job} (priority desc, run_at, position) include (id, due_at) where state = 'queued';
create index job_running on ${t.job} (lease_until) where state = 'processing';

create table ${t.file} (
  id uuid primary key,
  job_id text collate "C" references ${t.job} on delete cascade,
  is_image boolean not null,
  name text not null,
  size bigint not null,
  chunk_size integer not null,
  day date not null,
  written_at timestamptz not null default clock_timestamp()
);
create index file_of_job on ${t.file} (job_id);
create index file_unowned on ${t.file} (written_at) where job_id is null;

create table ${t.chunk} (
  day date not null,
  file_id uuid not null references ${t.file} on delete cascade,
  seq integer not null,
  bytes bytea not null,
  primary key (file_id, seq, day)
) partition by range (day);
alter table ${t.chunk} alter column bytes set storage external;

create table ${t.log} (
  job_id text collate "C" not null references ${t.job} on delete cascade,
  start bigint not null,
  bytes bytea not null,
  written_at timestamptz not null default clock_timestamp(),
  primary key (job_id, start)
);

create table ${t.tally} (
  state text not null,
  slot smallint not null,
  jobs bigint not null,
  primary key (state, slot)
) with (fillfactor = 50);

create function "${t.schema}".count_jobs() returns trigger language plpgsql as $$
declare
  my_slot smallint := pg_backend_pid() % 16;
begin
  if tg_op = 'INSERT' then
    insert into ${t.tally} as tally (state, slot, jobs)
    select state, my_slot, count(*) from added group by state order by state
    on conflict (state, slot) do update set jobs = tally.jobs + excluded.jobs;
  elsif tg_op = 'DELETE' then
    insert into ${t.tally} as tally (state, slot, jobs)
    select state, my_slot, -count(*) from gone group by state order by state
    on conflict (state, slot) do update set jobs = tally.jobs + excluded.jobs;
  else
    insert into ${t.tally} as tally (state, slot, jobs)
    select state, my_slot, sum(n) from (
      select state, 1 as n from added union all select state, -1 from gone
    ) as delta group by state having sum(n) <> 0 order by state
    on conflict (state, slot) do update set jobs = tally.jobs + excluded.jobs;
  end if;
  return null;
end $$;
create trigger count_added after insert on ${t.job} referencing new table as added
  for each statement execute function "${t.schema}".count_jobs();
create trigger count_gone after delete on ${t.job} referencing old table as gone
  for each statement execute function "${t.schema}".count_jobs();
create trigger count_changed after update on ${t.job} referencing old table as gone new table as added
  for each statement execute function "${t.schema}".count_jobs();
`,
    `
alter table ${t.job} add column rate_key text collate "C" generated always as (document ->> 'rate_key') stored;
create index job_of_key on ${t.job} (rate_key, state, created_at, id) where rate_key is not null;
`,
    `
create index job_waiting_of_client on ${t.job} (coalesce(rate_key, ''), priority desc, run_at, position) include (id, due_at)
  where state = 'queued';
`,
    `
create table ${t.apiKey} (
  id text collate "C" primary key,
  document jsonb not null
);
create table ${t.sessionSecret} (
  single boolean primary key default true check (single),
  secret bytea not null
);
`,
    `
create table ${t.jobTag} (
  tag text collate "C" not null,
  created_at double precision not null,
  job_id text collate "C" not null references ${t.job} on delete cascade,
  primary key (tag, created_at, job_id)
);
create index tags_of_job on ${t.jobTag} (job_id);
`,
    `
create table ${t.worker} (
  host text not null,
  pid integer not null,
  machine text not null,
  concurrency integer not null,
  seen_until timestamptz not null,
  primary key (host, pid, machine)
);
`,
  ];
}
