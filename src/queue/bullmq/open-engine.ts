import { AstroJobsError } from '../../job/errors.js';
import { assertInstalled } from '../../process/packages.js';
import type { Engine, EngineOptions } from './engine.js';

const REDIS = /^(redis|valkey)s?:/;
const POSTGRES = /^postgres(ql)?:/;

/** @throws AstroJobsError `invalid_params` */
export function assertEngineUrl(url: string): void {
  if (REDIS.test(url) || POSTGRES.test(url)) return;
  throw new AstroJobsError(
    'invalid_params',
    'Expected `url` (or ASTRO_JOBS_QUEUE_URL) to begin with redis://, rediss://, valkey:// or postgres://',
  );
}

/** @throws AstroJobsError `missing_package` */
export function assertEnginePackages(url: string): void {
  assertInstalled('The queue', ['bullmq', REDIS.test(url) ? 'ioredis' : 'pg']);
}

/** Loads only the drivers that the URL asks for. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (REDIS.test(options.url)) return (await import('./redis-engine.js')).openRedis(options);
  return (await import('./postgres-engine.js')).openPostgres(options);
}
