import { AstroJobsError } from '../../job/errors.js';

/** SQLSTATEs of a database without space: 53100 disk_full, 54000 program_limit_exceeded. */
const FULL = new Set(['53100', '54000']);

/**
 * SQLSTATEs and error numbers of a database that went away, restarts or is briefly too busy: the same statement may be
 * sent again. 40001 and 40P01 are lost races, 57P01 to 57P05 shutdowns, 53300 too many connections.
 */
const TRANSIENT =
  /^(08...|40001|40P01|53300|55P03|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EAI_AGAIN)$/;

/** node-postgres gives connections that break no code, only words. */
const BROKEN =
  /^Connection terminated|timeout exceeded when trying to connect|^Query read timeout|^Client has encountered/i;

export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

export function isTransient(error: unknown): boolean {
  const code = sqlState(error);
  if (code !== undefined && TRANSIENT.test(code)) return true;
  return error instanceof Error && BROKEN.test(error.message);
}

/** What the database, or the way to it, reports, as one of ours. */
export function toStorageError(error: unknown, doing: string): AstroJobsError {
  if (error instanceof AstroJobsError) return error;
  const code = sqlState(error);
  const detail = error instanceof Error && error.message !== '' ? error.message : (code ?? String(error));
  if (code !== undefined && FULL.has(code)) {
    return new AstroJobsError('storage_full', `${doing}: the database has no space left (${detail})`, {
      cause: error,
    });
  }
  return new AstroJobsError('storage_failed', `${doing}: PostgreSQL says: ${detail}`, { cause: error });
}
