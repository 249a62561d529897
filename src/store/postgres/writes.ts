import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { JobRecord, Outcome } from '../job-store.js';
import type { Database } from './database.js';
import { columnsOf, type JobRow, RECORD_COLUMNS, toJsonb, toRecord, toText } from './documents.js';
import { CHUNK_BYTES, type Files, inChunks, type StagedFile } from './files.js';

/** A staged file, and what it shall be for its job. */
interface NewFile {
  name: string;
  isImage: boolean;
  staged: StagedFile;
}

/**
 * The two ways in which jobs are written, each one statement: making one and swapping its document. Every change has a
 * random name, so that a statement which was sent again after its connection broke is known to have been made already.
 */
export class Writes {
  constructor(
    private readonly database: Database,
    private readonly files: Files,
  ) {}

  /** See `JobStore.get`. */
  async read(id: string): Promise<JobRecord | undefined> {
    const [row] = await this.database.query<JobRow>(
      'Could not read the job',
      `select ${RECORD_COLUMNS} from ${this.database.tables.job} as job where id = $1`,
      [id],
    );
    return row && toRecord(row);
  }

  /** See `JobStore.create`. */
  async create(
    status: JobStatus,
    image: AsyncIterable<Uint8Array>,
  ): Promise<{ record: JobRecord; created: boolean }> {
    let existing: JobRecord | undefined;
    const isNew = async () => {
      existing = await this.read(status.job_id);
      return existing === undefined;
    };
    const staged = await this.files.stage(inChunks(image), isNew).catch((error: unknown) => {
      throw toAstroJobsError(error, 'Could not store the image');
    });
    if (staged) {
      try {
        const made = await this.#insert(status, staged);
        if (!made.created) await this.files.discard([staged]);
        return made;
      } catch (error) {
        await this.files.discard([staged]);
        throw error;
      }
    }
    if (existing) return { record: existing, created: false };
    throw new AstroJobsError('internal', 'An image was refused for a job that is not there');
  }

  async #insert(status: JobStatus, staged: StagedFile): Promise<{ record: JobRecord; created: boolean }> {
    const { job, jobTag, channel } = this.database.tables;
    const { state, priority, created_at, due_at, run_at } = columnsOf(status);
    const change = randomUUID();
    const document = toJsonb(status);
    const made = `made as (
      insert into ${job} (id, change, state, priority, created_at, due_at, run_at, document)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing returning id, revision)`;
    const image = { name: safeFileName(status.filename ?? ''), isImage: true, staged };
    const tagged = `tagged as (
      insert into ${jobTag} (tag, created_at, job_id) select tag, $5::float8, made.id from made, unnest($9::text[]) as tag on conflict do nothing)`;
    const attach = this.#attach([image], 'made', 10);
    const values = [
      ...[status.job_id, change, state, priority, created_at, due_at, run_at, document],
      ...[(status.tags ?? []).map(toText), ...attach.values],
    ];
    const [row] = await this.files.withDay(staged.day, () =>
      this.database.query<{ revision: string }>(
        'Could not make the job',
        `with ${[made, tagged, ...attach.steps].join(', ')} select revision, pg_notify('${channel}', id) from made`,
        values,
      ),
    );
    if (row) {
      const stored = JSON.parse(document) as JobStatus;
      return { record: { status: stored, revision: Number(row.revision) }, created: true };
    }
    const record = await this.read(status.job_id);
    if (!record)
      throw new AstroJobsError('storage_failed', 'The job was removed while it was made', {
        jobId: status.job_id,
      });
    return { record, created: await this.#wasMade(status.job_id, change) };
  }

  /** See `JobStore.replace`. */
  async replace(
    id: string,
    revision: number,
    next: JobStatus,
    outcome?: Outcome,
  ): Promise<JobRecord | undefined> {
    const files: NewFile[] = [];
    const discard = () => this.files.discard(files.map(({ staged }) => staged));
    try {
      if (outcome) await this.#stage(outcome, files);
      const record = await this.#swap(id, revision, next, files);
      if (!record) await discard();
      return record;
    } catch (error) {
      await discard();
      throw toAstroJobsError(error, 'Could not change the job');
    }
  }

