import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../needs.js';
import { startPostgres } from '../servers/postgres.js';
import type { TestServer } from '../servers/process.js';
import { startRedis } from '../servers/redis.js';

/** Describes the same of BullMQ on each database that this machine has; `server()` is a real one, from the first test on. */
export function onEachEngine(
  what: string,
  body: (server: () => TestServer, engine: 'postgres' | 'redis') => void,
): void {
  for (const engine of ['postgres', 'redis'] as const) {
    describeWith([engine], `${what}, on ${engine}`, () => {
      let server: TestServer;
      beforeAll(async () => {
        server = await (engine === 'postgres' ? startPostgres() : startRedis());
      });
      afterAll(() => server.stop());
      body(() => server, engine);
    });
  }
}
