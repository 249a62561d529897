import { findPostgres } from './postgres.js';
import { findRedis } from './redis.js';

const missing: string[] = [];

function have(what: string, found: unknown, install: string): boolean {
  if (found !== undefined) return true;
  missing.push(`${what} (apt-get install ${install})`);
  return false;
}

/** Which real servers this machine can start. */
export const postgresAvailable = have('PostgreSQL', findPostgres(), 'postgresql');
export const redisAvailable = have('Redis or Valkey', findRedis(), 'redis-server');

/** What `whoever` leaves out on this machine is said loudly; continuous integration may leave nothing out. */
export function reportMissing(whoever: string): void {
  if (missing.length === 0) return;
  const line = `${whoever}: not tested, for want of ${missing.join(' and ')}`;
  if (process.env.CI) throw new Error(`${line}. CI leaves nothing out.`);
  process.stderr.write(`\n${'!'.repeat(100)}\n!! ${line}\n${'!'.repeat(100)}\n\n`);
}
