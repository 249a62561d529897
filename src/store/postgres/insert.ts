import { CHUNK_BYTES } from './files.js';
import type { Tables } from './schema.js';

/**
 * Makes jobs whose images are staged, all but the last chunk of each, which comes along; says which it has made. The parameters are
 * columns, one value for each job: id, change, state, priority, created_at, due_at, run_at, document; id, name, size and day of the
 * image; number and bytes of its last chunk, null for an empty image.
 */
export const insertSql = ({ job, jobTag, file, chunk, channel }: Tables): string => `
  with given as (
    select * from unnest($1::text[], $2::uuid[], $3::text[], $4::integer[], $5::float8[], $6::float8[], $7::float8[], $8::jsonb[],
      $9::uuid[], $10::text[], $11::bigint[], $12::date[], $13::integer[], $14::bytea[])
    as given (id, change, state, priority, created_at, due_at, run_at, document, file_id, name, size, day, seq, bytes)
  ),
  made as (
    insert into ${job} (id, change, state, priority, created_at, due_at, run_at, document)
    select id, change, state, priority, created_at, due_at, run_at, document from given
    on conflict (id) do nothing returning id, change, revision
  ),
  tagged as (
    insert into ${jobTag} (tag, created_at, job_id)
    select tag, given.created_at, given.id from made join given using (change),
      jsonb_array_elements_text(coalesce(given.document -> 'tags', '[]')) as tag
    on conflict do nothing
  ),
  kept as (
    insert into ${file} as f (id, job_id, is_image, name, size, chunk_size, day)
    select file_id, given.id, true, name, size, ${CHUNK_BYTES}, day from made join given using (change)
    on conflict (id) do update set job_id = excluded.job_id, is_image = excluded.is_image, name = excluded.name,
      size = excluded.size, written_at = clock_timestamp()
    returning f.id, f.day
  ),
  ended as (
    insert into ${chunk} (day, file_id, seq, bytes)
    select kept.day, kept.id, seq, bytes from kept join given on given.file_id = kept.id where bytes is not null
  )
  select change, revision, pg_notify('${channel}', id) from made`;
