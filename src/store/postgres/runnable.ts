/**
 * The ids of `JobStore.runnable`: $1 is now, $2 the limit, $3 whom the caller has served. The clients that wait are found by one step along the index each, and of each
 * of them the first jobs are read, so that the many jobs of one client cost no more than its first ones.
 */
export const runnableSql = (job: string): string => `
  with recursive client as (
    (select coalesce(rate_key, '') as name from ${job} where state = 'queued' order by 1 limit 1)
    union all
    select (select coalesce(rate_key, '') from ${job}
      where state = 'queued' and coalesce(rate_key, '') > client.name order by 1 limit 1)
    from client where client.name is not null
  ),
  running as (
    select coalesce(rate_key, '') as name, count(*) as jobs from ${job} where state = 'processing' group by 1
  ),
  head as (
    select client.name, first.* from client cross join lateral (
      select id, priority, run_at, position from ${job}
      where state = 'queued' and coalesce(rate_key, '') = client.name and due_at <= $1
      order by priority desc, run_at, position limit $2
    ) as first where client.name is not null
  ),
  ranked as (
    select head.*, coalesce(running.jobs, 0)
      + row_number() over (partition by head.name, head.priority order by head.run_at, head.position) as turn, coalesce(served.at, 0) as served
    from head left join running using (name) left join unnest($3::text[]) with ordinality as served(name, at) using (name)
  )
  (select id from ${job} where state = 'processing' and lease_until <= clock_timestamp() order by lease_until limit $2)
  union all
  (select id from ranked order by priority desc, turn, served, run_at, position limit $2)
  limit $2`;