  /** Adds to `files` as it goes, so that after a failure the caller knows what to discard. */
  async #stage(outcome: Outcome, files: NewFile[]): Promise<void> {
    const add = async (name: string, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) =>
      files.push({ name, isImage: false, staged: await this.files.stage(inChunks(source)) });
    for (const [name, path] of Object.entries(outcome.files))
      await add(safeFileName(name), createReadStream(path, { highWaterMark: CHUNK_BYTES }));
    await add('result.json', [Buffer.from(`${JSON.stringify(outcome.result, null, 2)}\n`)]);
  }

  async #swap(
    id: string,
    revision: number,
    next: JobStatus,
    files: readonly NewFile[],
  ): Promise<JobRecord | undefined> {
    const { job, file, channel, revision: sequence } = this.database.tables;
    const { state, priority, due_at, run_at } = columnsOf(next);
    // A change that leaves the worker its job (a request to cancel) leaves it its lease as well, no longer and no shorter.
    const swapped = `swapped as (
      update ${job} as job set revision = nextval('${sequence}'), change = $3, state = $4, priority = $5, due_at = $6,
        run_at = $7, document = $8::jsonb,
        lease_until = case
          when $4 <> 'processing' then null
          when document #>> '{lease,token}' = $9 then lease_until
          else clock_timestamp() + make_interval(secs => $10) end
      where id = $1 and revision = $2 returning ${RECORD_COLUMNS})`;
    const cleared = `cleared as (delete from ${file} using swapped where job_id = swapped.id and not is_image)`;
    const attach = this.#attach(files, 'swapped', 11);
    const clears = files.length > 0 || state === 'queued';
    const steps = [swapped, ...(clears ? [cleared] : []), ...attach.steps];
    const change = randomUUID();
    const values = [
      ...[id, revision, change, state, priority, due_at, run_at, toJsonb(next)],
      ...[next.lease?.token ?? null, next.lease?.seconds ?? 0, ...attach.values],
    ];
    const swap = async () => {
      const [row] = await this.database.query<JobRow>(
        'Could not change the job',
        `with ${steps.join(', ')} select *, pg_notify('${channel}', id) from swapped`,
        values,
      );
      if (row) return toRecord(row);
      return (await this.#wasMade(id, change)) ? this.read(id) : undefined;
    };
    const day = files[0]?.staged.day;
    return day === undefined ? swap() : this.files.withDay(day, swap);
  }

  /** Whether the newest change of the job is this one: it was made, though the connection broke before the answer came. */
  async #wasMade(id: string, change: string): Promise<boolean> {
    const rows = await this.database.query(
      'Could not change the job',
      `select from ${this.database.tables.job} where id = $1 and change = $2`,
      [id, change],
    );
    return rows.length === 1;
  }

  /** Steps of one statement that give staged files, last chunks included, to the job that the step `owner` returns. */
  #attach(
    files: readonly NewFile[],
    owner: string,
    firstParameter: number,
  ): { steps: string[]; values: unknown[] } {
    const { file, chunk } = this.database.tables;
    const steps: string[] = [];
    const values: unknown[] = [];
    for (const [index, { name, isImage, staged }] of files.entries()) {
      const [p, q] = [firstParameter + values.length, `file_${index}`];
      steps.push(`${q} as (
        insert into ${file} as f (id, job_id, is_image, name, size, chunk_size, day)
        select $${p}::uuid, ${owner}.id, $${p + 1}::boolean, $${p + 2}, $${p + 3}::bigint, ${CHUNK_BYTES}, $${p + 4}::date from ${owner}
        on conflict (id) do update set job_id = excluded.job_id, is_image = excluded.is_image, name = excluded.name,
          size = excluded.size, written_at = clock_timestamp()
        returning f.id, f.day)`);
      values.push(staged.id, isImage, name, staged.size, staged.day);
      if (staged.last) {
        steps.push(`chunk_${index} as (
          insert into ${chunk} (day, file_id, seq, bytes) select day, id, $${p + 5}::integer, $${p + 6}::bytea from ${q})`);
        values.push(staged.last.seq, staged.last.bytes);
      }
    }
    return { steps, values };
  }
}
