import type pg from 'pg';
import { AstroJobsError } from '../../job/errors.js';
import { type Logger, silentLogger } from '../../job/logger.js';
import { JOB_STATES, type JobState, type JobStatus, nowSeconds, type Progress } from '../../job/status.js';
import type { KeyStore } from '../../keys/key-store.js';
import type {
  CheckOptions,
  Created,
  CreateOutcome,
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  NewJob,
  Outcome,
  RunnableOptions,
  StoreCapabilities,
  StoredFile,
  StoreTransaction,
} from '../job-store.js';
import type { WorkerList } from '../worker-list.js';
import { Connections } from './connections.js';
import { Database } from './database.js';
import { type JobRow, RECORD_COLUMNS, toJsonb, toRecord, toText } from './documents.js';
import { driver } from './driver.js';
import { Files } from './files.js';
import { ChangeListener } from './listener.js';
import { Logs } from './log.js';
import { readPage } from './page.js';
import { PostgresKeyStore } from './postgres-key-store.js';
import { PostgresWorkerList } from './postgres-worker-list.js';
import { runnableSql } from './runnable.js';
import { tablesIn } from './schema.js';
import { Writes } from './writes.js';

/** Where the database is, and how it is used. */
export interface PostgresJobStoreOptions {
  /** `postgres://user@host/database`. @default `DATABASE_URL`, else the `PG…` variables that libpq knows */
  connectionString?: string;
  /** A pool of yours instead; it is not ended by `close()`. Give it a `query_timeout`. */
  pool?: pg.Pool;
  /** Schema for the tables; made if it is missing. @default 'astro_jobs' */
  schema?: string;
  /** Connections at most, one more for notifications not counted. @default 10 */
  maxConnections?: number;
  /** How long one query may take before its connection is taken for dead, seconds. @default 15 */
  queryTimeoutSeconds?: number;
  /** How long a method goes on trying while the database is away, seconds. @default 10 */
  retrySeconds?: number;
  /** Bring the tables to this release's version at first use; `false`: reject when they are not. @default true */
  migrate?: boolean;
  /** Told of what went wrong and was got over. @default nobody */
  logger?: Logger;
}

/**
 * Jobs, images, results, logs and solve files in PostgreSQL (13 or newer): any number of machines see the same jobs, and
 * nothing is shared on disk. Connects at first use. Methods go on trying for `retrySeconds` while the database is away
 * (a change has a name of its own, so that sending it twice makes it once), then reject with `storage_failed`.
 */
export class PostgresJobStore implements JobStore {
  /** What this store can do. */
  readonly capabilities: StoreCapabilities = {
    durable: true,
    shared: 'network',
    transactions: true,
    localFiles: false,
  };
  readonly keys: KeyStore;
  readonly workers: WorkerList;
  readonly #database: Database;
  readonly #files: Files;
  readonly #writes: Writes;
  readonly #logs: Logs;
  readonly #notifications: ChangeListener;

  /** @throws AstroJobsError `missing_package` where `pg` is not installed */
  constructor(options: PostgresJobStoreOptions = {}) {
    const { pool, logger = silentLogger, queryTimeoutSeconds = 15 } = options;
    const connectionString = options.connectionString ?? process.env.DATABASE_URL;
    const connections = new Connections();
    this.#database = new Database({
      tables: tablesIn(options.schema ?? 'astro_jobs'),
      connections: pool ? undefined : connections,
      pool:
        pool ??
        new (driver().Pool)({
          ...connections.options,
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
    this.keys = new PostgresKeyStore(this.#database);
    this.workers = new PostgresWorkerList(this.#database);
    this.#files = new Files(this.#database);
    this.#writes = new Writes(this.#database, this.#files);
    this.#logs = new Logs(this.#database);
    this.#notifications = new ChangeListener(this.#database, logger);
  }

  async check({ withinMs }: CheckOptions = {}): Promise<void> {
    await this.#database.check(withinMs);
  }

  schemaVersion(): Promise<number> {
    return this.#database.schemaVersion();
  }

  create(
    status: JobStatus,
    image: AsyncIterable<Uint8Array>,
    transaction?: StoreTransaction,
  ): Promise<Created> {
    return this.#writes.create(status, image, transaction);
  }

  createMany(jobs: readonly NewJob[], transaction?: StoreTransaction): Promise<CreateOutcome[]> {
    return this.#writes.createMany(jobs, transaction);
  }

  get(id: string): Promise<JobRecord | undefined> {
    return this.#writes.read(id);
  }

  async replace(
    id: string,
    revision: number,
    next: JobStatus,
    outcome?: Outcome,
  ): Promise<JobRecord | undefined> {
    if (outcome?.log) await this.#logs.append(id, outcome.log).catch(() => {});
    return this.#writes.replace(id, revision, next, outcome);
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

  async runnable({ now, limit, served = [] }: RunnableOptions): Promise<string[]> {
    const { job } = this.#database.tables;
    const rows = await this.#database.query<{ id: string }>('Could not look for jobs', runnableSql(job), [
      now,
      limit,
      served.map(toText),
    ]);
    return rows.map((row) => row.id);
  }

  list(options: ListOptions = {}): Promise<JobPage> {
    return readPage(this.#database, options);
  }

  async oldestQueued(): Promise<JobStatus | undefined> {
    const { job } = this.#database.tables;
    const [row] = await this.#database.query<JobRow>(
      'Could not look for the oldest job',
      `select ${RECORD_COLUMNS} from ${job} as job where state = 'queued' order by created_at, id limit 1`,
    );
    return row && toRecord(row).status;
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

  /** Also drops the partitions of days of which no file is left, which frees their disk space without a vacuum. */
  sweep(olderThanSeconds: number): Promise<void> {
    return this.#files.sweep(olderThanSeconds);
  }

  subscribe(listener: (id: string) => void): () => void {
    return this.#notifications.subscribe(listener);
  }

  async close(): Promise<void> {
    await this.#notifications.close();
    await this.#database.close();
  }
}
