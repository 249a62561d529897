import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { safeFileName } from '../../job/safe-name.js';
import type { JobStatus } from '../../job/status.js';
import type { Created, CreateOutcome, JobRecord, NewJob, Outcome, StoreTransaction } from '../job-store.js';
import type { Database, Query } from './database.js';
import { columnsOf, type JobRow, RECORD_COLUMNS, toJsonb, toRecord } from './documents.js';
import { CHUNK_BYTES, type Files, inChunks, type StagedFile } from './files.js';
import { insertSql } from './insert.js';
import { inside } from './transaction.js';

/** Jobs, and bytes of their images, that one statement makes. */
const [ROUND_JOBS, ROUND_BYTES] = [500, 16 * 2 ** 20];
/** The planner is told of so many new tags; autovacuum comes a minute later, and lists by a tag are slow until then. */
const ANALYZE_AFTER = 2000;

/** A job whose image waits to belong to it. */
interface StagedJob {
  status: JobStatus;
  staged: StagedFile;
}

const isCreated = (outcome: CreateOutcome | undefined) => outcome && 'created' in outcome && outcome.created;

/** A staged file, and what it shall be for its job. */
interface NewFile {
  name: string;
  isImage: boolean;
  staged: StagedFile;
}

/**
 * The two ways in which jobs are written, each one statement: making some and swapping the document of one. Every change has a
 * random name, so that a statement which was sent again after its connection broke is known to have been made already.
 */
export class Writes {
  #tagged = 0;
  readonly #query: Query = (doing, sql, values) => this.database.query(doing, sql, values);

  constructor(
    private readonly database: Database,
    private readonly files: Files,
  ) {}

  /** See `JobStore.get`. */
  async read(id: string, query: Query = this.#query): Promise<JobRecord | undefined> {
    const [row] = await query<JobRow>(
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
    transaction?: StoreTransaction,
  ): Promise<Created> {
    const query = transaction ? inside(transaction) : this.#query;
    let existing: JobRecord | undefined;
    const isNew = async () => {
      existing = await this.read(status.job_id);
      return existing === undefined;
    };
    const staged = await this.files.stage(inChunks(image), isNew).catch((error: unknown) => {
      throw toAstroJobsError(error, 'Could not store the image');
    });
    if (staged) {
      const [outcome] = await this.#insert([{ status, staged }], query);
      if (outcome && 'record' in outcome) return outcome;
      throw outcome?.error ?? new AstroJobsError('internal', 'A job was neither made nor refused');
    }
    if (existing) return { record: existing, created: false };
    throw new AstroJobsError('internal', 'An image was refused for a job that is not there');
  }

  /** See `JobStore.createMany`. */
  async createMany(jobs: readonly NewJob[], transaction?: StoreTransaction): Promise<CreateOutcome[]> {
    const query = transaction ? inside(transaction) : this.#query;
    const outcomes = new Map<NewJob, CreateOutcome>();
    let round: (StagedJob & { job: NewJob })[] = [];
    let bytes = 0;
    const flush = async () => {
      const [taken, made] = [round, await this.#insert(round, query)];
      round = [];
      bytes = 0;
      for (const [index, { job }] of taken.entries()) {
        const outcome = made[index];
        if (outcome) outcomes.set(job, outcome);
      }
    };
    for (const job of jobs) {
      try {
        const staged = await this.files.stage(inChunks(job.image));
        round.push({ status: job.status, staged, job });
        bytes += staged.last?.bytes.length ?? 0;
      } catch (error) {
        outcomes.set(job, { error: toAstroJobsError(error, 'Could not store the image') });
      }
      if (round.length >= ROUND_JOBS || bytes >= ROUND_BYTES) await flush();
    }
    if (round.length > 0) await flush();
    // Those of a transaction are not there yet.
    if (!transaction) await this.#analyzeTags(jobs);
    const none = () => ({ error: new AstroJobsError('internal', 'A job was neither made nor refused') });
    return jobs.map((job) => outcomes.get(job) ?? none());
  }

  async #analyzeTags(jobs: readonly NewJob[]): Promise<void> {
    this.#tagged += jobs.reduce((sum, { status }) => sum + (status.tags?.length ?? 0), 0);
    if (this.#tagged < ANALYZE_AFTER) return;
    this.#tagged = 0;
    await this.database.query('', `analyze ${this.database.tables.jobTag}`).catch(() => {});
  }

  /** Makes jobs of staged images, in one statement; discards the images of those that are not made. */
  async #insert(jobs: readonly StagedJob[], query = this.#query): Promise<CreateOutcome[]> {
    const discard = (some: readonly StagedJob[]) => this.files.discard(some.map(({ staged }) => staged));
    try {
      const outcomes = await this.#insertAll(jobs, query);
      await discard(jobs.filter((_, index) => !isCreated(outcomes[index])));
      return outcomes;
    } catch (thrown) {
      await discard(jobs);
      const error = toAstroJobsError(thrown, 'Could not make the jobs');
      return jobs.map(() => ({ error }));
    }
  }

  async #insertAll(jobs: readonly StagedJob[], query: Query): Promise<CreateOutcome[]> {
    const rows = jobs.map(({ status, staged }) => ({
      ...{ status, staged, change: randomUUID(), document: toJsonb(status), ...columnsOf(status) },
      name: safeFileName(status.filename ?? ''),
    }));
    const column = (of: (row: (typeof rows)[number]) => unknown) => rows.map(of);
    const values = [
      ...[column((row) => row.status.job_id), column((row) => row.change), column((row) => row.state)],
      ...[column((row) => row.priority), column((row) => row.created_at), column((row) => row.due_at)],
      ...[column((row) => row.run_at), column((row) => row.document), column((row) => row.staged.id)],
      ...[column((row) => row.name), column((row) => row.staged.size), column((row) => row.staged.day)],
      ...[column((row) => row.staged.last?.seq ?? null), column((row) => row.staged.last?.bytes ?? null)],
    ];
    const make = () =>
      query<{ change: string; revision: string }>(
        'Could not make the job',
        insertSql(this.database.tables),
        values,
      );
    // Jobs of two days may be made at midnight.
    const days = [...new Set(jobs.map(({ staged }) => staged.day))];
    const made = await days.reduce<() => ReturnType<typeof make>>(
      (work, day) => () => this.files.withDay(day, work),
      make,
    )();
    const revisions = new Map(made.map(({ change, revision }) => [change, Number(revision)]));
    const outcomes: CreateOutcome[] = [];
    for (const { status, change, document } of rows) {
      const revision = revisions.get(change);
      if (revision === undefined) outcomes.push(await this.#existing(status.job_id, change, query));
      else {
        const record = { status: JSON.parse(document) as JobStatus, revision };
        outcomes.push({ record, created: true });
      }
    }
    return outcomes;
  }

  /** The job that was there, or that this change has made though the connection broke before the answer came. */
  async #existing(id: string, change: string, query: Query): Promise<CreateOutcome> {
    const record = await this.read(id, query);
    if (record) return { record, created: await this.#wasMade(id, change) };
    const message = 'The job was removed while it was made';
    return { error: new AstroJobsError('storage_failed', message, { jobId: id }) };
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
    for (const [name, file] of Object.entries(outcome.files))
      await add(
        safeFileName(name),
        typeof file === 'string' ? createReadStream(file, { highWaterMark: CHUNK_BYTES }) : [file],
      );
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
