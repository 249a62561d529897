import { createRequire } from 'node:module';
import type pg from 'pg';
import { assertInstalled } from '../../process/packages.js';

/**
 * The package `pg`, loaded by the first store rather than by an import, which would fail in Node's words where it is not installed.
 * @throws AstroJobsError `missing_package`, with what to type
 */
export function driver(): typeof pg {
  assertInstalled('PostgresJobStore', ['pg']);
  return createRequire(import.meta.url)('pg') as typeof pg;
}
