import type { Pool } from 'pg';
import { AstroJobsError } from '../../job/errors.js';
import type { KeyRateLimit, WorkerNotice, WorkerRegistry } from './worker-registry.js';

/** Two tables in a schema of our own, beside the engine's. */
export class PostgresWorkerRegistry implements WorkerRegistry {
  #ready: Promise<unknown> | undefined;
  readonly #rate: string;
  readonly #worker: string;

  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {
    if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
      throw new AstroJobsError(
        'invalid_params',
        'Expected `name` to be made of lower-case letters, digits, - and _',
      );
    }
    this.#rate = `"${schema}"."rate"`;
    this.#worker = `"${schema}"."worker"`;
  }

  async reserve(key: string, { max, seconds }: KeyRateLimit): Promise<number> {
    await this.#tables();
    // Generic cell rate algorithm, by the clock of the database.
    const { rows } = await this.pool.query<{ wait: number }>(
      `insert into ${this.#rate} as rate (key, arrival) values ($1, clock_timestamp() + make_interval(secs => $2))
       on conflict (key) do update
         set arrival = greatest(rate.arrival, clock_timestamp()) + make_interval(secs => $2)
       returning greatest(0, extract(epoch from arrival - clock_timestamp()) - $2 * $3)::float8 as wait`,
      [key, seconds / max, max],
    );
    return rows[0]?.wait ?? 0;
  }

  async announce({ worker, kind, coverage }: WorkerNotice, seconds: number): Promise<void> {
    await this.#tables();
    await this.pool.query(
      `with forgotten as (delete from ${this.#worker} where until < clock_timestamp()),
       spent as (delete from ${this.#rate} where arrival < clock_timestamp())
       insert into ${this.#worker} (worker, kind, coverage, until)
       values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
       on conflict (worker) do update set kind = excluded.kind, coverage = excluded.coverage, until = excluded.until`,
      [worker, kind, JSON.stringify(coverage), seconds],
    );
  }

  async withdraw(worker: string): Promise<void> {
    await this.#tables();
    await this.pool.query(`delete from ${this.#worker} where worker = $1`, [worker]);
  }

  async workers(): Promise<WorkerNotice[]> {
    await this.#tables();
    const { rows } = await this.pool.query<WorkerNotice>(
      `select worker, kind, coverage from ${this.#worker} where until > clock_timestamp()`,
    );
    return rows;
  }

  async close(): Promise<void> {
    if (!this.pool.ending) await this.pool.end();
  }

  #tables(): Promise<unknown> {
    this.#ready ??= this.pool
      .query(
        `do $$ begin
           perform pg_advisory_xact_lock(hashtext('astro-jobs ${this.schema}'));
           create schema if not exists "${this.schema}";
           create table if not exists ${this.#rate} (key text primary key, arrival timestamptz not null);
           create table if not exists ${this.#worker} (
             worker text primary key, kind text not null, coverage jsonb not null, until timestamptz not null);
         end $$`,
      )
      .catch((error: unknown) => {
        this.#ready = undefined;
        throw error;
      });
    return this.#ready;
  }
}
