import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { settledWithin } from '../../async/settled-within.js';
import { within } from '../../async/within.js';
import { DEFAULTS } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import type { Logger } from '../../job/logger.js';
import type { Connections } from './connections.js';
import { driver } from './driver.js';
import { isTransient, toStorageError } from './errors.js';
import { migrate } from './migrate.js';
import type { Tables } from './schema.js';

export interface DatabaseOptions {
  tables: Tables;
  pool: pg.Pool;
  /** Those of the pool, when it is ours to end; undefined for a pool of the caller. */
  connections: Connections | undefined;
  migrate: boolean;
  /** How long a method goes on trying while the database is away, seconds. */
  retrySeconds: number;
  logger: Logger;
}

/** Sends a statement; `doing` says what for, should it fail. */
export type Query = <Row extends pg.QueryResultRow>(
  doing: string,
  sql: string,
  values?: unknown[],
) => Promise<Row[]>;

/** All access of the store to its database: nothing that happens to a connection hurts the host. */
export class Database {
  readonly tables: Tables;
  readonly #options: DatabaseOptions;
  readonly #onPoolError: (error: Error) => void;
  #ready: Promise<void> | undefined;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: DatabaseOptions) {
    this.tables = options.tables;
    this.#options = options;
    // An idle connection that breaks is an event of the pool, and without a listener the end of the process.
    this.#onPoolError = (error) => options.logger.warn({ err: error }, 'A connection to PostgreSQL broke');
    options.pool.on('error', this.#onPoolError);
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Sends `sql` until the database has answered; so it must be a statement that may run twice. */
  async query<Row extends pg.QueryResultRow>(
    doing: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return this.persist(doing, async () => (await this.#options.pool.query<Row>(sql, values)).rows);
  }

  /** Resolves when the database answers, and has the tables of the store: within `ms`, at the first try, or as soon as any other query would. */
  async check(ms?: number): Promise<void> {
    const doing = 'The database cannot be used';
    const ask = () => this.#options.pool.query(`select from ${this.tables.job} limit 1`);
    if (ms === undefined) await this.persist(doing, ask);
    else await within(ms, this.persist(doing, ask, 0), () => late(doing, ms));
  }

  /** Up to which the tables have been migrated. */
  async schemaVersion(): Promise<number> {
    const [row] = await this.query<{ version: number }>(
      'Could not read the version of the schema',
      `select max(version) as version from ${this.tables.migration}`,
    );
    return row?.version ?? 0;
  }

  /** Tries `work` again, with growing pauses, while the database is away; for `patienceMs`. */
  async persist<T>(
    doing: string,
    work: () => Promise<T>,
    patienceMs: number = this.#options.retrySeconds * 1000,
  ): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      if (this.closed) throw new AstroJobsError('closed', `${doing}: this store is closed`);
      try {
        await this.#migrated();
        return await work();
      } catch (error) {
        // What fails after closing fails because of it.
        if (this.closed) continue;
        if (!isTransient(error) || Date.now() + pause > deadline) throw toStorageError(error, doing);
        const { signal } = this.#closing;
        await sleep(pause * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => {});
      }
    }
  }

  /** A connection of one's own, such as for LISTEN. Its errors are the caller's to hear. */
  async connect(): Promise<pg.Client> {
    // Not a copy of the options: the pool hides the password from enumeration.
    const client = new (driver().Client)(this.#options.pool.options);
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Never rejects. Queries that have no answer soon are cut off. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    const { pool, connections } = this.#options;
    if (!connections) {
      pool.off('error', this.#onPoolError);
      return;
    }
    // The listener stays on a pool that is ended: its connections may still break on their way out.
    await settledWithin(DEFAULTS.goodbyeMs / 2, pool.end());
    connections.cut();
  }

  #migrated(): Promise<void> {
    this.#ready ??= this.#migrate().catch((error) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #migrate(): Promise<void> {
    const client = await this.#options.pool.connect();
    const onError = () => {};
    client.on('error', onError);
    let broken: Error | undefined;
    try {
      await migrate(client, this.tables, this.#options.migrate);
    } catch (error) {
      broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

const late = (doing: string, ms: number) =>
  new AstroJobsError('storage_failed', `${doing}: no answer within ${ms / 1000} s`);
