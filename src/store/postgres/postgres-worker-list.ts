import { isDeadHere } from '../../process/machine.js';
import type { WorkerList, WorkerNotice } from '../worker-list.js';
import type { Database } from './database.js';
import { toText } from './documents.js';

/** The workers in a table beside the jobs; how long each is believed to live is reckoned by the clock of the database. */
export class PostgresWorkerList implements WorkerList {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async announce({ host, pid, machine, concurrency }: WorkerNotice, seconds: number): Promise<void> {
    const { worker } = this.#database.tables;
    await this.#database.query(
      'Could not announce the worker',
      `with forgotten as (delete from ${worker} where seen_until < clock_timestamp() - interval '1 hour')
       insert into ${worker} (host, pid, machine, concurrency, seen_until)
       values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
       on conflict (host, pid, machine) do update
         set concurrency = excluded.concurrency, seen_until = excluded.seen_until`,
      [toText(host), pid, toText(machine), concurrency, seconds],
    );
  }

  async withdraw({ host, pid, machine }: WorkerNotice): Promise<void> {
    await this.#database.query(
      'Could not withdraw the worker',
      `delete from ${this.#database.tables.worker} where host = $1 and pid = $2 and machine = $3`,
      [toText(host), pid, toText(machine)],
    );
  }

  async list(): Promise<WorkerNotice[]> {
    const rows = await this.#database.query<WorkerNotice>(
      'Could not list the workers',
      `select host, pid, machine, concurrency from ${this.#database.tables.worker}
       where seen_until > clock_timestamp() order by host, pid`,
    );
    return rows.filter((row) => !isDeadHere(row));
  }
}
