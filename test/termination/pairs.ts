import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';
import { startRedis } from '../servers/redis.js';

/** A store and a queue as the environment names them to the program. */
export interface Pair {
  name: string;
  /** Of every process of the pair. */
  env: Record<string, string>;
}

/** Real servers, and every pair of a store and a queue on them. */
export interface Pairs extends AsyncDisposable {
  /** Holds all files of the pairs. */
  dir: string;
  pairs: Pair[];
  postgres: TestServer;
  redis: TestServer;
}

/** A folder alone has no address: the program starts its own runner. */
export async function startPairs(): Promise<Pairs> {
  const dir = await mkdtemp(join(tmpdir(), 'astro-jobs-pairs-'));
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const pair = (name: string, store: string, queue: string): Pair => ({
    name,
    env: {
      JOBS_DIR: join(dir, name.replaceAll(' ', '-')),
      TMPDIR: dir,
      ASTRO_JOBS_STORE_URL: store,
      ASTRO_JOBS_QUEUE_URL: queue,
      ASTRO_JOBS_MEMORY: 'off',
    },
  });
  return {
    dir,
    postgres,
    redis,
    pairs: [
      pair('folder', '', ''),
      pair('folder and Redis', '', redis.url),
      pair('folder and PostgreSQL', '', postgres.url),
      pair('PostgreSQL', postgres.url, ''),
      pair('PostgreSQL and Redis', postgres.url, redis.url),
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([postgres.stop(), redis.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
