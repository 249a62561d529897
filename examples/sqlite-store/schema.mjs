/** Columns beside the document repeat what is searched for. A revision is taken from `sequence`, and never used twice. */
export const SCHEMA = `
pragma busy_timeout = 5000;
pragma foreign_keys = on;
create table if not exists sequence (value integer not null);
insert into sequence select 0 where not exists (select 1 from sequence);
create table if not exists job (
  id text primary key,
  revision integer not null,
  document text not null,
  state text not null,
  priority integer not null,
  created_at real not null,
  not_before real not null,
  rate_key text,
  tags text not null,
  lease_until real not null
);
create index if not exists job_by_state on job (state, created_at, id);
create table if not exists file (
  job_id text not null references job (id) on delete cascade,
  kind text not null check (kind in ('image', 'output')),
  name text not null,
  bytes blob not null,
  modified_at real not null,
  primary key (job_id, kind, name)
);
create table if not exists log (
  position integer primary key,
  job_id text not null references job (id) on delete cascade,
  text text not null,
  written_at real not null
);
create index if not exists log_of_job on log (job_id, position);
`;

/** Jobs that are due, in the order of `JobStore.runnable`; parameters are now, the served clients as JSON, and the limit. */
export const RUNNABLE = `
with waiting as (
  select id, rowid as position, priority, coalesce(rate_key, '') as client,
    max(created_at, not_before) + coalesce(document ->> '$.expected_seconds', 0) as turn
  from job where state = 'queued' and not_before <= ?1
),
running as (select coalesce(rate_key, '') as client, count(*) as jobs from job where state = 'processing' group by 1)
select id from waiting left join running using (client)
  left join (select value as client, key as served from json_each(?2)) using (client)
order by priority desc,
  coalesce(jobs, 0) + row_number() over (partition by client, priority order by turn, position),
  coalesce(served, -1), turn, position
limit ?3
`;
