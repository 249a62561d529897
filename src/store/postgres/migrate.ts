import type { ClientBase } from 'pg';
import { AstroJobsError } from '../../job/errors.js';
import { migrations, type Tables } from './schema.js';

/** Any number will do, as long as it is this library's own. */
const LOCK = 7_203_166_021;

/**
 * Brings the schema to this release's version, each step in a transaction of its own, under an advisory lock: of many
 * processes that start at once one migrates and the others wait for it.
 * @throws AstroJobsError `storage_failed` when the schema is newer than this release knows, or missing and not to be made.
 */
export async function migrate(client: ClientBase, tables: Tables, allowed: boolean): Promise<void> {
  const steps = migrations(tables);
  const ledger = tables.migration;
  if ((await version(client, ledger)) === steps.length) return;
  if (!allowed) {
    throw new AstroJobsError(
      'storage_failed',
      `Schema ${tables.schema} is not at version ${steps.length}; let one process with the right to create tables run with \`migrate: true\``,
    );
  }
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    await client.query(`create schema if not exists "${tables.schema}"`);
    await client.query(
      `create table if not exists ${ledger} (version integer primary key, applied_at timestamptz not null default now())`,
    );
    const reached = await version(client, ledger);
    if (reached > steps.length) {
      throw new AstroJobsError(
        'storage_failed',
        `Schema ${tables.schema} is at version ${reached}, this release knows ${steps.length}; use the newer release here as well`,
      );
    }
    for (let next = reached + 1; next <= steps.length; next += 1) {
      await client.query(
        `begin; ${steps[next - 1]}; insert into ${ledger} (version) values (${next}); commit`,
      );
    }
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {});
  }
}

async function version(client: ClientBase, ledger: string): Promise<number> {
  const exists = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
    ledger,
  ]);
  if (!exists.rows[0]?.there) return 0;
  const found = await client.query<{ version: number }>(
    `select coalesce(max(version), 0) as version from ${ledger}`,
  );
  return found.rows[0]?.version ?? 0;
}
