import { Readable } from 'node:stream';
import type { StoredFile } from '../job-store.js';
import type { Database } from './database.js';
import { sqlState } from './errors.js';

const PIECES_PER_READ = 64;

/** Logs as pieces that know where they start: whoever follows a log asks for what comes after the bytes that it has. */
export class Logs {
  /** Per job, the texts that wait while a piece is being written: they go together in the next one. */
  readonly #waiting = new Map<string, { text: string; done: Promise<void> }>();
  readonly #writing = new Map<string, Promise<void>>();

  constructor(private readonly database: Database) {}

  append(jobId: string, text: string): Promise<void> {
    const waiting = this.#waiting.get(jobId);
    if (waiting) {
      waiting.text += text;
      return waiting.done;
    }
    const before = this.#writing.get(jobId) ?? Promise.resolve();
    const piece = { text, done: Promise.resolve() };
    piece.done = before
      .catch(() => {})
      .then(() => {
        this.#waiting.delete(jobId);
        const writing = this.#write(jobId, piece.text).finally(() => {
          if (this.#writing.get(jobId) === writing) this.#writing.delete(jobId);
        });
        this.#writing.set(jobId, writing);
        return writing;
      });
    this.#waiting.set(jobId, piece);
    return piece.done;
  }

  /** Two writers that saw the same end collide on the key, and the later one looks again. */
  async #write(jobId: string, text: string): Promise<void> {
    const { job, log } = this.database.tables;
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return;
    for (;;) {
      try {
        await this.database.query(
          'Could not write the log',
          `with fast as (select set_config('synchronous_commit', 'off', true)),
           last as (select start + octet_length(bytes) as stop from ${log} where job_id = $1 order by start desc limit 1)
           insert into ${log} (job_id, start, bytes)
           select $1, coalesce((select stop from last), 0), $2::bytea from fast
           where exists (select from ${job} where id = $1 for key share)`,
          [jobId, bytes],
        );
        return;
      } catch (error) {
        const cause = (error as { cause?: unknown }).cause;
        if (sqlState(cause) === '23505') continue;
        // 23503: the job was removed meanwhile, and its log with it
        if (sqlState(cause) === '23503') return;
        throw error;
      }
    }
  }

  async of(jobId: string): Promise<StoredFile | undefined> {
    const { job, log } = this.database.tables;
    const rows = await this.database.query<{
      size: string | null;
      written_at: number | null;
      created_at: number;
    }>(
      'Could not read the log',
      `select last.size, last.written_at, job.created_at from ${job} as job left join lateral (
         select start + octet_length(bytes) as size, extract(epoch from written_at)::float8 as written_at
         from ${log} where job_id = job.id order by start desc limit 1) as last on true
       where job.id = $1`,
      [jobId],
    );
    const row = rows[0];
    if (!row) return undefined;
    const size = Number(row.size ?? 0);
    return {
      name: 'task.log',
      size,
      modifiedAt: row.written_at ?? row.created_at,
      read: ({ start = 0, end = size - 1 } = {}) =>
        Readable.from(this.#read(jobId, Math.max(0, start), Math.min(end, size - 1)), { objectMode: false }),
    };
  }

  async *#read(jobId: string, start: number, end: number): AsyncGenerator<Buffer> {
    let position = start;
    while (position <= end) {
      const pieces = await this.database.query<{ start: string; bytes: Buffer }>(
        'Could not read the log',
        `select start, bytes from ${this.database.tables.log} where job_id = $1 and start <= $3 and start >= coalesce(
           (select max(start) from ${this.database.tables.log} where job_id = $1 and start <= $2), 0)
         order by start limit ${PIECES_PER_READ}`,
        [jobId, position, end],
      );
      const before = position;
      for (const piece of pieces) {
        const offset = Number(piece.start);
        const part = piece.bytes.subarray(Math.max(0, position - offset), end - offset + 1);
        position += part.length;
        if (part.length > 0) yield part;
      }
      if (position === before) return;
    }
  }
}
