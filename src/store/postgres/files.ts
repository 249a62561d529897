import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { AstroJobsError } from '../../job/errors.js';
import type { StoredFile } from '../job-store.js';
import type { Database } from './database.js';
import { sqlState } from './errors.js';

/** Bytes per row. */
export const CHUNK_BYTES = 256 * 1024;
/** Rows that one question to the database brings when a file is read. */
const ROWS_PER_READ = 1;

const ASYNC_COMMIT = `select set_config('synchronous_commit', 'off', true) as set`;

/** A file that is written, or all but its last chunk, and belongs to no job yet. */
export interface StagedFile {
  id: string;
  day: string;
  size: number;
  /** Not written yet: goes with the statement that gives the file to its job. */
  last?: { seq: number; bytes: Buffer };
}

interface FileRow {
  id: string;
  name: string;
  size: string;
  chunk_size: number;
  day: string;
  written_at: number;
}

/** Files in rows of 256 KiB: however large a file is, a few of them are in memory. */
export class Files {
  readonly #partitions = new Set<string>();

  constructor(private readonly database: Database) {}

  /**
   * Writes a file that belongs to no job yet; `Files.sweep` removes it if it never will. Its commits do not wait for
   * the disk: the commit that gives the file to its job does, and with it everything before. If it rejects, nothing is left.
   * `wanted` is asked before the first byte goes to the database; if it says no, the source is closed and `undefined` returned.
   */
  async stage(source: AsyncIterable<Buffer>): Promise<StagedFile>;
  async stage(source: AsyncIterable<Buffer>, wanted: () => Promise<boolean>): Promise<StagedFile | undefined>;
  async stage(
    source: AsyncIterable<Buffer>,
    wanted?: () => Promise<boolean>,
  ): Promise<StagedFile | undefined> {
    const staged: StagedFile = { id: randomUUID(), day: new Date().toISOString().slice(0, 10), size: 0 };
    await this.ensureDay(staged.day);
    let seq = 0;
    try {
      for await (const bytes of source) {
        if (staged.last?.seq === 0 && wanted && !(await wanted())) return undefined;
        if (staged.last) await this.#write(staged, staged.last);
        staged.last = { seq, bytes };
        staged.size += bytes.length;
        seq += 1;
      }
      return staged;
    } catch (error) {
      await this.discard([staged]);
      throw error;
    }
  }

