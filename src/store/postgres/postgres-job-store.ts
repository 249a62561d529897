import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import pg from 'pg';
import { AstroJobsError, toAstroJobsError } from '../../job/errors.js';
import { type Logger, silentLogger } from '../../job/logger.js';
import { safeFileName } from '../../job/safe-name.js';
import { JOB_STATES, type JobState, type JobStatus, nowSeconds, type Progress } from '../../job/status.js';
import type {
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  Outcome,
  StoreCapabilities,
  StoredFile,
} from '../job-store.js';
import { Database } from './database.js';
import { columnsOf, type JobRow, RECORD_COLUMNS, toJsonb, toRecord } from './documents.js';
import { CHUNK_BYTES, Files, inChunks, type StagedFile } from './files.js';
import { ChangeListener } from './listener.js';
import { Logs } from './log.js';
import { readPage } from './page.js';
import { tablesIn } from './schema.js';

export interface PostgresJobStoreOptions {
  /** `postgres://user@host/database`. @default `DATABASE_URL`, else the `PG…` variables that libpq knows */
  connectionString?: string;
  /** A pool of yours instead; it is not ended by `close()`. Give it a `query_timeout`. */
  pool?: pg.Pool;
  /** Schema for the tables; made if it is missing. @default 'astro_jobs' */
  schema?: string;
  /** Connections at most, one more for notifications not counted. @default 10 */
  maxConnections?: number;
  /** How long one question may take before its connection is taken for dead, seconds. @default 15 */
  queryTimeoutSeconds?: number;
  /** How long a verb goes on trying while the database is away, seconds. @default 10 */
  retrySeconds?: number;
  /** Bring the tables to this release's version at first use; `false`: reject when they are not. @default true */
  migrate?: boolean;
  logger?: Logger;
}

/**
 * Jobs, images, results, logs and solve files in PostgreSQL (13 or newer): any number of machines see the same jobs, and
 * nothing is shared on disk. Connects at first use. Verbs go on trying for `retrySeconds` while the database is away
 * (a change says its own name, so that saying it twice makes it once), then reject with `storage_failed`.
 */
export class PostgresJobStore implements JobStore {
  readonly capabilities: StoreCapabilities = { durable: true, shared: 'network', localFiles: false };
  readonly #database: Database;
  readonly #files: Files;
  readonly #logs: Logs;
  readonly #changes: ChangeListener;