  async #write(staged: StagedFile, chunk: { seq: number; bytes: Buffer }): Promise<void> {
    const { file, chunk: table } = this.database.tables;
    const owner = `with fast as (${ASYNC_COMMIT})`;
    if (chunk.seq === 0) {
      await this.database.query(
        'Could not store a file',
        `${owner} insert into ${file} (id, is_image, name, size, chunk_size, day)
         select $1, false, '', 0, $2, $3 from fast on conflict do nothing`,
        [staged.id, CHUNK_BYTES, staged.day],
      );
    }
    // So that `sweep` does not take a long upload for an abandoned one.
    const touch =
      chunk.seq % 16 === 15
        ? `, touched as (update ${file} set written_at = clock_timestamp() where id = $2)`
        : '';
    await this.withDay(staged.day, () =>
      this.database.query(
        'Could not store a file',
        `${owner}${touch} insert into ${table} (day, file_id, seq, bytes) select $1, $2, $3, $4 from fast on conflict do nothing`,
        [staged.day, staged.id, chunk.seq, chunk.bytes],
      ),
    );
  }

  async discard(staged: readonly StagedFile[]): Promise<void> {
    const ids = staged.filter((one) => (one.last?.seq ?? 0) > 0).map((one) => one.id);
    if (ids.length === 0) return;
    await this.database
      .query(
        'Could not discard a file',
        `delete from ${this.database.tables.file} where id = any($1) and job_id is null`,
        [ids],
      )
      .catch(() => {});
  }

  /** Does `work`, which writes chunks of that day; once more if its partition was dropped just before, for being empty. */
  async withDay<T>(day: string, work: () => Promise<T>): Promise<T> {
    await this.ensureDay(day);
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof AstroJobsError ? error.cause : error;
      // 23514: no partition of the table takes the row
      if (sqlState(cause) !== '23514') throw error;
      this.#partitions.delete(day);
      await this.ensureDay(day);
      return work();
    }
  }

  /** Attached, not created as a partition, so that readers and writers of the other days need not stop. */
  async ensureDay(day: string): Promise<void> {
    if (this.#partitions.has(day)) return;
    const { schema, chunk } = this.database.tables;
    const name = `chunk_${day.replaceAll('-', '')}`;
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    await this.database.query(
      'Could not make a partition for files',
      `do $$ begin
         perform pg_advisory_xact_lock(hashtext('${schema}.${name}'));
         if to_regclass('"${schema}"."${name}"') is null then
           create table "${schema}"."${name}" (like ${chunk} including defaults including storage);
           alter table "${schema}"."${name}" set (toast.autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_scale_factor = 0.05);
           alter table ${chunk} attach partition "${schema}"."${name}" for values from ('${day}') to ('${next}');
         end if;
       end $$`,
    );
    this.#partitions.add(day);
  }

  async of(jobId: string, which: 'image' | 'output'): Promise<StoredFile[]> {
    const rows = await this.database.query<FileRow>(
      'Could not list the files of a job',
      `select id, name, size, chunk_size, day::text as day, extract(epoch from written_at)::float8 as written_at
       from ${this.database.tables.file} where job_id = $1 and is_image = $2 order by name`,
      [jobId, which === 'image'],
    );
    return rows.map((row) => this.#stored(row));
  }

  #stored(row: FileRow): StoredFile {
    const size = Number(row.size);
    return {
      name: row.name,
      size,
      modifiedAt: row.written_at,
      read: (range = {}) => {
        const end = Math.min(range.end ?? size - 1, size - 1);
        return Readable.from(this.#read(row, Math.max(0, range.start ?? 0), end), { objectMode: false });
      },
    };
  }

  async *#read(row: FileRow, start: number, end: number): AsyncGenerator<Buffer> {
    let position = start;
    while (position <= end) {
      const first = Math.floor(position / row.chunk_size);
      const last = Math.min(first + ROWS_PER_READ - 1, Math.floor(end / row.chunk_size));
      const chunks = await this.database.query<{ bytes: Buffer }>(
        `Could not read ${row.name}`,
        `select bytes from ${this.database.tables.chunk}
         where day = $1 and file_id = $2 and seq between $3 and $4 order by seq`,
        [row.day, row.id, first, last],
      );
      if (chunks.length !== last - first + 1) {
        throw new AstroJobsError('not_found', `${row.name} was removed while it was read`);
      }
      for (const [index, { bytes }] of chunks.entries()) {
        const from = position - (first + index) * row.chunk_size;
        const part = bytes.subarray(from, Math.min(bytes.length, end - (first + index) * row.chunk_size + 1));
        position += part.length;
        yield part;
      }
    }
  }

  /** Takes away files that never came to belong to a job, and gives the disk back the days of which nothing is left. */
  async sweep(olderThanSeconds: number): Promise<void> {
    const { file, chunk, schema } = this.database.tables;
    await this.database.query(
      'Could not clear away unfinished files',
      `delete from ${file} where job_id is null and written_at < clock_timestamp() - make_interval(secs => $1)`,
      [olderThanSeconds],
    );
    const days = await this.database.query<{ name: string }>(
      'Could not list the days',
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass`,
      [chunk],
    );
    for (const { name } of days) await this.#dropIfEmpty(`"${schema}"."${name}"`);
    this.#partitions.clear();
  }

  /** The look without a lock keeps writers of a day in use undisturbed; the look under the lock is the one that counts. */
  async #dropIfEmpty(partition: string): Promise<void> {
    const used = await this.database
      .query<{ used: boolean }>('', `select exists (select from ${partition}) as used`)
      .catch(() => []);
    if (used[0]?.used !== false) return;
    await this.database
      .query(
        'Could not drop an empty day',
        `do $$ begin
           set local lock_timeout = '500ms';
           lock table ${partition} in access exclusive mode;
           if not exists (select from ${partition}) then drop table ${partition}; end if;
         end $$`,
      )
      .catch(() => {});
  }
}

/** Any stream of bytes as chunks of exactly `CHUNK_BYTES`, the last one shorter; none for an empty stream. */
export async function* inChunks(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let length = 0;
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + CHUNK_BYTES - length);
      chunk.set(part, length);
      from += part.length;
      length += part.length;
      if (length === CHUNK_BYTES) {
        yield chunk;
        chunk = Buffer.allocUnsafe(CHUNK_BYTES);
        length = 0;
      }
    }
  }
  // A copy, so that a small file does not keep a whole chunk.
  if (length > 0) yield Buffer.from(chunk.subarray(0, length));
}