  constructor(options: PostgresJobStoreOptions = {}) {
    const { pool, logger = silentLogger, queryTimeoutSeconds = 15 } = options;
    const connectionString = options.connectionString ?? process.env.DATABASE_URL;
    this.#database = new Database({
      tables: tablesIn(options.schema ?? 'astro_jobs'),
      ownsPool: !pool,
      pool:
        pool ??
        new pg.Pool({
          ...(connectionString !== undefined && { connectionString }),
          max: options.maxConnections ?? 10,
          application_name: 'astro-jobs',
          keepAlive: true,
          connectionTimeoutMillis: 5000,
          query_timeout: queryTimeoutSeconds * 1000,
        }),
      migrate: options.migrate ?? true,
      retrySeconds: options.retrySeconds ?? 10,
      logger,
    });
    this.#files = new Files(this.#database);
    this.#logs = new Logs(this.#database);
    this.#changes = new ChangeListener(this.#database, logger);
  }

  async create(
    status: JobStatus,
    image: AsyncIterable<Uint8Array>,
  ): Promise<{ record: JobRecord; created: boolean }> {
    let existing: JobRecord | undefined;
    const isNew = async () => {
      existing = await this.get(status.job_id);
      return existing === undefined;
    };
    const staged = await this.#files.stage(inChunks(image), isNew).catch((error: unknown) => {
      throw toAstroJobsError(error, 'Could not store the image');
    });
    if (!staged) return { record: existing!, created: false };
    const { job, channel } = this.#database.tables;
    const change = randomUUID();
    const { state, priority, created_at, due_at, run_at } = columnsOf(status);
    const document = toJsonb(status);
    const made = `made as (
      insert into ${job} (id, change, state, priority, created_at, due_at, run_at, document)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing returning id, revision)`;
    const attach = this.#attach(
      [{ name: safeFileName(status.filename ?? ''), isImage: true, staged }],
      'made',
      9,
    );
    const values = [
      status.job_id,
      change,
      state,
      priority,
      created_at,
      due_at,
      run_at,
      document,
      ...attach.values,
    ];
    try {
      const [row] = await this.#files.withDay(staged.day, () =>
        this.#database.query<{ revision: string }>(
          'Could not make the job',
          `with ${[made, ...attach.steps].join(', ')} select revision, pg_notify('${channel}', id) from made`,
          values,
        ),
      );
      if (row) {
        const stored = JSON.parse(document) as JobStatus;
        return { record: { status: stored, revision: Number(row.revision) }, created: true };
      }
      const record = await this.get(status.job_id);
      if (!record)
        throw new AstroJobsError('storage_failed', 'The job was removed while it was made', {
          jobId: status.job_id,
        });
      const created = await this.#madeBefore(status.job_id, change);
      if (!created) await this.#files.discard([staged]);
      return { record, created };
    } catch (error) {
      await this.#files.discard([staged]);
      throw error;
    }
  }

  async get(id: string): Promise<JobRecord | undefined> {
    const [row] = await this.#database.query<JobRow>(
      'Could not read the job',
      `select ${RECORD_COLUMNS} from ${this.#database.tables.job} as job where id = $1`,
      [id],
    );
    return row && toRecord(row);
  }

  async replace(id: string, revision: number, next: JobStatus, outcome?: Outcome): Promise<boolean> {
    const staged: { name: string; isImage: boolean; staged: StagedFile }[] = [];
    try {
      if (outcome) {
        for (const [name, path] of Object.entries(outcome.files)) {
          const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
          staged.push({
            name: safeFileName(name),
            isImage: false,
            staged: await this.#files.stage(inChunks(bytes)),
          });
        }
        const result = Buffer.from(`${JSON.stringify(outcome.result, null, 2)}\n`);
        staged.push({
          name: 'result.json',
          isImage: false,
          staged: await this.#files.stage(inChunks([result])),
        });
      }
      const kept = await this.#swap(id, revision, next, staged);
      if (!kept) await this.#files.discard(staged.map((one) => one.staged));
      return kept;
    } catch (error) {
      await this.#files.discard(staged.map((one) => one.staged));
      throw toAstroJobsError(error, 'Could not change the job');
    }
  }

  async #swap(
    id: string,
    revision: number,
    next: JobStatus,
    staged: readonly { name: string; isImage: boolean; staged: StagedFile }[],
  ): Promise<boolean> {
    const { job, file, channel, revision: sequence } = this.#database.tables;
    const { state, priority, due_at, run_at } = columnsOf(next);
    // A change that leaves the worker its job (a request to cancel) leaves it its lease as well, no longer and no shorter.
    const swapped = `swapped as (
      update ${job} set revision = nextval('${sequence}'), change = $3, state = $4, priority = $5, due_at = $6, run_at = $7,
        document = $8::jsonb,
        lease_until = case
          when $4 <> 'processing' then null
          when document #>> '{lease,token}' = $9 then lease_until
          else clock_timestamp() + make_interval(secs => $10) end
      where id = $1 and revision = $2 returning id)`;
    const cleared = `cleared as (delete from ${file} using swapped where job_id = swapped.id and not is_image)`;
    const attach = this.#attach(staged, 'swapped', 11);
    const clears = staged.length > 0 || state === 'queued';
    const steps = [swapped, ...(clears ? [cleared] : []), ...attach.steps];
    const change = randomUUID();
    const values = [
      ...[id, revision, change, state, priority, due_at, run_at, toJsonb(next)],
      ...[next.lease?.token ?? null, next.lease?.seconds ?? 0, ...attach.values],
    ];
    const day = staged[0]?.staged.day;
    const swap = async () => {
      const rows = await this.#database.query<{ id: string; notified: unknown }>(
        'Could not change the job',
        `with ${steps.join(', ')} select id, pg_notify('${channel}', id) as notified from swapped`,
        values,
      );
      return rows.length === 1 || (await this.#madeBefore(id, change));
    };
    return day === undefined ? swap() : this.#files.withDay(day, swap);
  }

  /** Whether the change was made the first time it was said, though the connection broke before the answer came. */
  async #madeBefore(id: string, change: string): Promise<boolean> {
    const rows = await this.#database.query(
      'Could not change the job',
      `select from ${this.#database.tables.job} where id = $1 and change = $2`,
      [id, change],
    );
    return rows.length === 1;
  }

  /** Steps of one statement that give staged files, last chunks included, to the job that the step `owner` returns. */
  #attach(
    files: readonly { name: string; isImage: boolean; staged: StagedFile }[],
    owner: string,
    firstParameter: number,
  ): { steps: string[]; values: unknown[] } {
    const { file, chunk } = this.#database.tables;
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

  async renew(id: string, revision: number, progress?: Progress): Promise<boolean> {
    const { job, channel } = this.#database.tables;
    const shown = { updated_at: nowSeconds(), ...(progress && { progress }) };
    const rows = await this.#database.query(
      'Could not renew the lease',
      `with fast as (select set_config('synchronous_commit', 'off', true)),
       renewed as (
         update ${job} set document = document || $3::jsonb,
           lease_until = clock_timestamp() + make_interval(secs => coalesce((document #>> '{lease,seconds}')::float8, 0))
         from fast where id = $1 and revision = $2 returning id)
       select pg_notify('${channel}', id) from renewed`,
      [id, revision, toJsonb(shown)],
    );
    return rows.length === 1;
  }

  async runnable({ now, limit }: { now: number; limit: number }): Promise<string[]> {
    const { job } = this.#database.tables;
    const rows = await this.#database.query<{ id: string }>(
      'Could not look for jobs',
      `(select id from ${job} where state = 'processing' and lease_until <= clock_timestamp() order by lease_until limit $2)
       union all
       (select id from ${job} where state = 'queued' and due_at <= $1 order by priority desc, run_at, position limit $2)
       limit $2`,
      [now, limit],
    );
    return rows.map((row) => row.id);
  }

  list(options: ListOptions = {}): Promise<JobPage> {
    return readPage(this.#database, options);
  }

  async counts(states: readonly JobState[] = JOB_STATES): Promise<Record<JobState, number>> {
    const rows = await this.#database.query<{ state: JobState; jobs: string }>(
      'Could not count the jobs',
      `select state, sum(jobs) as jobs from ${this.#database.tables.tally} where state = any($1) group by state`,
      [states],
    );
    const counts = Object.fromEntries(JOB_STATES.map((state) => [state, 0])) as Record<JobState, number>;
    for (const { state, jobs } of rows) counts[state] = Number(jobs);
    return counts;
  }

  async result(id: string): Promise<unknown> {
    const file = (await this.files(id)).find(({ name }) => name === 'result.json');
    if (!file) return undefined;
    const bytes = Buffer.concat((await file.read().toArray()) as Buffer[]);
    try {
      return JSON.parse(bytes.toString()) as unknown;
    } catch (error) {
      throw new AstroJobsError('corrupt_document', `Invalid result JSON: ${(error as Error).message}`, {
        cause: error,
        jobId: id,
      });
    }
  }

  async image(id: string): Promise<StoredFile | undefined> {
    return (await this.#files.of(id, 'image'))[0];
  }

  files(id: string): Promise<StoredFile[]> {
    return this.#files.of(id, 'output');
  }

  appendLog(id: string, text: string): Promise<void> {
    return this.#logs.append(id, text);
  }

  log(id: string): Promise<StoredFile | undefined> {
    return this.#logs.of(id);
  }

  async remove(id: string): Promise<boolean> {
    const { job, channel } = this.#database.tables;
    const rows = await this.#database.query(
      'Could not remove the job',
      `with gone as (delete from ${job} where id = $1 returning id) select pg_notify('${channel}', id) from gone`,
      [id],
    );
    return rows.length === 1;
  }

  /** Also gives the disk back the days of which no file is left: `DROP TABLE`, no vacuum needed. */
  sweep(olderThanSeconds: number): Promise<void> {
    return this.#files.sweep(olderThanSeconds);
  }

  subscribe(listener: (id: string) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  async close(): Promise<void> {
    await this.#changes.close();
    await this.#database.close();
  }
}
